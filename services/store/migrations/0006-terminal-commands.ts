import type { Migration } from './migration.ts';

/**
 * Commands to terminals: their state, which is also the queue of terminals that are away, and every step of each for
 * good. Bodies hold no pupil's data.
 */
export const terminalCommands: Migration = {
  name: '0006-terminal-commands',
  async up(knex) {
    await knex.raw(`
create table terminal_command (
  seq int8 generated always as identity primary key,
  id text not null unique,
  phone text not null,
  vehicle text not null,
  type text not null,
  request jsonb not null,
  state text not null check (state in ('queued', 'sent', 'answered', 'failed', 'expired', 'cancelled')),
  reason text,
  user_id text,
  user_name text not null,
  queued_at timestamptz not null,
  expires_at timestamptz not null,
  sent_at timestamptz,
  ended_at timestamptz,
  attempt int not null default 0,
  step int not null default 0,
  steps int,
  answers jsonb not null default '[]'
);
comment on column terminal_command.seq is 'the order in which a terminal gets them';
comment on column terminal_command.attempt is
  'raised by each sending; whoever would write of an older one is refused';
comment on column terminal_command.step is 'messages of this command that were answered';
create index terminal_command_of_phone on terminal_command (phone, seq desc);
create index terminal_command_due on terminal_command (phone, seq) where state in ('queued', 'sent');
create index terminal_command_expiry on terminal_command (expires_at) where state in ('queued', 'sent');

create table terminal_command_event (
  seq int8 generated always as identity primary key,
  command_id text not null,
  at timestamptz not null,
  event text not null,
  detail jsonb not null
);
create index terminal_command_event_of on terminal_command_event (command_id, seq);
create trigger terminal_command_event_append_only
  before update or delete or truncate on terminal_command_event
  for each statement execute function refuse_change();
`);
  },
};
