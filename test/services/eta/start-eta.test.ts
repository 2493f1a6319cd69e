import { expect, it } from 'vitest';
import type { LearnedRow } from '../../../geo/eta/learned.ts';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import type { JudgeState } from '../../../geo/judge.ts';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import type { LiveEta } from '../../../services/eta/live-eta.ts';
import { startEta } from '../../../services/eta/start-eta.ts';
import type { CurrentPlan } from '../../../services/plan/current-plan.ts';
import { plan, run } from '../../geo/eta/fixture.ts';
import { silent } from '../bus/bus-behaviour.ts';

it('publishes what committed reports mean for the stops ahead, keeps what it learned, and outlives a failing database', async () => {
  const kept: LearnedRow[] = [];
  let down = false;
  const store = {
    learned: async () => kept,
    add: async (rows: readonly LearnedRow[]) => {
      if (down) throw new Error('no database');
      kept.push(...rows);
    },
    forget: async () => undefined,
  };
  const current: CurrentPlan = {
    plan,
    files: null,
    base: null,
    refresh: async () => undefined,
    onChange: () => () => undefined,
    close: async () => undefined,
  };
  const bus = inProcessBus(silent);
  const told: LiveEta[] = [];
  bus.subscribe('eta.>', (payload) => told.push(payload as LiveEta));
  const eta = await startEta({ store, plan: current, bus, log: { warn: () => undefined } });
  const judge = makeJudge(plan);
  let state: JudgeState | null = null;
  for (const report of run(36, 5)) {
    state = judge.judge(state, report).state;
    eta.committed(report, state);
  }
  await new Promise((resolve) => setImmediate(resolve));
  await bus.close();
  const stops = told.filter((one) => one.stops.length > 0);
  expect(stops.length).toBeGreaterThan(5);
  expect(stops.every((one, i) => i === 0 || one.basis - stops[i - 1]!.basis >= 10_000)).toBe(true);
  down = true;
  await expect(eta.keep()).rejects.toThrow('no database');
  expect(kept).toEqual([]);
  down = false;
  await eta.close();
  expect(kept.map(({ part }) => part)).toEqual(expect.arrayContaining(['segment', 'pace', 'error']));
});
