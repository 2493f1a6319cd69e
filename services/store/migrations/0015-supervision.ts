import type { Migration } from './migration.ts';

/**
 * What supervision asks of positions, rolled up by the day: a month of reports reads some rows of each vehicle instead
 * of millions of positions.
 */
export const supervision: Migration = {
  name: '0015-supervision',
  async up(knex) {
    await knex.raw(`
create table vehicle_day (
  day date not null,
  vehicle_key int not null,
  reports int not null,
  qualified int not null,
  drifts int not null,
  driven_m float8 not null,
  complete_m float8 not null,
  online_s int not null,
  primary key (day, vehicle_key)
);
comment on table vehicle_day is 'the positions of a vehicle on a day of China Standard Time, in figures; see services/reports';
comment on column vehicle_day.qualified is 'reports whose every field can be what it says';
comment on column vehicle_day.drifts is 'steps faster than a bus can be';
comment on column vehicle_day.complete_m is 'of driven_m, what was reported without a gap';

create table gate_visit (
  day date not null,
  school_id text not null,
  quarter int2 not null,
  vehicle_key int not null,
  stood_s int not null,
  primary key (day, school_id, quarter, vehicle_key)
);
create index gate_visit_vehicle on gate_visit (vehicle_key, day);
comment on column gate_visit.quarter is 'of an hour: 0 is 00:00 to 00:15, 95 the last of the day';

create table rolled_day (
  day date primary key,
  rolled_at timestamptz not null
);
create index finding_start_rule on finding (rule, start_at);
`);
  },
};
