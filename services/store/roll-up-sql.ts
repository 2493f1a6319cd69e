/** Numbers by which a day's positions are judged. Those marked [D] are our own. */
export const ROLL_UP_LIMITS = {
  /** A step faster than this, from one fix to the next, is drift. RULES 1, fix quality: 40 m/s. */
  driftMps: 40,
  /** Between two reports longer apart than this and farther than that, the way is not complete. [D] */
  gapS: 60,
  gapM: 500,
  /** Reports apart by more than this are not the same time online. RULES R27: 3 min. */
  onlineGapS: 180,
  /** Fields beyond these cannot be what they say. [D] */
  mostKmh: 160,
  lowestM: -200,
  highestM: 6_000,
  /** Ahead of the clock that received it. RULES 1, time: 5 min. */
  aheadS: 300,
  /** A bus stands at a gate within this of it, slower than that. [D] */
  gateM: 100,
  standingKmh: 5,
  /** A report counts for at most so long. [D] */
  standingS: 60,
} as const;

const L = ROLL_UP_LIMITS;

/** Metres between two points some kilometres apart at most: the plane at their latitude. */
const metres = (lat: string, lon: string, lat2: string, lon2: string): string =>
  `111195 * sqrt((${lat} - ${lat2}) ^ 2 + ((${lon} - ${lon2}) * cos(radians(${lat}))) ^ 2)`;

/**
 * Rolls the positions of some vehicles on one day up, reading them once in the order of their key.
 * $1 day, $2 its start, $3 vehicle keys; $4 to $8 the cells of the gates: row, column, school, latitude, longitude.
 */
export const ROLL_UP = (isPosition: string): string => `
with p as materialized (
  select p.vehicle_key, p.time, p.lat, p.lon, p.speed_kmh,
    p.positioned and p.lat <> 0 and p.lon <> 0 and abs(p.lat) <= 90 and abs(p.lon) <= 180 as placed,
    coalesce(p.speed_kmh, 0) between 0 and ${L.mostKmh} and coalesce(p.direction_deg, 0) between 0 and 360
      and coalesce(p.altitude_m, 0) between ${L.lowestM} and ${L.highestM}
      and p.time <= p.received_at + interval '${L.aheadS} s' as sound,
    extract(epoch from p.time - lag(p.time) over w) as since_s,
    extract(epoch from lead(p.time) over w - p.time) as until_s
  from positions p
  where p.vehicle_key = any($3) and p.time >= $2::timestamptz and p.time < $2::timestamptz + interval '1 day'
    and ${isPosition}
  window w as (partition by p.vehicle_key order by p.time, p.received_at)
), step as (
  select *, case when dt > 0 then m / dt end > ${L.driftMps} as drift from (
    select vehicle_key, extract(epoch from time - lag(time) over w) as dt,
      ${metres('lat', 'lon', 'lag(lat) over w', 'lag(lon) over w')} as m
    from p where placed window w as (partition by vehicle_key order by time)
  ) placed
), way as (
  select vehicle_key, count(*) filter (where drift) as drifts,
    coalesce(sum(m) filter (where not drift), 0) as driven_m,
    coalesce(sum(m) filter (where not drift and not (dt > ${L.gapS} and m > ${L.gapM})), 0) as complete_m
  from step where m is not null group by vehicle_key
), of_day as (
  select vehicle_key, count(*) as reports, count(*) filter (where placed and sound) as qualified,
    coalesce(sum(since_s) filter (where since_s <= ${L.onlineGapS}), 0) as online_s
  from p group by vehicle_key
), days as (
  insert into vehicle_day (day, vehicle_key, reports, qualified, drifts, driven_m, complete_m, online_s)
  select $1::date, vehicle_key, reports, qualified, coalesce(drifts, 0), coalesce(driven_m, 0),
    coalesce(complete_m, 0), online_s::int
  from of_day left join way using (vehicle_key)
), gate as (
  select * from unnest($4::int[], $5::int[], $6::text[], $7::float8[], $8::float8[]) as g(y, x, school, lat, lon)
), visits as (
  insert into gate_visit (day, school_id, quarter, vehicle_key, stood_s)
  select $1::date, g.school, floor(extract(epoch from p.time - $2::timestamptz) / 900)::int2, p.vehicle_key,
    sum(least(coalesce(p.until_s, 0), ${L.standingS}))::int
  from p join gate g on g.y = floor(p.lat * 500)::int and g.x = floor(p.lon * 500)::int
  where p.placed and p.speed_kmh < ${L.standingKmh} and ${metres('p.lat', 'p.lon', 'g.lat', 'g.lon')} <= ${L.gateM}
  group by 2, 3, 4
)
select coalesce(sum(reports), 0)::int as reports from of_day`;
