import { makeJudge } from '../../geo/judge/make-judge.ts';
import type { JudgeState } from '../../geo/judge.ts';
import { drive } from '../geo/judge/drive.ts';
import { type Metres, type SmallTrip, smallPlan } from '../geo/judge/small-plan.ts';

/** Reports judged in a second on one core: ordinary buses on their routes, with many routes and fences loaded. */
const LENGTH_M = 12_000;
const BEND_M = 40;
const REPORTS = 1_000_000;

function wavyLine(northM: number): Metres[] {
  return Array.from({ length: LENGTH_M / BEND_M + 1 }, (_, i) => [i * BEND_M, northM + 15 * Math.sin(i / 3)]);
}

function measure(routes: number, fences: number): { perSecond: number; stateBytes: number } {
  const trips: SmallTrip[] = Array.from({ length: routes }, (_, i) => ({
    id: `t${i}`,
    vehicle: `bus${i}`,
    line: wavyLine(i * 30),
  }));
  const plan = smallPlan({
    trips,
    fences: Array.from({ length: fences }, (_, i) => {
      const [e, n] = [(i * 977) % LENGTH_M, ((i * 7919) % (routes * 30 + 1_000)) + 5_000_000 / 1_000];
      return {
        kind: 'danger_section' as const,
        ring: [
          [e, n],
          [e + 80, n],
          [e + 80, n + 80],
          [e, n + 80],
        ],
      };
    }),
  });
  const byVehicle = new Map(
    [...new Set(trips.map((trip) => trip.vehicle!))].map((id) => [
      id,
      plan.runsAt(plan.dutiesAt(id, 0, 1e12)[0]?.start ?? 0, 0).filter((run) => run.vehicleId === id),
    ]),
  );
  const judge = makeJudge({ ...plan, dutiesAt: (id) => byVehicle.get(id) ?? [] });
  const buses = Math.min(routes, 200);
  const tracks = Array.from({ length: buses }, (_, i) =>
    drive(
      [0, i * 30],
      wavyLine(i * 30)
        .slice(1)
        .map((to) => ({ to, kmh: 32 })),
    ).map((report) => ({ ...report, vehicle: `bus${i}` })),
  );
  const steps = Math.min(...tracks.map((track) => track.length));
  let states: (JudgeState | null)[] = [];
  let judged = 0;
  const begun = process.cpuUsage();
  while (judged < REPORTS) {
    states = new Array<JudgeState | null>(buses).fill(null);
    for (let step = 0; step < steps; step++) {
      for (let bus = 0; bus < buses; bus++) {
        states[bus] = judge.judge(states[bus]!, tracks[bus]![step]!).state;
      }
    }
    judged += steps * buses;
  }
  // The machine may be busy with other things: what counts is the processor time spent here.
  const seconds = process.cpuUsage(begun).user / 1e6;
  return { perSecond: Math.round(judged / seconds), stateBytes: JSON.stringify(states[0]).length };
}

measure(200, 0);
for (const [routes, fences] of [
  [10, 0],
  [2_000, 20_000],
] as const) {
  const { perSecond, stateBytes } = measure(routes, fences);
  process.stdout.write(`${JSON.stringify({ routes, fences, reportsPerSecond: perSecond, stateBytes })}\n`);
}
