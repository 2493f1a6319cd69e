import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RegisterRow, RegisterRows, UploadView } from '../../../services/api/contract.ts';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import type { CurrentPlan } from '../../../services/plan/current-plan.ts';
import { importPlan } from '../../../services/plan/import-plan.ts';
import { watchPlan } from '../../../services/plan/watch-plan.ts';
import { memoryPlans } from '../../support/memory-plans.ts';
import { silent } from '../bus/bus-behaviour.ts';
import { PEOPLE, SMALL_PLAN, type Who } from './small-plan.ts';
import { type Fixture, startFixture } from './web-fixture.ts';

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

interface Problem {
  readonly status: number;
  readonly detail?: string;
  readonly errors?: { readonly path: string; readonly reason: string }[];
}

async function as(who: Who) {
  const cookie = await fixture.signIn(who);
  const send =
    (method: string) =>
    async <T = RegisterRows & Problem>(path: string, body?: unknown) => {
      const init = { method, cookie, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const answer = await fixture.ask(`/api/v1/${path}`, init);
      return { status: answer.status, body: (await answer.json()) as T };
    };
  const upload = async (query: string, body: BodyInit, type = 'text/csv') => {
    const init = { method: 'POST', cookie, body, headers: { 'content-type': type } };
    const answer = await fixture.ask(`/api/v1/plan/upload?${query}`, init);
    return { status: answer.status, body: (await answer.json()) as UploadView };
  };
  const row = async (register: string, key: string) =>
    (await send('GET')<RegisterRow>(`registers/${register}/${encodeURIComponent(key)}`)).body;
  return {
    get: send('GET'),
    post: send('POST'),
    put: send('PUT'),
    delete: send('DELETE'),
    upload,
    row,
    cookie,
  };
}

describe('a row of a register', () => {
  it('is changed, in force at once, on the record, and taken back', async () => {
    const admin = await as('admin');
    const before = await admin.row('permits', 'P1');
    const answer = await admin.put<{ version: string; row: RegisterRow }>('registers/permits/P1', {
      cells: { validTo: '20261231', status: 'suspended' },
      rowVersion: before.rowVersion,
      note: '年审',
    });
    expect(answer).toMatchObject({ status: 200, body: { row: { cells: { status: 'suspended' } } } });
    expect(plan.plan?.version).toBe(answer.body.version);
    expect(plan.plan?.permitsByVehicle.get('V1')).toMatchObject([
      { status: 'suspended', validTo: '20261231' },
    ]);
    const changes = (await admin.get('plan/changes')).body as unknown as {
      items: { seq: number; diff: unknown }[];
    };
    expect(changes.items[0]).toMatchObject({
      by: 'admin',
      note: '年审',
      diff: [{ resource: 'permits', removed: [{ status: 'valid' }], added: [{ status: 'suspended' }] }],
    });
    expect((await admin.post(`plan/changes/${changes.items[0]?.seq}/undo`)).status).toBe(200);
    expect(plan.plan?.permitsByVehicle.get('V1')).toMatchObject([{ status: 'valid', validTo: '20271231' }]);
    expect(plan.files?.get('permits.csv')).toBe(SMALL_PLAN.get('permits.csv'));
    expect((await admin.post(`plan/changes/${changes.items[0]?.seq}/undo`)).status).toBe(409);
  });

  it('is not changed over somebody else’s change of it, but beside any other', async () => {
    const admin = await as('admin');
    const seen = await admin.row('vehicles', 'V1');
    const other = await admin.row('vehicles', 'V2');
    const put = (key: string, cells: object, rowVersion: string) =>
      admin.put(`registers/vehicles/${key}`, { cells, rowVersion });
    expect((await put('V2', { seats: 20 }, other.rowVersion)).status).toBe(200);
    expect((await put('V1', { seats: 40 }, seen.rowVersion)).status).toBe(200);
    expect((await put('V1', { seats: 50 }, seen.rowVersion)).status).toBe(409);
    expect(plan.plan?.vehicles.get('V1')?.seats).toBe(40);
  });

  it('says of each cell what is wrong with it, and changes nothing', async () => {
    const admin = await as('admin');
    const { version } = plan.plan!;
    const seen = await admin.row('vehicles', 'V1');
    const wrong = await admin.put('registers/vehicles/V1', {
      cells: { plate: '苏D00002', seats: 'many' },
      rowVersion: seen.rowVersion,
    });
    expect(wrong).toMatchObject({ status: 400 });
    expect(wrong.body.errors).toEqual([
      { path: 'vehicles.csv:2/seats', reason: '"many" is not a whole number from 1 to 300' },
      { path: 'vehicles.csv:3/plate', reason: '"苏D00002" is already the plate of vehicle "V1"' },
    ]);
    const gone = await admin.delete(`registers/vehicles/V1?rowVersion=${seen.rowVersion}`);
    expect(gone.body.errors?.map(({ path }) => path)).toContain('permits.csv:2/vehicleId');
    expect(
      (await admin.put('registers/vehicles/V1', { cells: { wings: '2' }, rowVersion: seen.rowVersion }))
        .status,
    ).toBe(400);
    expect((await admin.get('registers/vehicles/V9')).status).toBe(404);
    expect(plan.plan?.version).toBe(version);
  });

  it('is added and taken out: a vehicle, a fence that was drawn, the line of a route', async () => {
    const admin = await as('admin');
    const added = await admin.post<{ row: RegisterRow }>('registers/vehicles', {
      cells: { vehicleId: 'V3', plate: '苏D00003', terminalPhone: '013900000003' },
    });
    expect(added.status).toBe(201);
    expect(plan.plan?.vehicleByPhone.get('13900000003')?.id).toBe('V3');
    expect((await admin.post('registers/vehicles', { cells: { vehicleId: 'V3' } })).status).toBe(409);
    const gone = await admin.delete(`registers/vehicles/V3?rowVersion=${added.body.row.rowVersion}`);
    expect(gone.status).toBe(200);
    expect(plan.plan?.vehicles.has('V3')).toBe(false);
    const geometry = {
      type: 'Polygon',
      coordinates: [
        [
          [119.9, 31.7],
          [119.91, 31.7],
          [119.91, 31.71],
          [119.9, 31.7],
        ],
      ],
    };
    const fence = await admin.post<{ row: RegisterRow }>('registers/fences', {
      cells: { kind: 'danger_section', name: '急弯', geometry: JSON.stringify(geometry) },
    });
    expect(fence).toMatchObject({
      status: 201,
      body: { row: { key: 'F-2', cells: { id: 'F-2', kind: 'danger_section' } } },
    });
    expect(plan.plan?.fences).toHaveLength(2);
    const crossed = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 1],
          [1, 0],
          [0, 1],
          [0, 0],
        ],
      ],
    };
    const refused = await admin.post('registers/fences', {
      cells: { kind: 'depot', geometry: JSON.stringify(crossed) },
    });
    expect(refused).toMatchObject({
      status: 400,
      body: { errors: [{ path: expect.stringContaining('fences.geojson:4') }] },
    });
  });
});

describe('who keeps which register', () => {
  const statusOf = async (who: Who, register: string, key: string, cells: object) => {
    const user = await as(who);
    const seen = await (await as('admin')).row(register, key);
    return (
      await user.put(`registers/${register}/${encodeURIComponent(key)}`, {
        cells,
        rowVersion: seen.rowVersion,
      })
    ).status;
  };

  it('each their own part, and nothing into it or out of it', async () => {
    expect(await statusOf('transport1', 'vehicles', 'V1', { seats: 30 })).toBe(200);
    expect(await statusOf('transport1', 'vehicles', 'V2', { seats: 30 })).toBe(404);
    expect(await statusOf('transport1', 'vehicles', 'V1', { district: 'D2' })).toBe(403);
    expect(await statusOf('police1', 'vehicles', 'V1', { seats: 31 })).toBe(403);
    expect(await statusOf('police1', 'permits', 'P1', { status: 'suspended' })).toBe(200);
    expect(await statusOf('police2', 'permits', 'P1', { status: 'valid' })).toBe(404);
    expect(await statusOf('police1', 'permits', 'P1', { vehicleId: 'V2' })).toBe(403);
    expect(await statusOf('school1', 'duties', '|ALL|T1|V1', { escortId: 'ES2' })).toBe(200);
    expect(await statusOf('school1', 'duties', '|ALL|T2|V2', { escortId: 'ES1' })).toBe(404);
    expect(await statusOf('transport1', 'calendar', 'ALL', { monday: '0' })).toBe(403);
    expect(await statusOf('transportAll', 'calendar', 'ALL', { sunday: '0' })).toBe(200);
    expect(await statusOf('transport1', 'people', 'DR1', { phone: '13900005555' })).toBe(200);
    expect(await statusOf('transport1', 'people', 'DR2', { phone: '13900005555' })).toBe(404);
  });

  it('sees of lists what is in reach; families and escorts see none', async () => {
    const keys = async (who: Who, register: string) => {
      const answer = await (await as(who)).get(`registers/${register}`);
      return answer.status === 200 ? answer.body.items.map(({ key }) => key) : answer.status;
    };
    expect(await keys('police1', 'vehicles')).toEqual(['V1']);
    expect(await keys('school2', 'permits')).toEqual(['P2']);
    expect(await keys('transport1', 'people')).toEqual(['DR1', 'ES1']);
    expect(await keys('schoolNone', 'duties')).toEqual([]);
    for (const who of Object.keys(PEOPLE) as Who[]) {
      if (!/^(guardian|escort)/.test(who)) continue;
      for (const path of [
        'registers',
        'registers/people',
        'registers/people/DR1',
        'expiring',
        'registers/people/file',
      ])
        expect((await (await as(who)).get(path)).status, `${who} ${path}`).toBe(403);
    }
  });

  it('a new fence of a district is the district’s', async () => {
    const geometry = JSON.stringify({
      type: 'LineString',
      coordinates: [
        [119.9, 31.7],
        [119.91, 31.71],
      ],
    });
    const police = await as('police1');
    const made = await police.post<{ row: RegisterRow }>('registers/fences', {
      cells: { kind: 'tunnel', geometry },
    });
    expect(made).toMatchObject({ status: 201, body: { row: { cells: { district: 'D1' }, mayEdit: true } } });
    const other = await as('police2');
    expect((await other.delete(`registers/fences/F-2?rowVersion=${made.body.row.rowVersion}`)).status).toBe(
      404,
    );
    expect((await police.delete(`registers/fences/F-2?rowVersion=${made.body.row.rowVersion}`)).status).toBe(
      200,
    );
  });
});

describe('people', () => {
  it('are masked in lists and in the history; each look at one is audited; searches tell nothing hidden', async () => {
    const admin = await as('admin');
    const list = await admin.get('registers/people?role=driver');
    expect(list.body.items.map(({ cells }) => [cells.name, cells.phone])).toEqual([
      ['王**', '139****1111'],
      ['李**', '139****2222'],
    ]);
    expect((await admin.get(`registers/people?search=${encodeURIComponent('王')}`)).body.total).toBe(0);
    expect(fixture.audit.some(({ action }) => action === 'register-read')).toBe(false);
    const one = await admin.row('people', 'DR1');
    expect(one).toMatchObject({ masked: false, cells: { name: '王师傅', phone: '13900001111' } });
    expect(fixture.audit.at(-1)).toMatchObject({ action: 'register-read', subject: 'people: DR1' });
    await admin.put('registers/people/DR1', { cells: { name: '王大师' }, rowVersion: one.rowVersion });
    expect(plan.plan?.people.get('DR1')?.name).toBe('王大师');
    expect(JSON.stringify(fixture.audit)).not.toMatch(/王大师|王师傅/);
    expect(JSON.stringify((await admin.get('plan/changes')).body)).not.toMatch(/王大师|王师傅|1390000/);
  });
});

describe('an upload', () => {
  const CSV = 'vehicle_id,plate,seats\nV2,苏D00002,20\nV3,苏D00003,30\n';

  it('of one file is shown as a difference, then put in force, and can be taken back', async () => {
    const admin = await as('admin');
    const { version } = plan.plan!;
    const preview = await admin.upload('name=vehicles.csv', CSV);
    expect(preview).toMatchObject({
      status: 200,
      body: {
        ok: true,
        version,
        inForce: false,
        changes: [{ file: 'vehicles.csv', added: 1, changed: 1, removed: 0 }],
      },
    });
    expect(plan.plan?.version).toBe(version);
    const done = await admin.upload(`name=vehicles.csv&expected=${version}`, CSV);
    expect(done.body).toMatchObject({ ok: true, inForce: true });
    expect(plan.plan?.vehicles.get('V2')).toMatchObject({ seats: 20, district: 'D2' });
    expect(plan.plan?.vehicles.size).toBe(3);
    expect((await admin.upload(`name=vehicles.csv&expected=${version}`, CSV)).status).toBe(409);
    const { items } = (await admin.get('plan/changes')).body as unknown as { items: { seq: number }[] };
    expect((await admin.post(`plan/changes/${items[0]?.seq}/undo`)).status).toBe(200);
    expect(plan.plan?.vehicles.size).toBe(2);
  });

  it('that is wrong says in which file, line and column, and why; nothing of it is taken', async () => {
    const admin = await as('admin');
    const { version } = plan.plan!;
    const answer = await admin.upload(
      `name=permits.csv&expected=${version}&merge=false`,
      'permit_no,vehicle_id,valid_from,valid_to,status\nP1,V9,20260101,20261301,valid\n',
    );
    expect(answer.body).toMatchObject({
      ok: false,
      problems: [
        { file: 'permits.csv', line: 2, column: 'vehicle_id', reason: '"V9" is not in vehicles.csv' },
        { file: 'permits.csv', line: 2, column: 'valid_to' },
      ],
    });
    expect((await admin.upload('name=riders.xls', 'x')).body).toMatchObject({ ok: false });
    expect((await admin.upload('name=plan.zip', 'no zip', 'application/zip')).body).toMatchObject({
      ok: false,
    });
    expect(plan.plan?.version).toBe(version);
  });

  it('of a whole plan comes and goes as a zip, for administrators alone', async () => {
    const admin = await as('admin');
    const out = await fixture.ask('/api/v1/plan/file', { cookie: admin.cookie });
    expect(out.headers.get('content-type')).toBe('application/zip');
    const same = await admin.upload('name=plan.zip', await out.arrayBuffer(), 'application/zip');
    expect(same.body).toMatchObject({ ok: true, changes: [] });
    const files = new Map(SMALL_PLAN).set('routes.txt', `${SMALL_PLAN.get('routes.txt')}R3,A,3,三号线,3,\n`);
    const zip = zipSync(
      Object.fromEntries([...files].map(([name, text]) => [name, new TextEncoder().encode(text)])),
    );
    const { version } = plan.plan!;
    const done = await admin.upload(`name=plan.zip&expected=${version}`, zip, 'application/zip');
    expect(done.body).toMatchObject({ ok: true, inForce: true, changes: [{ file: 'routes.txt', added: 1 }] });
    expect(plan.plan?.routes.has('R3')).toBe(true);
    for (const who of ['transportAll', 'policeAll', 'school1'] as const) {
      const other = await as(who);
      expect((await other.upload('name=plan.zip', zip, 'application/zip')).status, who).toBe(403);
      expect((await other.get('plan/file')).status, who).toBe(403);
    }
  });

  it('of a district is refused where it reaches beyond it', async () => {
    const transport = await as('transport1');
    expect((await transport.upload('name=vehicles.csv', CSV)).status).toBe(403);
    const own = await transport.upload('name=vehicles.csv', 'vehicle_id,seats\nV1,33\n');
    expect(own.body).toMatchObject({ ok: true, changes: [{ changed: 1 }] });
    const riders = await transport.upload('name=riders.csv', 'rider_id,trip_id,stop_id\nK9,T1,A2\n');
    expect(riders.status).toBe(403);
  });
});
