import type { Migration } from './migration.ts';

/** Consent, requests for export and erasure, and how a child's entries of the audit log are found. */
export const privacy: Migration = {
  name: '0017-privacy',
  async up(knex) {
    await knex.raw(`
create table consent_record (
  seq int8 generated always as identity primary key,
  at timestamptz not null,
  user_id text not null,
  purpose text not null,
  version text not null,
  granted boolean not null,
  riders text[] not null,
  text_sha256 text not null,
  remote text not null
);
create index consent_record_user on consent_record (user_id, purpose, seq desc);
create trigger consent_record_append_only before update or delete or truncate on consent_record
  for each statement execute function refuse_change();
comment on column consent_record.riders is 'the children it was given for';
comment on column consent_record.text_sha256 is 'of the words that were agreed to, in the language they were shown in';

create view consent_now as
select distinct on (user_id, purpose) user_id, purpose, version, granted, riders, at
from consent_record order by user_id, purpose, seq desc;

create table privacy_request (
  id text primary key,
  kind text not null check (kind in ('export', 'erase')),
  rider text not null,
  school_id text not null,
  asked_by text not null,
  asked_at timestamptz not null,
  note text,
  state text not null check (state in ('asked', 'refused', 'withdrawn', 'confirmed', 'done')),
  decided_by text,
  decided_at timestamptz,
  reason text,
  done_at timestamptz
);
create index privacy_request_asked on privacy_request (asked_by, asked_at desc);
create index privacy_request_state on privacy_request (state, asked_at desc);
create unique index privacy_request_open on privacy_request (kind, rider, asked_by) where state in ('asked', 'confirmed');

create index audit_log_riders on audit_log using gin ((detail -> 'riders'));
`);
  },
};
