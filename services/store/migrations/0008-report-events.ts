import type { Migration } from './migration.ts';

/** What a report tells beside its position. Nearly always null, which costs a bit. */
export const reportEvents: Migration = {
  name: '0008-report-events',
  async up(knex) {
    await knex.raw(`
alter table positions add column events text;
comment on column positions.events is
  'JSON: a list of events beside the position; {"only": [...]} where the report has no position of its own';

drop view position_history;
create view position_history as
select v.vehicle, p.*,
  case when p.positioned then ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) end as geom
from positions p join vehicle_state v using (vehicle_key);

comment on view position_history is
  'every stored report with its place. Always give a span of time, so that few partitions are read:
   select vehicle, time, speed_kmh from position_history
   where time >= timestamptz ''2026-11-24 07:00+08'' and time < timestamptz ''2026-11-24 08:00+08''
   and geom && st_makeenvelope(119.96, 31.76, 119.99, 31.79, 4326) order by time';
`);
  },
};
