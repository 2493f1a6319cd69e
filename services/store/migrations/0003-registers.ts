import type { Migration } from './migration.ts';

/** Terminals, and the plan with its versions. A plan's files are kept compressed, in parts that fit one parameter. */
export const registers: Migration = {
  name: '0003-registers',
  async up(knex) {
    await knex.raw(`
create table terminal (
  phone text primary key,
  token_hash text,
  plate text not null,
  plate_colour int not null,
  manufacturer text not null,
  model text not null,
  terminal_id text not null,
  version text not null,
  imei text,
  approved boolean not null,
  registered_at timestamptz,
  last_seen_at timestamptz
);

create table plan_version (
  version text primary key,
  seq int8 not null generated always as identity unique,
  imported_at timestamptz not null default date_trunc('milliseconds', now()),
  note text not null
);
comment on column plan_version.seq is 'the highest is the current plan';

create table plan_file (
  version text not null references plan_version on delete cascade,
  name text not null,
  part int not null,
  key_id text,
  content bytea not null,
  primary key (version, name, part)
);
comment on column plan_file.content is 'gzip; with key_id then AES-256-GCM as nonce, tag, ciphertext';
`);
  },
};
