import type { Migration } from './migration.ts';

/**
 * What people do about alerts, step by step and for good. How an alert stands is those steps folded; it is kept beside
 * the finding too, so that lists and the clock of escalation need not fold. The state of the public contract goes on
 * as before: what is handled, reviewed or closed is resolved there.
 */
export const alertDesk: Migration = {
  name: '0012-alert-desk',
  async up(knex) {
    await knex.raw(`
create table alert_step (
  seq int8 generated always as identity primary key,
  alert_id text not null,
  at timestamptz not null,
  user_id text,
  user_login text,
  user_name text,
  act text not null,
  detail jsonb not null
);
create index alert_step_of on alert_step (alert_id, seq);
create index alert_step_at on alert_step (at);
create trigger alert_step_append_only before update or delete or truncate on alert_step
  for each statement execute function refuse_change();
comment on table alert_step is 'every step of the handling of every alert: who, when, what';
comment on column alert_step.alert_id is 'as the alert was called then; see finding_alias for its later name';
comment on column alert_step.user_id is 'null where nobody did it but time: escalation';

alter table finding add column stage text not null default 'new'
  check (stage in ('new', 'acknowledged', 'handled', 'reviewed', 'closed'));
alter table finding add column escalation int2 not null default 0;
alter table finding add column desk jsonb;
comment on column finding.stage is 'where it stands on the desk; state is the coarser word of the public contract';
comment on column finding.escalation is 'the level that it has been escalated to';
comment on column finding.desk is 'its steps, folded; null while there are none';
update finding set stage = case state when 'resolved' then 'closed' else state end where state <> 'new';
create index finding_unclosed on finding (severity, start_at desc, id) where stage <> 'closed';
create index finding_waiting on finding (severity, raised_at)
  where stage = 'new' and retracted_at is null and severity <> 'P3';

create table shift_handover (
  seq int8 generated always as identity primary key,
  at timestamptz not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  user_id text not null,
  user_name text not null,
  desk text not null,
  note text not null,
  summary jsonb not null
);
create index shift_handover_of on shift_handover (desk, seq desc);
create trigger shift_handover_append_only before update or delete or truncate on shift_handover
  for each statement execute function refuse_change();
comment on column shift_handover.desk is 'whose desk it is: that of a district, a carrier, a school, or of all';
comment on table shift_handover is 'what one shift told the next, with the figures as they were';
`);
  },
};
