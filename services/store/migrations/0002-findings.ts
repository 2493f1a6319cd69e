import type { Migration } from './migration.ts';

/**
 * Findings with their handling. A trigger keeps each step of each finding in `finding_history`, which, as every
 * append-only table, refuses to be changed.
 */
export const findings: Migration = {
  name: '0002-findings',
  async up(knex) {
    await knex.raw(`
create table finding (
  id text primary key,
  vehicle_key int not null references vehicle_state,
  vehicle text not null,
  rule text not null,
  trip text,
  severity text not null check (severity in ('P1', 'P2', 'P3')),
  start_at timestamptz not null,
  end_at timestamptz,
  lat float8,
  lon float8,
  geom geometry(Point, 4326) generated always as (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) stored,
  late boolean not null,
  evidence jsonb not null,
  district text,
  school_ids text[] not null,
  state text not null default 'new' check (state in ('new', 'acknowledged', 'resolved')),
  acknowledged_at timestamptz,
  acknowledged_by text,
  resolved_at timestamptz,
  resolved_by text,
  resolution text,
  note text,
  raised_at timestamptz not null default date_trunc('milliseconds', now()),
  retracted_at timestamptz
);
create index finding_newest on finding (start_at desc, id);
create index finding_vehicle on finding (vehicle_key, start_at);
create index finding_open on finding (vehicle_key) where end_at is null;
create index finding_geom on finding using gist (geom);

comment on column finding.raised_at is 'when it was first committed';
comment on column finding.retracted_at is 'reports that came late showed that it never was';

create table finding_alias (
  old_id text primary key,
  id text not null
);
create index finding_alias_id on finding_alias (id);
comment on table finding_alias is 'ids by which an episode went before reports that came late moved its start';

create table finding_history (
  seq int8 generated always as identity primary key,
  at timestamptz not null default now(),
  id text not null,
  what text not null,
  finding jsonb not null
);
create index finding_history_id on finding_history (id, seq);

create function finding_remember() returns trigger language plpgsql as $$
declare
  what text;
begin
  what := case
    when tg_op = 'INSERT' then 'opened'
    when new.id <> old.id then 'renamed from ' || old.id
    when new.retracted_at is distinct from old.retracted_at
      then case when new.retracted_at is null then 'reinstated' else 'retracted' end
    when new.state <> old.state then new.state
    when new.note is distinct from old.note then 'noted'
    when new.severity <> old.severity then 'severity'
    when new.end_at is distinct from old.end_at
      then case when new.end_at is null then 'reopened' else 'closed' end
  end;
  if what is not null then
    insert into finding_history (id, what, finding) values (new.id, what, to_jsonb(new) - 'geom');
  end if;
  return null;
end $$;
create trigger finding_remember after insert or update on finding
  for each row execute function finding_remember();

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger finding_history_append_only before update or delete or truncate on finding_history
  for each statement execute function refuse_change();
`);
  },
};
