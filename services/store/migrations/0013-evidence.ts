import type { Migration } from './migration.ts';

/**
 * Evidence packs, and positions that are kept beyond their retention. Days of positions are dropped whole, so what a
 * hold covers is copied aside in the transaction that drops its day.
 */
export const evidence: Migration = {
  name: '0013-evidence',
  async up(knex) {
    await knex.raw(`
create table evidence_pack (
  seq int8 generated always as identity primary key,
  id text not null unique,
  alert_id text not null,
  vehicle text not null,
  made_at timestamptz not null,
  user_id text not null,
  user_name text not null,
  records int4 not null,
  head text not null,
  chain bytea not null
);
create index evidence_pack_alert on evidence_pack (alert_id, seq);
create trigger evidence_pack_append_only before update or delete or truncate on evidence_pack
  for each statement execute function refuse_change();
comment on column evidence_pack.chain is 'gzip of the records, one a line, each with the hash of the one before';
comment on column evidence_pack.head is 'SHA-256 of the last record, which is printed on the pack';

create table position_hold (
  id text primary key,
  vehicle_key int4 not null,
  vehicle text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  reason text not null,
  alert_id text,
  held_at timestamptz not null,
  held_by text not null,
  released_at timestamptz,
  released_by text,
  check (from_at <= to_at)
);
create index position_hold_vehicle on position_hold (vehicle_key, from_at) where released_at is null;
comment on table position_hold is 'positions that are evidence: kept beyond their retention until somebody releases them';

create table held_position (like positions including defaults);
alter table held_position add primary key (vehicle_key, time, digest);
comment on table held_position is
  'what holds cover of days that have been dropped; its columns are those of positions, in their order';
`);
  },
};
