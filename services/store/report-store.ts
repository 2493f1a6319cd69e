import { timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import { IS_POSITION } from './report-columns.ts';
import { ROLL_UP } from './roll-up-sql.ts';

/** Whose rows a report is about; what is left out narrows nothing. */
export interface ReportScope {
  readonly vehicles?: readonly string[];
  readonly district?: string;
  readonly school?: string;
}

/** A school's gate, where buses stand. */
export interface Gate {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
}

/** Of one vehicle over a span of days. */
export interface VehicleFigures {
  readonly vehicle: string;
  /** Days on which it reported. */
  readonly days: number;
  readonly driftDays: number;
  readonly reports: number;
  readonly qualified: number;
  readonly drifts: number;
  readonly drivenM: number;
  readonly completeM: number;
  readonly onlineS: number;
}

/** Of all vehicles on one day. */
export interface DayFigures extends Omit<VehicleFigures, 'vehicle' | 'days' | 'driftDays'> {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly vehicles: number;
  readonly driftVehicles: number;
}

export interface FindingCount {
  readonly vehicle: string;
  readonly district: string | null;
  readonly rule: string;
  readonly severity: string;
  readonly total: number;
  readonly handled: number;
  /** Found to be none after all. */
  readonly mistaken: number;
}

export interface FindingDay {
  readonly day: string;
  readonly severity: string;
  readonly total: number;
  readonly handled: number;
}

export interface GateQuarter {
  readonly school: string;
  readonly quarter: number;
  /** Days on which anybody stood there in this quarter of an hour. */
  readonly days: number;
  readonly visits: number;
  readonly stoodS: number;
  readonly longestS: number;
  /** Vehicles on the busiest of those days. */
  readonly most: number;
}

export interface ViolationRow {
  readonly id: string;
  readonly vehicle: string;
  readonly trip: string | null;
  readonly rule: string;
  readonly severity: string;
  readonly start: number;
  readonly end: number | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly state: string;
  readonly resolution: string | null;
  /** The finding's own sentence, in both languages. */
  readonly explain: { readonly zh?: string; readonly en?: string } | null;
}

export interface PlaceCount {
  readonly place: string;
  readonly rule: string;
  readonly total: number;
  readonly vehicles: number;
  readonly worst: string;
}

/** Figures of supervision. Days are `YYYY-MM-DD` of China Standard Time, both included. */
export interface ReportStore {
  /** Rolls the positions of a day up anew, some vehicles at a time; returns how many reports it holds. */
  rollDay(day: string, gates: readonly Gate[], now: number): Promise<number>;
  /** When each day of the span was rolled up, milliseconds since the epoch. */
  rolledDays(from: string, to: string): Promise<ReadonlyMap<string, number>>;
  vehicleFigures(from: string, to: string, scope: ReportScope): Promise<VehicleFigures[]>;
  dayFigures(from: string, to: string, scope: ReportScope): Promise<DayFigures[]>;
  gateQuarters(from: string, to: string, schools: readonly string[] | null): Promise<GateQuarter[]>;
  /** Findings begun in the span (milliseconds, `to` excluded) that were not taken back, are in no shadow nor held. */
  findingCounts(from: number, to: number, scope: ReportScope): Promise<FindingCount[]>;
  findingDays(from: number, to: number, scope: ReportScope): Promise<FindingDay[]>;
  violations(
    from: number,
    to: number,
    scope: ReportScope,
    rules: readonly string[],
    limit: number,
  ): Promise<ViolationRow[]>;
  /** Findings within `nearM` of each place. */
  findingsAt(
    from: number,
    to: number,
    scope: ReportScope,
    places: readonly { readonly id: string; readonly geometry: string }[],
    nearM: number,
  ): Promise<PlaceCount[]>;
  /** Drops what is rolled up of days before this one. */
  forgetBefore(day: string): Promise<void>;
}

export interface ReportStoreOptions {
  /** Vehicles rolled up in one transaction: a short one even on the embedded database, which does one thing at a time. */
  readonly vehiclesAtOnce?: number;
  readonly timeoutMs?: number;
}

export const REPORT_STORE_DEFAULTS = { vehiclesAtOnce: 100, timeoutMs: 120_000 } as const;

const VEHICLE_KEYS = 'select vehicle_key as key from vehicle_state order by vehicle_key';

const COUNTED = 'f.retracted_at is null and not f.shadow and f.incident is null';

export function makeReportStore(database: Database, options: ReportStoreOptions = {}): ReportStore {
  const { vehiclesAtOnce, timeoutMs } = { ...REPORT_STORE_DEFAULTS, ...options };

  /** Whatever a month of a province takes, within its own limit. */
  const rows = <T>(sql: string, values: readonly unknown[]): Promise<T[]> =>
    database.transaction((session) => session.rows<T>(sql, values), timeoutMs);

  /** Conditions of a scope on findings (as `f`), numbered on from `values`, which they are added to. */
  const ofFindings = ({ vehicles, district, school }: ReportScope, values: unknown[]): string => {
    const parts: string[] = [];
    const bound = (value: unknown) => `$${values.push(value)}`;
    if (vehicles) parts.push(`and f.vehicle = any(${bound([...vehicles])})`);
    if (district !== undefined) parts.push(`and f.district = ${bound(district)}`);
    if (school !== undefined) parts.push(`and ${bound(school)} = any(f.school_ids)`);
    return parts.join(' ');
  };
  const ofVehicles = ({ vehicles }: ReportScope, values: unknown[]): string => {
    if (!vehicles) return '';
    values.push([...vehicles]);
    return `and v.vehicle = any($${values.length})`;
  };

  return {
    async rollDay(day, gates, now) {
      const from = `${day} 00:00:00+08`;
      const keys = (await database.rows<{ key: number }>(VEHICLE_KEYS, [])).map(({ key }) => key);
      const cells = cellsOf(gates);
      let reports = 0;
      for (let i = 0; i < keys.length; i += vehiclesAtOnce) {
        const chunk = keys.slice(i, i + vehiclesAtOnce);
        reports += await database.transaction(async (session) => {
          await session.run('delete from vehicle_day where day = $1::date and vehicle_key = any($2)', [
            day,
            chunk,
          ]);
          await session.run('delete from gate_visit where day = $1::date and vehicle_key = any($2)', [
            day,
            chunk,
          ]);
          const found = await session.rows<{ reports: number }>(ROLL_UP(IS_POSITION), [
            day,
            from,
            chunk,
            cells.map((cell) => cell.y),
            cells.map((cell) => cell.x),
            cells.map((cell) => cell.gate.id),
            cells.map((cell) => cell.gate.lat),
            cells.map((cell) => cell.gate.lon),
          ]);
          return found[0]?.reports ?? 0;
        }, timeoutMs);
      }
      await database.run(
        `insert into rolled_day (day, rolled_at) values ($1::date, $2)
         on conflict (day) do update set rolled_at = excluded.rolled_at`,
        [day, timestamp(now)],
      );
      return reports;
    },

    async rolledDays(from, to) {
      const found = await rows<{ day: string; at: number }>(
        'select day::text as day, rolled_at as at from rolled_day where day between $1::date and $2::date',
        [from, to],
      );
      return new Map(found.map(({ day, at }) => [day, at]));
    },

    vehicleFigures(from, to, scope) {
      const values: unknown[] = [from, to];
      const where = ofVehicles(scope, values);
      return rows<VehicleFigures>(
        `select v.vehicle, count(*)::int as days, count(*) filter (where d.drifts > 0)::int as "driftDays", ${SUMS}
         from vehicle_day d join vehicle_state v using (vehicle_key)
         where d.day between $1::date and $2::date ${where} group by v.vehicle order by v.vehicle`,
        values,
      );
    },

    dayFigures(from, to, scope) {
      const values: unknown[] = [from, to];
      const where = ofVehicles(scope, values);
      return rows<DayFigures>(
        `select d.day::text as day, count(*)::int as vehicles,
           count(*) filter (where d.drifts > 0)::int as "driftVehicles", ${SUMS}
         from vehicle_day d join vehicle_state v using (vehicle_key)
         where d.day between $1::date and $2::date ${where} group by d.day order by d.day`,
        values,
      );
    },

    gateQuarters(from, to, schools) {
      const values: unknown[] = schools === null ? [from, to] : [from, to, [...schools]];
      const where = schools === null ? '' : 'and school_id = any($3)';
      return rows<GateQuarter>(
        `select school_id as school, quarter, count(*)::int as days, sum(vehicles)::int as visits,
           sum(stood_s)::int as "stoodS", max(longest_s)::int as "longestS", max(vehicles)::int as most
         from (
           select school_id, quarter, day, count(*) as vehicles, sum(stood_s) as stood_s, max(stood_s) as longest_s
           from gate_visit where day between $1::date and $2::date ${where} group by school_id, quarter, day
         ) of_day group by school_id, quarter order by school_id, quarter`,
        values,
      );
    },

    findingCounts(from, to, scope) {
      const values: unknown[] = [timestamp(from), timestamp(to)];
      const where = ofFindings(scope, values);
      return rows<FindingCount>(
        `select f.vehicle, f.district, f.rule, f.severity, count(*)::int as total,
           count(*) filter (where f.state = 'resolved')::int as handled,
           count(*) filter (where f.resolution = 'false_alarm')::int as mistaken
         from finding f where f.start_at >= $1 and f.start_at < $2 and ${COUNTED} ${where}
         group by f.vehicle, f.district, f.rule, f.severity`,
        values,
      );
    },

    findingDays(from, to, scope) {
      const values: unknown[] = [timestamp(from), timestamp(to)];
      const where = ofFindings(scope, values);
      return rows<FindingDay>(
        `select (f.start_at at time zone interval '08:00')::date::text as day, f.severity, count(*)::int as total,
           count(*) filter (where f.state = 'resolved')::int as handled
         from finding f where f.start_at >= $1 and f.start_at < $2 and ${COUNTED} ${where}
         group by 1, 2 order by 1, 2`,
        values,
      );
    },

    violations(from, to, scope, rules, limit) {
      const values: unknown[] = [timestamp(from), timestamp(to), [...rules], limit];
      const where = ofFindings(scope, values);
      return rows<ViolationRow>(
        `select f.id, f.vehicle, f.trip, f.rule, f.severity, f.start_at as start, f.end_at as "end", f.lat, f.lon,
           f.state, f.resolution, f.evidence -> 'explain' as explain
         from finding f where f.start_at >= $1 and f.start_at < $2 and f.rule = any($3)
           and f.resolution is distinct from 'false_alarm' and ${COUNTED} ${where}
         order by f.start_at, f.id limit $4`,
        values,
      );
    },

    async findingsAt(from, to, scope, places, nearM) {
      if (places.length === 0) return [];
      const values: unknown[] = [
        timestamp(from),
        timestamp(to),
        places.map((place) => place.id),
        places.map((place) => place.geometry),
        // A degree of latitude; the box is only what the index looks through.
        nearM / 111_000,
        nearM,
      ];
      const where = ofFindings(scope, values);
      return rows<PlaceCount>(
        `with place as (
           select id, ST_SetSRID(ST_GeomFromGeoJSON(shape), 4326) as geom from unnest($3::text[], $4::text[]) as p(id, shape)
         )
         select p.id as place, f.rule, count(*)::int as total, count(distinct f.vehicle)::int as vehicles,
           min(f.severity) as worst
         from place p join finding f on f.geom && ST_Expand(p.geom, $5::float8 * 1.5)
           and ST_DWithin(f.geom::geography, p.geom::geography, $6::float8)
         where f.start_at >= $1 and f.start_at < $2 and ${COUNTED} ${where}
         group by p.id, f.rule order by p.id, total desc`,
        values,
      );
    },

    async forgetBefore(day) {
      for (const table of ['vehicle_day', 'gate_visit', 'rolled_day'])
        await database.run(`delete from ${table} where day < $1::date`, [day]);
    },
  };
}

const SUMS = `sum(d.reports)::int8 as reports, sum(d.qualified)::int8 as qualified, sum(d.drifts)::int8 as drifts,
  sum(d.driven_m) as "drivenM", sum(d.complete_m) as "completeM", sum(d.online_s)::int8 as "onlineS"`;

/** Cells per degree; a cell is some 200 m, so that what is within reach of a gate lies in its cell or one beside it. */
const CELLS_A_DEGREE = 500;

function cellsOf(gates: readonly Gate[]): { y: number; x: number; gate: Gate }[] {
  const cells: { y: number; x: number; gate: Gate }[] = [];
  for (const gate of gates) {
    const y = Math.floor(gate.lat * CELLS_A_DEGREE);
    const x = Math.floor(gate.lon * CELLS_A_DEGREE);
    for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) cells.push({ y: y + dy, x: x + dx, gate });
  }
  return cells;
}
