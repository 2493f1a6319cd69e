import type { Migration } from './migration.ts';

/**
 * `vehicle_state` is rewritten by each report: half-empty pages keep those updates on their page (HOT), no index
 * touches what changes, and the row is short. The judge's state, opaque and long, has a table of its own: it is kept
 * when the rules found something and every dozen reports, since the positions in between say the rest.
 * `positions` holds every report in one partition a day; its key is what tells a report from one sent twice. The
 * BRIN index finds a span of time over all vehicles and costs the writer nearly nothing.
 */
export const positionsAndVehicles: Migration = {
  name: '0001-vehicles-and-positions',
  async up(knex) {
    await knex.raw(`
create table vehicle_state (
  vehicle_key int generated always as identity primary key,
  vehicle text not null unique,
  epoch int not null,
  contact text,
  progress text,
  plan_version text not null default '',
  contact_at timestamptz,
  last_time timestamptz
) with (fillfactor = 50, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05);

alter table vehicle_state
  alter contact set storage main,
  alter progress set storage main;

create table judge_state (
  vehicle_key int primary key,
  judge text not null
) with (fillfactor = 50, toast_tuple_target = 8160);
alter table judge_state alter judge set storage main;

comment on table judge_state is 'kept now and then; the positions stored since lead from it to the present state';
comment on column vehicle_state.epoch is 'raised by each take-over; a writer with an older one is refused';
comment on column vehicle_state.last_time is 'event time of the newest report, whose row is in positions';
comment on column vehicle_state.contact_at is 'last contact, what silence is measured from';

create table positions (
  vehicle_key int not null,
  digest int8 not null,
  time timestamptz not null,
  received_at timestamptz not null,
  lat float8 not null,
  lon float8 not null,
  positioned boolean not null,
  speed_kmh float8,
  recorder_speed_kmh float8,
  direction_deg float8,
  altitude_m float8,
  acc_on boolean,
  alarm_flags int8 not null,
  status_flags int8 not null,
  satellites int4,
  mileage_km float8,
  backfill boolean not null,
  serial int4,
  body bytea not null,
  primary key (vehicle_key, time, digest)
) partition by range (time);

create index positions_time on positions using brin (time) with (pages_per_range = 32);

comment on column positions.digest is 'hash of place, alarm word and status word';
comment on column positions.body is 'the 0x0200 body as received';

create table checkpoint (
  vehicle_key int not null,
  time timestamptz not null,
  judge text not null,
  primary key (vehicle_key, time)
);

create table quarantine (
  id int8 generated always as identity primary key,
  received_at timestamptz not null,
  phone text,
  remote text not null,
  reason text not null,
  detail text not null,
  frame bytea not null
);
create index quarantine_received_at on quarantine (received_at);

create table outbox (
  id int8 generated always as identity primary key,
  created_at timestamptz not null default now(),
  topic text not null,
  key text not null,
  payload jsonb not null
);

create table lease (
  name text primary key,
  holder text,
  held_until timestamptz not null
);

create view position_now as
select v.vehicle, v.vehicle_key, p.time, p.received_at, p.speed_kmh, p.direction_deg, p.acc_on, v.plan_version,
  case when p.positioned then ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) end as geom
from vehicle_state v
cross join lateral (
  select * from positions p where p.vehicle_key = v.vehicle_key and p.time = v.last_time
  order by p.received_at desc limit 1
) p;

create view position_history as
select v.vehicle, p.*,
  case when p.positioned then ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) end as geom
from positions p join vehicle_state v using (vehicle_key);

comment on view position_now is
  'where every vehicle was last. Which buses are within 500 m of a point, and how old is that:
   select vehicle, now() - time as age from position_now
   where st_dwithin(geom::geography, st_setsrid(st_makepoint(119.9741, 31.7728), 4326)::geography, 500)';
comment on view position_history is
  'every stored report with its place. Always give a span of time, so that few partitions are read:
   select vehicle, time, speed_kmh from position_history
   where time >= timestamptz ''2026-11-24 07:00+08'' and time < timestamptz ''2026-11-24 08:00+08''
   and geom && st_makeenvelope(119.96, 31.76, 119.99, 31.79, 4326) order by time';
`);
  },
};
