import type { Migration } from './migration.ts';

/**
 * Photos, sound, video and files of terminals. The row is written before its file (`storing`), so that no file is
 * without a row however a process ends; `announced` is what a terminal says it has and has not sent.
 */
export const media: Migration = {
  name: '0007-media',
  async up(knex) {
    await knex.raw(`
create table media (
  id text primary key,
  state text not null check (state in ('announced', 'storing', 'stored')),
  vehicle text not null,
  phone text not null,
  kind text not null check (kind in ('photo', 'audio', 'video', 'text', 'other')),
  message text not null check (message in ('0x0800', '0x0801', '0x1212')),
  channel int4 not null,
  event int4,
  terminal_media_id int8,
  name text,
  alarm_number text,
  time timestamptz not null,
  received_at timestamptz not null,
  lat float8,
  lon float8,
  content_type text,
  bytes int8,
  sha256 text,
  key text,
  finding_id text,
  legal_hold boolean not null default false
);
create index media_vehicle on media (vehicle, time desc, id);
create index media_newest on media (time desc, id);
create index media_finding on media (finding_id) where finding_id is not null;
create index media_received_at on media (received_at) where not legal_hold;

comment on table media is 'what terminals photographed and recorded; the bytes are in the store of files under key';
comment on column media.id is 'a hash of whose, when and what, so that the same medium sent twice is one row';
comment on column media.name is 'as the terminal calls the file; never a path';
comment on column media.finding_id is 'the alert it belongs to, as known when it came; see finding_alias for its later name';
comment on column media.legal_hold is 'evidence: kept beyond its retention until somebody releases it';
`);
  },
};
