import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import type { WhatIfMessage } from '../../../services/api/contract.ts';
import { at, SMALL_PLAN } from './small-plan.ts';
import { type Fixture, report, startFixture } from './web-fixture.ts';

/** The bus of T1: a minute at its first stop, then 2 km at 50 km/h; a report every 5 s. */
const DRIVE: Report[] = Array.from({ length: 40 }, (_, i) => {
  const drivenM = Math.max(i - 12, 0) * 69.4;
  const speedKmh = drivenM > 0 ? 50 : 0;
  return report('V1', at('07:00') + i * 5_000, { lat: 31.7 + drivenM / 110_900, speedKmh, satellites: 12 });
});

let fixture: Fixture;
let served: readonly Report[][];
let ended = false;
beforeEach(async () => {
  served = [DRIVE.slice(0, 15), DRIVE.slice(15)];
  ended = false;
  fixture = await startFixture({
    prepare: ({ store }) =>
      Object.assign(store.positions, {
        async *all() {
          try {
            yield* served;
          } finally {
            ended = true;
          }
        },
      }),
  });
});
afterEach(() => fixture.close());

const span = { from: '2026-11-24T06:00:00+08:00', to: '2026-11-24T08:00:00+08:00' };
const slower = { scope: 'platform', rule: 'speeding', parameter: 'other_road_kmh', value: 40 };

async function ask(body: object, cookie: string, signal?: AbortSignal): Promise<Response> {
  const init = { method: 'POST', cookie, body: JSON.stringify(body), ...(signal ? { signal } : {}) };
  return fixture.ask('/api/v1/what-if', init);
}

const messages = async (answer: Response): Promise<WhatIfMessage[]> =>
  (await answer.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WhatIfMessage);

describe('what would have been found', () => {
  it('is told side by side, with progress', async () => {
    const cookie = await fixture.signIn('admin');
    const answer = await ask({ ...span, settings: [slower] }, cookie);
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const told = await messages(answer);
    expect(told[0]).toMatchObject({ type: 'progress', judged: 15 });
    const result = told.at(-1);
    expect(result).toMatchObject({
      type: 'result',
      judged: DRIVE.length,
      counts: { speeding: { now: 0, tried: 1 } },
      totals: { onlyNow: 0, onlyTried: 1, regraded: 0 },
      onlyTried: [{ rule: 'speeding', vehicle: 'V1', plate: '苏D00001', evidence: { limitKmh: 40 } }],
    });
    expect(fixture.current.plan?.amendments.settings).toEqual([]);
  });

  it('is of the vehicles asked about alone', async () => {
    const cookie = await fixture.signIn('admin');
    const told = await messages(await ask({ ...span, settings: [slower], vehicles: ['V2'] }, cookie));
    expect(told.at(-1)).toMatchObject({ type: 'result', judged: 0, counts: {} });
  });

  it('says which setting cannot be', async () => {
    const cookie = await fixture.signIn('admin');
    const told = await messages(await ask({ ...span, settings: [{ ...slower, value: 'fast' }] }, cookie));
    expect(told).toEqual([
      { type: 'refused', errors: [{ path: '2/value', reason: '"fast" is not a number from 0 to 200' }] },
    ]);
  });

  it('ends when nobody waits for it any more, and makes room for the next', async () => {
    const cookie = await fixture.signIn('admin');
    const hangUp = new AbortController();
    served = [DRIVE.slice(0, 15), ...Array.from({ length: 100_000 }, () => DRIVE.slice(15, 16))];
    const answer = await ask({ ...span, settings: [] }, cookie, hangUp.signal);
    const reader = answer.body!.getReader();
    await reader.read();
    expect((await ask({ ...span, settings: [] }, cookie)).status).toBe(429);
    hangUp.abort();
    await reader.read().catch(() => undefined);
    while (!ended) await new Promise((resolve) => setImmediate(resolve));
    served = [DRIVE];
    let next = await ask({ ...span, settings: [] }, cookie);
    while (next.status === 429) next = await ask({ ...span, settings: [] }, cookie);
    expect((await messages(next)).at(-1)).toMatchObject({ type: 'result', judged: DRIVE.length });
  });

  it('is for administrators, of at most a week', async () => {
    expect((await ask({ ...span, settings: [] }, await fixture.signIn('police1'))).status).toBe(403);
    const long = { from: '2026-11-01T00:00:00+08:00', to: '2026-11-20T00:00:00+08:00', settings: [] };
    expect((await ask(long, await fixture.signIn('admin'))).status).toBe(400);
    expect(SMALL_PLAN.has('rule_settings.csv')).toBe(false);
  });
});
