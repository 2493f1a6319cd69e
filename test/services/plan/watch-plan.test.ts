import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Plan, PlanFiles } from '../../../geo/plan/plan.ts';
import { openBus } from '../../../services/bus/open-bus.ts';
import { PLAN_CHANGED } from '../../../services/bus/subjects.ts';
import type { CurrentPlan } from '../../../services/plan/current-plan.ts';
import { importPlan } from '../../../services/plan/import-plan.ts';
import { planVersion } from '../../../services/plan/plan-files.ts';
import { watchPlan } from '../../../services/plan/watch-plan.ts';
import { type PlanStore, StoreUnavailable } from '../../../services/store/store.ts';
import { smallFiles } from '../../geo/plan/small-plan.ts';

/** A plan store in memory that can be made to fail. */
function memoryStore() {
  const saved: { version: string; files: PlanFiles }[] = [];
  const counts = { asked: 0, read: 0 };
  const state = { down: false };
  const answer = async <T>(value: () => T): Promise<T> => {
    if (state.down) throw new StoreUnavailable('down');
    return value();
  };
  const store: PlanStore = {
    save: (version, files) => answer(() => saved.push({ version, files }) > 0),
    amend: (version, changed) =>
      answer(() => {
        const files = new Map(saved.at(-1)?.files);
        for (const [name, text] of changed) text === null ? files.delete(name) : files.set(name, text);
        return saved.push({ version, files }) > 0;
      }),
    current: () => answer(() => saved.at(-1) ?? null),
    currentSince() {
      counts.read++;
      return answer(() => {
        const last = saved.at(-1);
        return last ? { ...last, heldBy: new Map() } : null;
      });
    },
    changes: () => answer(() => []),
    change: () => answer(() => null),
    currentVersion() {
      counts.asked++;
      return answer(() => saved.at(-1)?.version ?? null);
    },
    versions: () => answer(() => []),
  };
  return { store, saved, counts, state };
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closing.splice(0).reverse()) await close();
});

const silent = pino({ level: 'silent' });
const other = () => smallFiles({ 'agency.txt': (text) => text.replace('校车公司', '客运公司') });

async function start(
  options: { pollMs?: number; memory?: ReturnType<typeof memoryStore>; log?: pino.Logger } = {},
) {
  const memory = options.memory ?? memoryStore();
  const log = options.log ?? silent;
  const bus = await openBus({ log });
  closing.push(() => bus.close());
  const watch = async (): Promise<CurrentPlan> => {
    const current = await watchPlan({ store: memory.store, bus, log, pollMs: options.pollMs ?? 3_600_000 });
    closing.push(() => current.close());
    return current;
  };
  const importFiles = (files: PlanFiles) =>
    importPlan({ files, store: { plans: memory.store }, bus, note: '' });
  return { ...memory, bus, watch, importFiles };
}

const nextPlan = (current: CurrentPlan) =>
  new Promise<Plan>((resolve) => {
    const end = current.onChange((plan) => {
      end();
      resolve(plan);
    });
  });

describe('the plan in force', () => {
  it('is none before the first import, and then the one imported', async () => {
    const { watch, importFiles } = await start();
    const current = await watch();
    expect(current.plan).toBeNull();
    expect(current.files).toBeNull();
    const next = nextPlan(current);
    const result = await importFiles(smallFiles());
    expect(result).toMatchObject({ ok: true, version: planVersion(smallFiles()) });
    expect((await next).version).toBe(planVersion(smallFiles()));
    expect(current.plan).toBe(await next);
    expect(current.files).toEqual(smallFiles());
  });

  it('is there at once where one was imported before', async () => {
    const { watch, importFiles } = await start();
    await importFiles(smallFiles());
    expect((await watch()).plan?.version).toBe(planVersion(smallFiles()));
  });

  it('is found by asking where the message was lost', async () => {
    const { watch, store } = await start({ pollMs: 5 });
    const current = await watch();
    const next = nextPlan(current);
    await store.save(planVersion(smallFiles()), smallFiles(), '');
    expect((await next).version).toBe(planVersion(smallFiles()));
  });

  it('is read and built once, however often it is announced', async () => {
    const { watch, importFiles, bus, counts } = await start();
    await importFiles(smallFiles());
    const current = await watch();
    for (let i = 0; i < 50; i++) bus.publish(PLAN_CHANGED, {});
    const next = nextPlan(current);
    await importFiles(other());
    expect((await next).version).toBe(planVersion(other()));
    expect(counts.read).toBe(2);
  });

  it('stays where a newer one does not build, and is replaced by the next that does', async () => {
    const problems: string[] = [];
    const log = pino({ level: 'error' }, { write: (line: string) => problems.push(line) });
    const { watch, importFiles, store } = await start({ pollMs: 5, log });
    await importFiles(smallFiles());
    const current = await watch();
    const logged = async () => {
      while (problems.length === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    await store.save('broken', smallFiles({ 'stops.txt': null }), '');
    await logged();
    expect(problems[0]).toContain('does not build');
    expect(problems[0]).toContain('stops.txt');
    expect(current.plan?.version).toBe(planVersion(smallFiles()));
    const next = nextPlan(current);
    await importFiles(other());
    expect((await next).version).toBe(planVersion(other()));
    expect(problems).toHaveLength(1);
  });

  it('outlives a database that is away for a while', async () => {
    const { watch, importFiles, state, counts } = await start({ pollMs: 5 });
    await importFiles(smallFiles());
    const current = await watch();
    state.down = true;
    const asked = counts.asked;
    while (counts.asked < asked + 2) await new Promise((resolve) => setImmediate(resolve));
    expect(current.plan?.version).toBe(planVersion(smallFiles()));
    state.down = false;
    const next = nextPlan(current);
    await importFiles(other());
    expect((await next).version).toBe(planVersion(other()));
  });

  it('fails to start where the database cannot be read', async () => {
    const { watch, state } = await start();
    state.down = true;
    await expect(watch()).rejects.toBeInstanceOf(StoreUnavailable);
  });

  it('survives a listener that throws, and tells the others', async () => {
    const { watch, importFiles } = await start();
    const current = await watch();
    current.onChange(() => {
      throw new Error('listener');
    });
    const next = nextPlan(current);
    await importFiles(smallFiles());
    expect((await next).version).toBe(planVersion(smallFiles()));
  });

  it('is not looked at any more once closed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { watch, importFiles, counts, bus } = await start({ pollMs: 1000 });
    const current = await watch();
    await vi.advanceTimersByTimeAsync(1000);
    const asked = counts.asked;
    expect(asked).toBe(2);
    await current.close();
    await importFiles(smallFiles());
    bus.publish(PLAN_CHANGED, {});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(counts.asked).toBe(asked);
    expect(current.plan).toBeNull();
  });
});

describe('importing', () => {
  it('changes nothing where there is a bad cell', async () => {
    const { importFiles, saved, bus } = await start();
    const announced: unknown[] = [];
    bus.subscribe(PLAN_CHANGED, (payload) => announced.push(payload));
    const result = await importFiles(smallFiles({ 'duties.csv': (text) => text.replace('T1', 'T9') }));
    expect(result).toMatchObject({
      ok: false,
      problems: [{ file: 'duties.csv', line: 2, column: 'trip_id' }],
    });
    expect(saved).toEqual([]);
    expect(announced).toEqual([]);
  });

  it('counts what each file holds', async () => {
    const { importFiles } = await start();
    expect(await importFiles(smallFiles())).toMatchObject({
      counts: { agency: 1, stops: 5, stop_times: 4, trips: 1, riders: 3, fences: 1, calendar_dates: 2 },
    });
  });
});
