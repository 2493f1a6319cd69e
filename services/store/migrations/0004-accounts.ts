import type { Migration } from './migration.ts';

/** Who may sign in, who is signed in, and who looked at what. */
export const accounts: Migration = {
  name: '0004-accounts',
  async up(knex) {
    await knex.raw(`
create table account (
  id text primary key,
  login text not null,
  display_name text not null,
  role text not null check (role in ('admin', 'police', 'transport', 'school', 'guardian', 'escort')),
  district text,
  school_id text,
  rider_ids text[] not null,
  person_id text,
  language text not null check (language in ('zh', 'en')),
  disabled boolean not null,
  password_hash text not null,
  created_at timestamptz not null default now()
);
create unique index account_login on account (lower(login));

create table session (
  id_hash bytea primary key,
  user_id text,
  data text not null,
  expires_at timestamptz not null
);
create index session_of_user on session (user_id);
create index session_expires_at on session (expires_at);
comment on column session.id_hash is 'SHA-256 of the session id, so that a copy of this table signs nobody in';

create table audit_log (
  seq int8 generated always as identity primary key,
  at timestamptz not null,
  user_id text,
  action text not null,
  subject text not null,
  detail jsonb not null,
  remote text not null
);
create index audit_log_at on audit_log (at);
create index audit_log_user on audit_log (user_id, at);
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();
`);
  },
};
