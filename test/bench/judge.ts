import { makeJudge } from '../../geo/judge/make-judge.ts';
import { startReplay } from '../../geo/judge/replay-reports.ts';
import type { JudgeState } from '../../geo/judge.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import { type CitySize, cityPlan, cityReport, RUN_S } from './judge-city.ts';

/**
 * Reports judged in a second of one core, all rules over ordinary buses on their runs, with more and more routes and
 * fences loaded; the same buses and reports each time, so that only what is loaded differs. Then a city's morning.
 * Processor time is what counts, since the machine may be busy with other things.
 */
const BUSES = 200;
const EVERY_S = 5;
const ROUNDS = 3;

interface Case {
  readonly size: CitySize;
  readonly judge: ReturnType<typeof makeJudge>;
  readonly steps: readonly (readonly Report[])[];
  best: number;
  stateBytes: number;
}

function prepare(routes: number, fences: number): Case {
  const size: CitySize = { routes, fences, buses: BUSES, runs: 1 };
  const plan = cityPlan(size);
  const steps: Report[][] = [];
  for (let second = 0; second < RUN_S; second += EVERY_S) {
    steps.push(Array.from({ length: BUSES }, (_, bus) => cityReport(bus, second, size)));
  }
  return { size, judge: makeJudge(plan), steps, best: 0, stateBytes: 0 };
}

function measure(one: Case): void {
  const states = new Array<JudgeState | null>(BUSES).fill(null);
  const begun = process.cpuUsage();
  let judged = 0;
  let found = 0;
  for (const step of one.steps) {
    for (let bus = 0; bus < BUSES; bus++) {
      const { state, changes } = one.judge.judge(states[bus]!, step[bus]!);
      states[bus] = state;
      found += changes.length;
      judged++;
    }
  }
  const seconds = process.cpuUsage(begun).user / 1e6;
  one.best = Math.max(one.best, judged / seconds);
  one.stateBytes = Math.max(...states.map((state) => JSON.stringify(state).length));
  if (found > 0) throw new Error(`the buses do nothing wrong, yet ${found} findings changed`);
}

function cityMorning(): void {
  const size: CitySize = { routes: 300, buses: 1_000, fences: 2_000, runs: 7 };
  const plan: Plan = cityPlan(size);
  const replay = startReplay(makeJudge(plan));
  const begun = process.cpuUsage();
  let reports = 0;
  for (let second = 0; second < 3 * 3600; second += EVERY_S) {
    for (let bus = 0; bus < size.buses; bus++) {
      replay.add(cityReport(bus, second, size));
      reports++;
    }
  }
  const findings = replay.findings().length;
  const seconds = process.cpuUsage(begun).user / 1e6;
  if (findings > 0) throw new Error(`the city does nothing wrong, yet ${findings} findings`);
  print({ city: size, reports, seconds: round(seconds), perSecond: Math.round(reports / seconds) });
}

const round = (value: number): number => Math.round(value * 100) / 100;
const print = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const cases = [prepare(10, 0), prepare(2_000, 20_000), prepare(10_000, 20_000)];
// Turn by turn, so that a slow moment of the machine meets all of them; the first round warms up.
for (let round = 0; round <= ROUNDS; round++) {
  for (const one of cases) {
    if (round === 1) one.best = 0;
    measure(one);
  }
}
const [few] = cases;
for (const { size, best, stateBytes } of cases) {
  const { routes, fences } = size;
  print({
    routes,
    fences,
    reportsPerSecond: Math.round(best),
    costToFewRoutes: round(few!.best / best),
    stateBytes,
  });
}
cityMorning();
