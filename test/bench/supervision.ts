/**
 * What the figures of supervision cost on a real PostgreSQL: rolling a day of a fleet up, and asking for a month of a
 * province from what was rolled up. And what one row of a register costs in a plan of a million stop times, as the
 * longest that anything else had to wait. Usage: npx tsx test/bench/supervision.ts [vehicles] [reports a vehicle]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import { inProcessBus } from '../../services/bus/in-process-bus.ts';
import { changePlan } from '../../services/plan/change-plan.ts';
import { importPlan } from '../../services/plan/import-plan.ts';
import { watchPlan } from '../../services/plan/watch-plan.ts';
import { openStoreWithDatabase } from '../../services/store/open-store.ts';
import { memoryPlans } from '../support/memory-plans.ts';
import { startPostgres } from '../support/postgres.ts';

const [vehicles = 500, each = 2_000] = process.argv.slice(2).map(Number);
const DAY = '2026-11-24';
const log = pino({ level: 'silent' });
const say = (what: string, ms: number) =>
  process.stdout.write(`${what}: ${Math.round(ms).toLocaleString()} ms\n`);

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  say(what, performance.now() - startedAt);
  return result;
}

async function figures(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'busguard-bench-'));
  const server = await startPostgres({ fsync: 'off', shared_buffers: '256MB' });
  const databaseUrl = await server.createDatabase();
  const { store, database } = await openStoreWithDatabase({ databaseUrl, dataDir, migrate: true, log });
  await database.run(
    `insert into vehicle_state (vehicle, epoch) select 'V' || i, 1 from generate_series(1, 10000) as i`,
  );
  await database.run(`create table positions_20261124 partition of positions
    for values from ('${DAY} 00:00:00+08') to ('2026-11-25 00:00:00+08')`);
  await database.transaction(
    (session) =>
      session.run(`insert into positions (vehicle_key, digest, time, received_at, lat, lon, positioned, speed_kmh,
        direction_deg, altitude_m, acc_on, alarm_flags, status_flags, backfill, body)
      select v.vehicle_key, i, timestamptz '${DAY} 06:30:00+08' + i * interval '5 s', timestamptz '${DAY} 06:30:01+08' + i * interval '5 s',
        31.7 + (i % 400) * 0.0004, 119.9 + (v.vehicle_key % 97) * 0.003, true, case when i % 20 < 4 then 0 else 40 end,
        90, 5, true, 0, 3, false, '\\x00'
      from vehicle_state v, generate_series(1, ${each}) as i where v.vehicle_key <= ${vehicles}`),
    300_000,
  );
  await database.run('analyze positions');
  const gates = Array.from({ length: 300 }, (_, i) => ({
    id: `S${i}`,
    lat: 31.7 + i * 0.0005,
    lon: 119.9 + (i % 97) * 0.003,
  }));
  process.stdout.write(
    `${(vehicles * each).toLocaleString()} reports of ${vehicles} vehicles, ${gates.length} gates\n`,
  );
  await timed('roll the day up', () => store.reports.rollDay(DAY, gates, Date.now()));
  await database.transaction(
    (session) =>
      session.run(`insert into vehicle_day select date '2026-10-25' + d, v.vehicle_key, 4000, 3990, 0, 90000, 89000, 20000
      from vehicle_state v, generate_series(0, 29) as d on conflict do nothing`),
    300_000,
  );
  await database.transaction(
    (session) =>
      session.run(`insert into finding (id, vehicle_key, vehicle, rule, severity, start_at, end_at, lat, lon, late, evidence, district, school_ids)
      select 'f' || i, v.vehicle_key, v.vehicle, 'speeding', 'P2', timestamptz '2026-10-25 07:00+08' + i * interval '8 s', timestamptz '2026-10-25 07:01+08' + i * interval '8 s',
        31.7 + (i % 400) * 0.0004, 119.9, false, '{}', 'D' || (i % 13), '{}'
      from generate_series(1, 300000) as i join vehicle_state v on v.vehicle_key = 1 + i % 10000`),
    300_000,
  );
  await database.run('analyze vehicle_day, finding');
  process.stdout.write('a month of 10,000 vehicles, 300,000 findings\n');
  const [from, to] = ['2026-10-25', '2026-11-23'] as const;
  const span = [Date.parse('2026-10-25T00:00+08:00'), Date.parse('2026-11-24T00:00+08:00')] as const;
  await timed('vehicleFigures', () => store.reports.vehicleFigures(from, to, {}));
  await timed('dayFigures', () => store.reports.dayFigures(from, to, {}));
  await timed('findingCounts', () => store.reports.findingCounts(...span, {}));
  await timed('findingDays', () => store.reports.findingDays(...span, {}));
  const places = Array.from({ length: 200 }, (_, i) => ({
    id: `F${i}`,
    geometry: JSON.stringify({
      type: 'LineString',
      coordinates: [
        [119.9, 31.7 + i * 0.0008],
        [119.9, 31.7004 + i * 0.0008],
      ],
    }),
  }));
  await timed('findingsAt, 200 sections', () => store.reports.findingsAt(...span, {}, places, 30));
  await timed('violations, 5,000 of them', () => store.reports.violations(...span, {}, ['speeding'], 5_000));
  await store.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function registers(): Promise<void> {
  const TRIPS = 20_000;
  const STOPS = 50;
  const stops = Array.from(
    { length: STOPS },
    (_, i) => `P${i},停靠${i},${(31.7 + i * 0.004).toFixed(4)},119.9`,
  );
  const clock = (s: number) =>
    [s / 3600, (s / 60) % 60, s % 60].map((n) => String(Math.floor(n)).padStart(2, '0')).join(':');
  const lines = ['trip_id,arrival_time,departure_time,stop_id,stop_sequence'];
  for (let t = 0; t < TRIPS; t++)
    for (let i = 0; i < STOPS; i++) {
      const at = clock(21_600 + (t % 400) * 60 + i * 60);
      lines.push(`T${t},${at},${at},P${i},${i}`);
    }
  const files = new Map([
    ['agency.txt', 'agency_id,agency_name,agency_url,agency_timezone\nA,A,https://a.example,Asia/Shanghai\n'],
    ['routes.txt', 'route_id,agency_id,route_short_name,route_long_name,route_type\nR,A,1,1,3\n'],
    ['stops.txt', `stop_id,stop_name,stop_lat,stop_lon\n${stops.join('\n')}\n`],
    [
      'trips.txt',
      `route_id,service_id,trip_id\n${Array.from({ length: TRIPS }, (_, t) => `R,ALL,T${t}`).join('\n')}\n`,
    ],
    ['stop_times.txt', `${lines.join('\n')}\n`],
    [
      'calendar.txt',
      'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nALL,1,1,1,1,1,1,1,20260101,20271231\n',
    ],
    [
      'vehicles.csv',
      `vehicle_id,plate,seats\n${Array.from({ length: 10_000 }, (_, i) => `V${i},苏D${i},36`).join('\n')}\n`,
    ],
    [
      'duties.csv',
      `service_id,trip_id,vehicle_id\n${Array.from({ length: TRIPS }, (_, t) => `ALL,T${t},V${t % 10_000}`).join('\n')}\n`,
    ],
    ['schools.csv', 'school_id,name,lat,lon\nP49,学校,31.896,119.9\n'],
  ]);
  const plans = memoryPlans();
  const bus = inProcessBus(log);
  await importPlan({ files, store: { plans }, bus, note: '' });
  const plan = await watchPlan({ store: plans, bus, log });
  process.stdout.write(
    `a plan of ${(TRIPS * STOPS).toLocaleString()} stop times, 10,000 vehicles, ${TRIPS.toLocaleString()} duties\n`,
  );
  for (const [file, column] of [
    ['vehicles.csv', 'seats'],
    ['duties.csv', 'vehicle_id'],
    ['vehicles.csv', 'seats'],
  ] as const) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await timed(`one row of ${file}, until it is in force`, () =>
      changePlan(
        { store: { plans }, bus, plan },
        {
          files: [file],
          rows: (before) => {
            const [first, ...rest] = before(file);
            return new Map([
              [
                file,
                [
                  { ...first, [column]: column === 'seats' ? String(20 + (Date.now() % 70)) : 'V77' },
                  ...rest,
                ],
              ],
            ]);
          },
          by: 'bench',
          note: '',
        },
      ),
    );
    delay.disable();
    say('  the longest that others waited', delay.max / 1e6);
  }
  await plan.close();
}

if (vehicles > 0) await figures();
await registers();
