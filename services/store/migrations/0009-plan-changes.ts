import type { Migration } from './migration.ts';

/**
 * Versions of a plan share the files that they have in common, so that a change of the day costs a few rows however
 * large the network; who changed what is kept for good. Findings may be in shadow, or held under an incident.
 */
export const planChanges: Migration = {
  name: '0009-plan-changes',
  async up(knex) {
    await knex.raw(`
create table plan_holding (
  version text not null references plan_version on delete cascade,
  name text not null,
  held_by text not null,
  primary key (version, name)
);
comment on column plan_holding.held_by is 'the version whose rows of plan_file have the file';
insert into plan_holding (version, name, held_by) select distinct version, name, version from plan_file;

create table plan_change (
  seq int8 generated always as identity primary key,
  at timestamptz not null default date_trunc('milliseconds', now()),
  version text not null,
  parent text,
  changed_by text,
  note text not null,
  files text[] not null,
  diff jsonb not null
);
comment on table plan_change is 'every version that was put in force, by whom, and the rows that it changed';
insert into plan_change (at, version, parent, changed_by, note, files, diff)
select imported_at, version, lag(version) over (order by seq), null, note, '{}', '[]' from plan_version order by seq;
create trigger plan_change_append_only before update or delete or truncate on plan_change
  for each statement execute function refuse_change();

alter table finding add column shadow boolean not null default false;
alter table finding add column incident text;
create index finding_incident on finding (incident) where incident is not null;
comment on column finding.shadow is 'of a rule that is being tried out: told to nobody';
comment on column finding.incident is 'the finding under which this one is held, as long as it is';
`);
  },
};
