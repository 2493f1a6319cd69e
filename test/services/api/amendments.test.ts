import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import type { CurrentPlan } from '../../../services/plan/current-plan.ts';
import { importPlan } from '../../../services/plan/import-plan.ts';
import { watchPlan } from '../../../services/plan/watch-plan.ts';
import { memoryPlans } from '../../support/memory-plans.ts';
import { silent } from '../bus/bus-behaviour.ts';
import { at, SMALL_PLAN, type Who } from './small-plan.ts';
import { type Fixture, finding, startFixture, stored } from './web-fixture.ts';

let fixture: Fixture;
let plan: CurrentPlan;
let plans: ReturnType<typeof memoryPlans>;

beforeEach(async () => {
  plans = memoryPlans();
  const bus = inProcessBus(silent);
  await importPlan({ files: SMALL_PLAN, store: { plans }, bus, note: 'first' });
  plan = await watchPlan({ store: plans, bus, log: silent });
  fixture = await startFixture({ bus, plan, prepare: ({ store }) => Object.assign(store, { plans }) });
});
afterEach(async () => {
  await plan.close();
  await fixture.close();
});

interface Row {
  readonly id: string;
  readonly [field: string]: unknown;
}

interface Answer {
  readonly version: string;
  readonly item: Row;
  readonly items: (Row & { readonly seq: number })[];
  readonly defaults?: unknown[];
}

async function as(who: Who) {
  const cookie = await fixture.signIn(who);
  const send = (method: string) => async (path: string, body?: unknown) => {
    const init = { method, cookie, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fixture.ask(`/api/v1/${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Answer };
  };
  return { get: send('GET'), post: send('POST'), put: send('PUT'), delete: send('DELETE') };
}

const bound = (trip: string) =>
  plan.plan?.runsAt(at('12:00'), 12 * 3600 - 1).find((run) => run.trip.id === trip)?.vehicleId;

describe('dispatch of a trip', () => {
  it('is in force at once, on the record, and is undone', async () => {
    const admin = await as('admin');
    const answer = await admin.post('trips/T1/dispatch', { action: 'vehicle', value: 'V2', note: '故障' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        item: {
          tripId: 'T1',
          action: 'vehicle',
          value: 'V2',
          serviceDate: '20261124',
          by: 'admin',
          note: '故障',
        },
      },
    });
    expect(bound('T1')).toBe('V2');
    expect(plan.plan?.version).toBe(answer.body.version);
    expect((await admin.get('trips/T1')).body).toMatchObject({ vehicle: 'V2' });
    expect((await admin.get('dispatch')).body.items).toEqual([answer.body.item]);
    expect(fixture.audit.at(-1)).toMatchObject({ action: 'plan-amend', subject: answer.body.version });
    expect((await admin.get('plan/changes')).body.items[0]).toMatchObject({
      by: 'admin',
      diff: [{ resource: 'dispatch', removed: [], added: [{ tripId: 'T1' }] }],
    });
    const undone = await admin.delete(`trips/T1/dispatch/${answer.body.item.id}`);
    expect(undone.status).toBe(200);
    expect(bound('T1')).toBe('V1');
  });

  it('says what is wrong with a value, and changes nothing', async () => {
    const admin = await as('admin');
    const { version } = plan.plan ?? {};
    const answer = await admin.post('trips/T1/dispatch', { action: 'vehicle', value: 'V9' });
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'dispatch.csv:2/value', reason: '"V9" is not in vehicles.csv' }] },
    });
    expect(plan.plan?.version).toBe(version);
    expect((await admin.post('trips/T9/dispatch', { action: 'cancel' })).status).toBe(404);
    expect((await admin.delete('trips/T1/dispatch/none')).status).toBe(404);
  });

  it('outlives an import', async () => {
    const admin = await as('admin');
    await admin.post('trips/T1/dispatch', { action: 'vehicle', value: 'V2' });
    await admin.post('orders', { kind: 'ice', from: '2026-11-24', to: '2026-11-24' });
    const files = new Map(SMALL_PLAN).set('routes.txt', `${SMALL_PLAN.get('routes.txt')}R3,A,3,,3,\n`);
    const result = await importPlan({
      files,
      store: { plans },
      bus: fixture.bus,
      note: '',
      now: at('08:00'),
    });
    await plan.refresh();
    expect(result).toMatchObject({ ok: true, version: plan.plan?.version });
    expect(plan.plan?.routes.has('R3')).toBe(true);
    expect(bound('T1')).toBe('V2');
    expect(plan.plan?.amendments.orders).toHaveLength(1);
    const without = new Map(files).set('vehicles.csv', files.get('vehicles.csv')!.replace('V2,', 'V3,'));
    without.set('permits.csv', files.get('permits.csv')!.replace(',V2,', ',V3,'));
    without.set('duties.csv', files.get('duties.csv')!.replace(',V2,', ',V3,'));
    const next = await importPlan({
      files: without,
      store: { plans },
      bus: fixture.bus,
      note: '',
      now: at('08:00'),
    });
    await plan.refresh();
    expect(next).toMatchObject({ ok: true });
    expect(JSON.stringify(next)).toContain('left out');
    expect(bound('T1')).toBe('V1');
    expect(plan.plan?.amendments.orders).toHaveLength(1);
  });

  it('by many at once loses none', async () => {
    const admin = await as('admin');
    const answers = await Promise.all(
      ['10', '20', '30', '40', '50'].map((value) =>
        admin.post('trips/T1b/dispatch', { action: 'early', value }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(plan.plan?.amendments.dispatch.map((row) => row.value).sort()).toEqual([
      '10',
      '20',
      '30',
      '40',
      '50',
    ]);
  });
});

describe('amendments as resources', () => {
  it('are added, changed, replaced and taken out; a stale replacement is refused', async () => {
    const admin = await as('admin');
    const added = await admin.post('orders', {
      kind: 'snow',
      from: '2026-11-24 06:00',
      to: '2026-11-24 20:00',
      limitKmh: 20,
      text: '雪天限速',
    });
    expect(added).toMatchObject({
      status: 201,
      body: { item: { kind: 'snow', limitKmh: '20', area: null } },
    });
    const { id } = added.body.item;
    const ended = await admin.put(`orders/${id}`, { ...added.body.item, to: '2026-11-24 07:00' });
    expect(ended.status).toBe(200);
    expect(plan.plan?.amendments.orders[0]?.to).toBe(at('07:00'));
    expect((await admin.put('orders/none', added.body.item)).status).toBe(404);
    const stale = await admin.put('orders', { version: added.body.version, items: [] });
    expect(stale.status).toBe(409);
    expect((await admin.put('orders', { version: ended.body.version, items: [] })).status).toBe(200);
    expect((await admin.get('orders')).body.items).toEqual([]);
  });

  it('take back a change as long as nobody changed the same since', async () => {
    const admin = await as('admin');
    const row = { scope: 'platform', rule: 'speeding', parameter: 'other_road_kmh', value: 50 };
    const added = await admin.post('rule-settings', row);
    expect(added.status).toBe(201);
    await admin.post('excuses', { kind: 'weather', from: '20261124', to: '20261124', by: '气象台' });
    const [excuse, setting] = (await admin.get('plan/changes')).body.items;
    expect((await admin.post(`plan/changes/${setting?.seq}/undo`)).status).toBe(200);
    expect(plan.plan?.amendments).toMatchObject({ settings: [], excuses: [{ kind: 'weather' }] });
    expect((await admin.post(`plan/changes/${setting?.seq}/undo`)).status).toBe(409);
    expect((await admin.post(`plan/changes/${excuse?.seq}/undo`)).status).toBe(200);
    const first = (await admin.get('plan/changes')).body.items.at(-1);
    expect((await admin.post(`plan/changes/${first?.seq}/undo`)).status).toBe(409);
  });

  it('name every number with its default', async () => {
    const { body } = await (await as('admin')).get('rule-settings');
    expect(body.defaults).toContainEqual({ rule: 'speeding', parameter: 'other_road_kmh', value: 60 });
  });

  it('are for those who look after what they bind', async () => {
    const order = { kind: 'ice', from: '20261124', to: '20261124' };
    const police = await as('police1');
    expect((await police.post('orders', { ...order, district: 'D1' })).status).toBe(201);
    expect((await police.post('orders', { ...order, district: 'D2' })).status).toBe(403);
    expect((await police.post('orders', order)).status).toBe(403);
    expect((await police.post('trips/T1/dispatch', { action: 'cancel' })).status).toBe(403);
    expect((await police.get('rule-settings')).status).toBe(403);
    const school = await as('school1');
    expect((await school.post('trips/T1/dispatch', { action: 'early', value: '5' })).status).toBe(201);
    expect((await school.post('trips/T2/dispatch', { action: 'cancel' })).status).toBe(404);
    const day = { date: '20261125', kind: 'holiday' };
    expect((await school.post('school-calendar', { ...day, schoolId: 'S1' })).status).toBe(201);
    expect((await school.post('school-calendar', { ...day, schoolId: 'S2' })).status).toBe(403);
    expect((await school.post('school-calendar', day)).status).toBe(403);
    const guardian = await as('guardian1');
    for (const path of ['orders', 'dispatch', 'plan/changes'])
      expect((await guardian.get(path)).status).toBe(403);
    expect((await fixture.ask('/api/v1/orders')).status).toBe(401);
  });
});

describe('alerts of rules in shadow', () => {
  it('are for administrators who ask for them', async () => {
    const shadow = finding('s', 'V1', at('07:00'), { shadow: true });
    fixture.findings.set('s', stored(shadow, 'D1', ['S1']));
    const admin = await as('admin');
    expect((await admin.get('alerts')).body.items).toEqual([]);
    expect((await admin.get('alerts?shadow=true')).body.items).toMatchObject([{ id: 's', shadow: true }]);
    const police = await as('police1');
    expect((await police.get('alerts?shadow=true')).status).toBe(403);
    expect((await police.get('alerts/s')).status).toBe(404);
  });
});
