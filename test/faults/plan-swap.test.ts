import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { makeJudge } from '../../geo/judge/make-judge.ts';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import { inProcessBus } from '../../services/bus/in-process-bus.ts';
import { changePlan } from '../../services/plan/change-plan.ts';
import { importPlan } from '../../services/plan/import-plan.ts';
import { watchPlan } from '../../services/plan/watch-plan.ts';
import { benchPlanFiles, phoneOfBus } from '../bench/bench-fleet.ts';
import { busStory, timeOf } from '../support/bus-story.ts';
import { ingestFixture } from '../support/ingest-fixture.ts';
import { memoryPlans } from '../support/memory-plans.ts';
import { RestlessTerminal } from '../support/restless-terminal.ts';

const BUSES = 8;
const HOURS_AGO = 6;
const REPORTS = 60;
const SWAPS = 21;

it('a plan that is dispatched and imported again and again loses no report, no connection and no finding', async () => {
  const log = pino({ level: 'silent' });
  const start = Math.floor(Date.now() / 1_000) * 1_000 - HOURS_AGO * 3_600_000;
  const files = benchPlanFiles(BUSES, start);
  const bus = inProcessBus(log);
  const store = { plans: memoryPlans() };
  await importPlan({ files, store, bus, note: '' });
  const plan = await watchPlan({ store: store.plans, bus, log });
  const fixture = await ingestFixture({ plan: plan.plan, makeJudge });
  plan.onChange((next) => fixture.plan.swap(next));
  onTestFinished(async () => {
    await fixture.close();
    await plan.close();
    await bus.close();
  });

  const terminals = Array.from(
    { length: BUSES },
    (_, i) => new RestlessTerminal(phoneOfBus(i), () => fixture.port, busStory(i, start), 1, `B${i}`),
  );
  const running = Promise.all(terminals.map((terminal) => terminal.run()));
  const serviceDate = plan.plan?.runsAt(start, 60)[0]?.serviceDate ?? '';
  const versions = new Set<string>();
  let swaps = 0;
  // As fast as they can be made, until every bus has reported so often and there were swaps enough meanwhile.
  while (swaps < SWAPS || terminals.some((terminal) => terminal.acked.size < REPORTS)) {
    swaps++;
    const row = {
      id: `d${swaps}`,
      service_date: serviceDate,
      trip_id: `T${swaps % BUSES}`,
      action: 'driver',
    };
    const { version } = await changePlan(
      { store, bus, plan },
      {
        files: ['dispatch.csv'],
        rows: (before) => new Map([['dispatch.csv', [...before('dispatch.csv').slice(-5), row]]]),
        by: 'x',
        note: '',
      },
    );
    versions.add(version);
    if (swaps % 10 === 0) {
      const renamed = new Map(files).set(
        'agency.txt',
        files.get('agency.txt')!.replace(',A,', `,A${swaps},`),
      );
      await importPlan({ files: renamed, store, bus, note: '', now: start });
      await plan.refresh();
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  for (const terminal of terminals) terminal.stop();
  await running;

  expect(versions.size).toBe(swaps);
  expect(terminals.map((terminal) => terminal.connections)).toEqual(terminals.map(() => 1));
  expect(terminals.map((terminal) => terminal.repeated)).toEqual(terminals.map(() => 0));
  terminals.forEach((terminal, i) => {
    const stored = fixture.memory.positions(`B${i}`).map((report) => report.time);
    const acked = [...terminal.acked].map((name) => timeOf(start, Number(name.split('#')[1])));
    expect(stored.sort()).toEqual(acked.sort());
  });

  // What was found is what a plan that nobody touched finds; only the version that judged it differs.
  const calm = buildPlan(files, 'calm');
  if (!calm.ok) throw new Error('the plan has problems');
  const found = (bus: number) =>
    fixture.memory
      .findings(`B${bus}`)
      .filter(({ rule }) => rule === 'speeding' || rule === 'sos')
      .map(({ rule, start: at, severity }) => `${rule} ${at} ${severity}`);
  const quiet = await ingestFixture({ plan: calm.plan, makeJudge });
  onTestFinished(() => quiet.close());
  const again = terminals.map((terminal, i) => {
    const { size } = terminal.acked;
    return new RestlessTerminal(phoneOfBus(i), () => quiet.port, reports(i, size), 0, `B${i}`);
  });
  await Promise.all(again.map((terminal) => terminal.run()));
  for (let i = 0; i < BUSES; i++) {
    const expected = quiet.memory
      .findings(`B${i}`)
      .filter(({ rule }) => rule === 'speeding' || rule === 'sos')
      .map(({ rule, start: at, severity }) => `${rule} ${at} ${severity}`);
    expect(found(i)).toEqual(expected);
  }

  function* reports(i: number, size: number) {
    let left = size;
    for (const upload of busStory(i, start)) {
      yield upload;
      left -= upload.reports.length;
      if (left <= 0) return;
    }
  }
}, 120_000);
