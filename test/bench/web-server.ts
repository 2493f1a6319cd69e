/**
 * A real web process (HTTP, sessions, policy, socket.io) over a store in memory, whose live bus carries a city of buses
 * that each report every few seconds. Started by `web.ts`; answers `usage` with what it has used.
 */

import type { RunProgress } from '../../geo/judge.ts';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import type { PlanFiles } from '../../geo/plan/plan.ts';
import { SMALL_PLAN } from '../services/api/small-plan.ts';
import { finding, publishPosition, report, startFixture, stored } from '../services/api/web-fixture.ts';

const [vehicles = 10_000, intervalS = 5] = process.argv.slice(3).map(Number);
const pagesDir = process.argv[2] ?? '';

/** About as large as a large city: 70 km across. */
const CITY = { lon: 119.9, lat: 31.7, reachDeg: 0.33 };
const TICK_MS = 50;
const ALERTS = 60;
const DEGREE_M = 111_000;

const idOf = (i: number): string => `V${i}`;
const plan = buildCity();
const web = await startFixture({
  pagesDir,
  now: Date.now,
  liveLimits: {},
  plan: {
    plan: plan.plan,
    files: plan.files,
    base: null,
    refresh: async () => undefined,
    onChange: () => () => undefined,
    close: async () => undefined,
  },
  prepare(memory) {
    memory.setLatest(
      Array.from({ length: vehicles }, (_, i) => ({
        vehicle: idOf(i),
        last: reportOf(i, Date.now() - intervalS * 1_000),
        progress: progressOf(i),
      })),
    );
    for (let i = 0; i < ALERTS; i++) {
      const vehicle = idOf(Math.floor((i * vehicles) / ALERTS));
      const severity = (['P1', 'P2', 'P3'] as const)[i % 3]!;
      const of = finding(`A${i}`, vehicle, Date.now() - i * 10_000, { severity });
      memory.findings.set(of.id, stored(of, 'D1', []));
    }
  },
});

const startedAt = performance.now();
let published = 0;
let used = process.cpuUsage();
let usedAt = startedAt;
const timer = setInterval(() => {
  const due = Math.floor(((performance.now() - startedAt) / 1_000 / intervalS) * vehicles);
  for (; published < due; published++) {
    const i = published % vehicles;
    publishPosition(web.bus, reportOf(i, Date.now()), progressOf(i));
  }
}, TICK_MS);

process.on('message', (asked: string) => {
  if (asked === 'usage') {
    const now = performance.now();
    const cpu = process.cpuUsage(used);
    const memory = process.memoryUsage();
    process.send?.({
      cpuOfOneCore: (cpu.user + cpu.system) / 1_000 / (now - usedAt),
      rssMb: Math.round(memory.rss / 1e6),
      heapMb: Math.round(memory.heapUsed / 1e6),
      published,
    });
    used = process.cpuUsage();
    usedAt = now;
  }
  if (asked === 'end') {
    clearInterval(timer);
    void web.close().then(() => process.exit(0));
  }
});
process.send?.({ base: web.base });

/** Each bus drives to and fro along a street of its own, east and west or north and south, at 36 to 60 km/h. */
function reportOf(i: number, time: number) {
  const spread = (n: number) => ((n * 0.618_033_988_75) % 1) * 2 - 1;
  const speedKmh = 36 + (i % 25);
  const along = ((time / 1_000) * (speedKmh / 3.6) + i * 977) % 8_000;
  const shift = (along < 4_000 ? along : 8_000 - along) / DEGREE_M;
  const east = i % 2 === 0;
  return report(idOf(i), time, {
    receivedAt: time,
    lat: CITY.lat + spread(i) * CITY.reachDeg + (east ? 0 : shift),
    lon: CITY.lon + spread(i * 7.3) * CITY.reachDeg * 1.15 + (east ? shift : 0),
    speedKmh,
    directionDeg: (east ? 90 : 0) + (along < 4_000 ? 0 : 180),
  });
}

function progressOf(i: number): RunProgress {
  return {
    trip: i % 2 === 0 ? 'T1' : 'T2',
    route: i % 2 === 0 ? 'R1' : 'R2',
    serviceDate: '20261124',
    runState: 'CARRYING',
    progressM: i,
    nextStop: i % 2 === 0 ? 'A2' : 'B2',
    delayS: (i % 9) * 40,
    aboard: 'inferred',
  };
}

function buildCity() {
  const rows = Array.from(
    { length: vehicles },
    (_, i) =>
      `${idOf(i)},苏D${String(10_000 + i).padStart(5, '0')},yellow,0138${String(i).padStart(8, '0')},2019,36,dedicated,${i % 2 === 0 ? 'A' : 'B'},D${(i % 6) + 1}`,
  );
  const head =
    'vehicle_id,plate,plate_colour,terminal_phone,terminal_version,seats,school_bus_type,operator_id,district';
  // Permits and duties of the small plan name vehicles that this register has too.
  const files: PlanFiles = new Map([...SMALL_PLAN, ['vehicles.csv', `${head}\n${rows.join('\n')}\n`]]);
  const built = buildPlan(files, 'city');
  if (!built.ok) throw new Error(JSON.stringify(built.problems).slice(0, 500));
  return { plan: built.plan, files };
}
