import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandView, TerminalParametersView } from '../../../services/api/contract.ts';
import { commandedSubject, commandSubject } from '../../../services/bus/subjects.ts';
import type { Areas } from '../../../services/commands/kinds/areas.ts';
import { type Fixture, publishPosition, report, startFixture } from './web-fixture.ts';

let web: Fixture;
let admin: string;
beforeAll(async () => {
  web = await startFixture();
  admin = await web.signIn('admin');
});
afterAll(() => web.close());

const get = (path: string, headers: Record<string, string> = {}) => web.ask(path, { cookie: admin, headers });
const json = async (path: string) => (await get(path)).json() as Promise<Record<string, unknown>>;

describe('commands to a terminal', () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
    web.commands.rows.clear();
  });
  const send = (body: unknown, phone = '013900000002', query = '') =>
    web.ask(`/api/v1/terminals/${phone}/commands${query}`, {
      method: 'POST',
      body: JSON.stringify(body),
      cookie: admin,
    });
  const registered = (version: string) =>
    web.terminals.set('13900000002', {
      phone: '13900000002',
      tokenHash: null,
      plate: '',
      plateColour: 0,
      manufacturer: '',
      model: '',
      terminalId: '',
      version,
      imei: null,
      approved: true,
      registeredAt: null,
      lastSeenAt: null,
    });

  it('are queued under who asked, for as long as they are worth it, and written down', async () => {
    const answer = await send({ type: 'text', text: '请减速', urgent: true });
    expect(answer.status).toBe(202);
    const command = (await answer.json()) as CommandView;
    expect(command).toMatchObject({
      phone: '13900000002',
      vehicle: 'V2',
      type: 'text',
      group: 'talk',
      request: { text: '请减速', urgent: true },
      state: 'queued',
      by: 'admin',
      connected: false,
      answers: [],
    });
    expect(Date.parse(command.expiresAt) - Date.parse(command.queuedAt)).toBe(600_000);
    expect(answer.headers.get('location')).toBe(`/api/v1/terminals/13900000002/commands/${command.id}`);
    const kept = (await json(
      `/api/v1/terminals/13900000002/commands/${command.id}`,
    )) as unknown as CommandView;
    expect(kept.events).toMatchObject([{ event: 'queued', detail: { user: 'admin', remote: '127.0.0.1' } }]);
    expect(web.audit.at(-1)).toMatchObject({
      action: 'terminal-command',
      subject: '13900000002',
      detail: { id: command.id, type: 'text' },
    });
    const brief = (await (await send({ type: 'locate', expiresInS: 30 })).json()) as CommandView;
    expect(Date.parse(brief.expiresAt) - Date.parse(brief.queuedAt)).toBe(30_000);
  });

  it('are told to whoever holds the terminal, and waited for where that is asked', async () => {
    const told: unknown[] = [];
    ends.push(
      web.bus.serve(commandSubject('13900000002'), async (payload) => {
        told.push(payload);
        const row = [...web.commands.rows.values()].at(-1)!;
        await web.commands.failed(row, 'terminal_unsupported', web.clock.now, {});
        const { id, phone, vehicle, type } = row;
        web.bus.publish(commandedSubject(phone), { id, phone, vehicle, type, state: 'failed' });
        return { held: true };
      }),
    );
    const answer = await send({ type: 'locate' }, undefined, '?wait=20');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      state: 'failed',
      reason: 'terminal_unsupported',
      connected: true,
    });
    expect(told).toHaveLength(1);
  });

  it('are listed newest first, in pages', async () => {
    for (const text of ['one', 'two', 'three']) await send({ type: 'text', text });
    const path = '/api/v1/terminals/13900000002/commands?limit=2';
    const first = (await json(path)) as unknown as { items: CommandView[]; next: string };
    expect(first.items.map(({ request }) => request.text)).toEqual(['three', 'two']);
    const second = await json(`${path}&before=${first.next}`);
    expect((second.items as CommandView[]).map(({ request }) => request.text)).toEqual(['one']);
    expect(second.next).toBeNull();
  });

  it('can be taken back before they are sent, and not after', async () => {
    const queued = (await (await send({ type: 'locate' })).json()) as CommandView;
    const cancel = () =>
      web.ask(`/api/v1/terminals/13900000002/commands/${queued.id}/cancel`, {
        method: 'POST',
        cookie: admin,
      });
    const answer = await cancel();
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      state: 'cancelled',
      events: [{ event: 'queued' }, { event: 'cancelled', detail: { user: 'admin' } }],
    });
    expect((await cancel()).status).toBe(409);
  });

  it('are refused with one reason where they are not right', async () => {
    expect((await send({ type: 'locate' }, '12345')).status).toBe(404);
    for (const body of [
      { type: 'explode' },
      {},
      { type: 'text', text: '' },
      { type: 'text', text: 'x', volume: 11 },
      { type: 'call_back', phoneNumber: 'mum' },
      { type: 'photo', channel: 0 },
      { type: 'locate', expiresInS: 1 },
    ]) {
      const answer = await send(body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      const { errors } = (await answer.json()) as { errors: unknown[] };
      expect(errors.length, JSON.stringify(body)).toBeLessThanOrEqual(2);
    }
    registered('2019');
    const question = { type: 'question', question: '到了吗', answers: ['是', '否'] };
    expect(await (await send(question)).json()).toMatchObject({ type: '/problems/not-in-edition' });
    registered('2013');
    expect((await send(question)).status).toBe(202);
  });

  it('that stop a bus need its plate and a bus that stands', async () => {
    const cut = (confirm?: string) =>
      send({ type: 'cut_supply', action: 'cut', ...(confirm && { confirm }) });
    const problemOf = async (answer: Promise<Response>) =>
      ((await (await answer).json()) as { type?: string }).type ?? 'none';
    const seen = (speedKmh: number, secondsAgo: number) =>
      publishPosition(web.bus, report('V2', web.clock.now - secondsAgo * 1_000, { speedKmh }));
    const heard = () => new Promise((resolve) => setImmediate(resolve));
    expect(await problemOf(cut())).toBe('/problems/not-confirmed');
    expect(await problemOf(cut('苏D00001'))).toBe('/problems/not-confirmed');
    web.clock.now += 3_600_000;
    expect(await problemOf(cut('苏D00002'))).toBe('/problems/vehicle-not-standing');
    seen(42, 20);
    await heard();
    expect(await problemOf(cut('苏D00002'))).toBe('/problems/vehicle-not-standing');
    expect(await problemOf(send({ type: 'control_doors', action: 'unlock' }))).toBe(
      '/problems/vehicle-not-standing',
    );
    expect((await send({ type: 'control_doors', action: 'lock' })).status).toBe(202);
    seen(0, 2);
    await heard();
    expect(await problemOf(cut())).toBe('/problems/not-confirmed');
    expect((await cut('苏D00002')).status).toBe(202);
    // To give a bus back what it needs asks for neither.
    expect((await send({ type: 'cut_supply', action: 'restore' })).status).toBe(202);
    web.clock.now -= 3_600_000;
  });

  it('give a bus the areas and ways of the plan, with the limit of each section', async () => {
    const answer = await send({ type: 'plan_areas' }, '013900000001');
    expect(answer.status).toBe(202);
    const { type, request } = (await answer.json()) as { type: string; request: Areas };
    expect(type).toBe('set_areas');
    expect(request.planVersion).toBe('small-1');
    expect(request.rectangles).toEqual([
      {
        id: 1,
        name: '校门前',
        north: 31.74,
        west: 119.89,
        south: 31.72,
        east: 119.91,
        maxSpeedKmh: 30,
        overspeedDurationS: 10,
      },
    ]);
    expect(request.circles.map(({ name, radiusM }) => [name, radiusM])).toEqual([['青禾小学', 80]]);
    expect(request.routes.map(({ name }) => name)).toEqual(['1 青禾小学', '1 花园新村']);
    const limits = request.routes[0]?.points.map(({ lat, maxSpeedKmh }) => [lat.toFixed(3), maxSpeedKmh]);
    // 60 km/h with pupils aboard, 30 from where the zone begins.
    expect(limits).toEqual([
      ['31.700', 60],
      ['31.720', 30],
      ['31.730', 30],
    ]);
  });

  it('show what is recommended beside what the terminal said', async () => {
    const read = async () =>
      (await json('/api/v1/terminals/13900000001/parameters')) as unknown as TerminalParametersView;
    const before = await read();
    expect(before.parameters.find(({ id }) => id === '0x0055')).toMatchObject({
      name: 'maxSpeedKmh',
      recommended: 60,
      reported: null,
      differs: false,
    });
    expect(before.plan).toMatchObject({ version: 'small-1', rectangles: 1, circles: 1, leftOut: 0 });
    const queued = (await (await send({ type: 'read_parameters' }, '013900000001')).json()) as CommandView;
    const begun = await web.commands.begin(
      { id: queued.id, attempt: 0 },
      { vehicleKey: 1, epoch: 1 },
      1,
      web.clock.now,
      {},
    );
    const params = [
      { id: '0x0055', value: 80 },
      { id: '0x0056', value: 10 },
    ];
    await web.commands.answered(begun!, { msgId: '0x0104', body: { params } }, web.clock.now, {});
    const after = await read();
    expect(after.parameters.filter(({ differs }) => differs)).toMatchObject([
      { id: '0x0055', recommended: 60, reported: 80 },
    ]);
    expect(after.parameters.find(({ id }) => id === '0x0056')).toMatchObject({
      reported: 10,
      differs: false,
    });
  });
});
