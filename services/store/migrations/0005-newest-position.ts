import type { Migration } from './migration.ts';

/**
 * A vehicle's row is kept now and then, like its judge's state; the reports stored since say the rest. So its newest
 * report is the one of `last_time` or a newer one.
 */
export const newestPosition: Migration = {
  name: '0005-newest-position',
  async up(knex) {
    await knex.raw(`
create or replace view position_now as
select v.vehicle, v.vehicle_key, p.time, p.received_at, p.speed_kmh, p.direction_deg, p.acc_on, v.plan_version,
  case when p.positioned then ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326) end as geom
from vehicle_state v
cross join lateral (
  select * from positions p where p.vehicle_key = v.vehicle_key and p.time >= v.last_time and (p.events is null or p.events not like '{%')
  order by p.time desc, p.received_at desc limit 1
) p;

comment on table vehicle_state is 'kept now and then; the positions stored since lead from it to the present state';
comment on column vehicle_state.last_time is 'event time of the newest report when the row was kept; positions may hold newer ones';
comment on column vehicle_state.contact_at is 'last contact when the row was kept, what silence is measured from';
`);
  },
};
