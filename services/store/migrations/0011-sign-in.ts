import type { Migration } from './migration.ts';

/**
 * What signing in needs beside a password: its age, a second factor, who comes by single sign-on, failures that
 * outlive a process, and keys of other systems. Secrets are encrypted (`key_id` and what `DataCipher` seals) or hashed.
 */
export const signIn: Migration = {
  name: '0011-sign-in',
  async up(knex) {
    await knex.raw(`
alter table account
  add column must_change_password boolean not null default false,
  add column password_set_at timestamptz,
  add column last_sign_in_at timestamptz,
  add column totp_key_id text,
  add column totp_secret bytea,
  add column totp_confirmed boolean not null default false,
  add column totp_step int8 not null default 0,
  add column external_id text unique;
comment on column account.totp_step is 'the newest step of 30 s whose code was taken: no code is taken twice';
comment on column account.external_id is 'issuer and subject of the single sign-on, once it was used';

create table recovery_code (
  user_id text not null references account on delete cascade,
  hash bytea not null,
  primary key (user_id, hash)
);
comment on table recovery_code is 'instead of a second factor that was lost; gone once used';

create table sign_in_failure (
  key text primary key,
  count int not null,
  last_at timestamptz not null
);
create index sign_in_failure_last on sign_in_failure (last_at);
comment on column sign_in_failure.key is 'hash of an address, or of an address and a login: never of a login alone';

create table api_key (
  id text primary key,
  name text not null,
  hash bytea not null unique,
  role text not null check (role in ('admin', 'police', 'transport', 'education', 'provider', 'school')),
  district text,
  provider_id text,
  school_id text,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  last_used_from text,
  revoked_at timestamptz
);
create index audit_log_subject on audit_log (subject, at);
create index audit_log_action on audit_log (action, at);
`);
  },
};
