import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, PEOPLE, type Who } from './small-plan.ts';
import { type Fixture, finding, progressOf, report, startFixture, stored } from './web-fixture.ts';

/** At 07:05 the bus of district 1 is on its way to school 1 with child K1, the bus of district 2 likewise. */
let web: Fixture;
const cookies = new Map<Who | 'nobody', string>();
const everybody = Object.keys(PEOPLE) as Who[];

const WIDE: Who[] = ['admin', 'policeAll', 'transportAll'];
const OF_1: Who[] = [...WIDE, 'police1', 'transport1', 'education1', 'provider1', 'school1'];
const OF_2: Who[] = [...WIDE, 'police2', 'transport2', 'education2', 'provider2', 'school2'];
const NO_FAMILY = everybody.filter((who) => !who.startsWith('guardian'));
const CREW: Who[] = ['escort1', 'escort2', 'escortNone'];

beforeAll(async () => {
  web = await startFixture({
    prepare: (memory) => {
      memory.setLatest([
        { vehicle: 'V1', last: report('V1', at('07:04')), progress: progressOf('T1', 'A1') },
        { vehicle: 'V2', last: report('V2', at('07:04')), progress: progressOf('T2', 'B2') },
        {
          vehicle: 'terminal:13999999999',
          last: report('terminal:13999999999', at('07:04')),
          progress: null,
        },
      ]);
      memory.setTrack([report('V1', at('07:01')), report('V1', at('12:00')), report('V2', at('07:01'))]);
    },
  });
  for (const who of everybody) cookies.set(who, await web.signIn(who));
});
afterAll(() => web.close());

async function answers(path: string, init: RequestInit = {}): Promise<Map<Who | 'nobody', Response>> {
  const asked = [...everybody, 'nobody' as const].map(
    async (who) => [who, await web.ask(path, { ...init, cookie: cookies.get(who) })] as const,
  );
  return new Map(await Promise.all(asked));
}

/** Status by person; whoever is not named gets the second status. Nobody signed in: 401. */
async function expectStatus(
  path: string,
  allowed: readonly Who[],
  [yes, no]: [number, number | ((who: Who) => number)],
  init: RequestInit = {},
): Promise<void> {
  const got = await answers(path, init);
  for (const [who, { status }] of got) {
    const denied = who === 'nobody' ? 401 : typeof no === 'number' ? no : no(who);
    expect(status, `${who} ${init.method ?? 'GET'} ${path}`).toBe(
      who !== 'nobody' && allowed.includes(who) ? yes : denied,
    );
  }
}

/** Which of the ids a person finds in a list. */
async function expectItems(
  path: string,
  idOf: (item: Record<string, unknown>) => unknown,
  expected: { [id: string]: readonly Who[] },
  refused: readonly Who[] = [],
): Promise<void> {
  for (const [who, answer] of await answers(path)) {
    if (who === 'nobody') {
      expect(answer.status).toBe(401);
      continue;
    }
    expect(answer.status, `${who} ${path}`).toBe(refused.includes(who) ? 403 : 200);
    if (answer.status !== 200) continue;
    const { items } = (await answer.json()) as { items: Record<string, unknown>[] };
    const ids = Object.keys(expected).filter((id) => expected[id]?.includes(who));
    expect([...new Set(items.map(idOf))].sort(), `${who} ${path}`).toEqual(ids.sort());
  }
}

const guardians: Who[] = ['guardian1', 'guardian2', 'guardianNone'];
const seesV1: Who[] = [...OF_1, 'guardian1', 'escort1'];
const seesV2: Who[] = [...OF_2, 'guardian2', 'escort2'];

describe('every endpoint, for everybody', () => {
  it('session', () => expectStatus('/api/v1/session', everybody, [200, 200]));

  it('map-config needs no sign-in', async () => {
    for (const [, answer] of await answers('/api/v1/map-config')) expect(answer.status).toBe(200);
  });

  it('vehicles', () =>
    expectItems('/api/v1/vehicles', (v) => v.id, {
      V1: seesV1,
      V2: seesV2,
      'terminal:13999999999': WIDE,
    }));

  it('fleet', () =>
    expectItems('/api/v1/fleet', (v) => v.id, {
      V1: seesV1,
      V2: seesV2,
      'terminal:13999999999': WIDE,
    }));

  it('vehicles/{id}', async () => {
    await expectStatus('/api/v1/vehicles/V1', seesV1, [200, 404]);
    await expectStatus('/api/v1/vehicles/terminal:13999999999', WIDE, [200, 404]);
    await expectStatus('/api/v1/vehicles/none', [], [200, 404]);
  });

  it('positions/latest', () =>
    expectItems('/api/v1/positions/latest', (p) => p.vehicle, {
      V1: seesV1,
      V2: seesV2,
      'terminal:13999999999': WIDE,
    }));

  it('vehicles/{id}/positions', async () => {
    const path = `/api/v1/vehicles/V1/positions?from=2026-11-24T06:00:00%2B08:00&to=2026-11-24T13:00:00%2B08:00`;
    const denied = (who: Who) => (who.startsWith('guardian') ? 403 : 404);
    await expectStatus(path, [...OF_1, 'escort1'], [200, denied]);
    const points = async (who: Who) =>
      ((await (await web.ask(path, { cookie: cookies.get(who) })).json()) as { items: unknown[] }).items
        .length;
    expect(await points('admin')).toBe(2);
    expect(await points('school1')).toBe(2);
    expect(await points('escort1')).toBe(1);
  });

  it('trips', () =>
    expectItems('/api/v1/trips', (t) => t.trip, {
      T1: seesV1,
      T1b: seesV1,
      T2: seesV2,
    }));

  it('trips/{id}', () => expectStatus('/api/v1/trips/T1', seesV1, [200, 404]));

  it('routes', () => expectItems('/api/v1/routes', (r) => r.id, { R1: seesV1, R2: seesV2 }));

  it('schools', () => expectItems('/api/v1/schools', (s) => s.id, { S1: seesV1, S2: seesV2 }));

  it('permits', () =>
    expectItems('/api/v1/permits', (p) => p.no, { P1: OF_1, P2: OF_2 }, [...guardians, ...CREW]));

  it('riders', async () => {
    const mayAsk: Who[] = ['admin', 'school1', 'school2', 'schoolNone', ...guardians];
    await expectItems(
      '/api/v1/riders',
      (r) => r.id,
      {
        K1: ['admin', 'school1', 'guardian1'],
        K2: ['admin', 'school2', 'guardian2'],
        K3: ['admin', 'school1'],
      },
      everybody.filter((who) => !mayAsk.includes(who)),
    );
  });

  it('alerts', async () => {
    web.findings.set('F1', stored(finding('F1', 'V1', at('07:02')), 'D1', ['S1']));
    web.findings.set('F2', stored(finding('F2', 'V2', at('07:03')), 'D2', ['S2']));
    web.findings.set('F3', stored(finding('F3', 'terminal:13999999999', at('07:03')), null, []));
    await expectItems(
      '/api/v1/alerts',
      (a) => a.id,
      { F1: [...OF_1, 'escort1'], F2: [...OF_2, 'escort2'], F3: WIDE },
      guardians,
    );
  });

  it('alerts/{id}', () =>
    expectStatus(
      '/api/v1/alerts/F1',
      [...OF_1, 'escort1'],
      [200, (who) => (who.startsWith('guardian') ? 403 : 404)],
    ));

  it('alerts/{id}/acknowledge', () =>
    expectStatus(
      '/api/v1/alerts/F1/acknowledge',
      OF_1,
      [200, (who) => (who.startsWith('guardian') || who.startsWith('escort') ? 403 : 404)],
      { method: 'POST', body: '{}' },
    ));

  it('alerts/{id}/resolve', () =>
    expectStatus(
      '/api/v1/alerts/F1/resolve',
      OF_1.filter((who) => who !== 'school1' && who !== 'education1'),
      [200, (who) => (/^(police|transport|provider)/.test(who) ? 404 : 403)],
      { method: 'POST', body: '{"resolution":"handled"}' },
    ));

  it('terminals', async () => {
    const row = { tokenHash: null, plate: '', plateColour: 0, manufacturer: '', model: '', terminalId: '' };
    const more = { version: '2013', imei: null, approved: true, registeredAt: null, lastSeenAt: at('07:04') };
    for (const phone of ['13900000001', '13900000002', '13999999999']) {
      web.terminals.set(phone, { phone, ...row, ...more });
    }
    const mayAsk = everybody.filter((who) => /^(admin|transport|provider)/.test(who));
    await expectItems(
      '/api/v1/terminals',
      (t) => t.phone,
      {
        '13900000001': ['admin', 'transport1', 'transportAll', 'provider1'],
        '13900000002': ['admin', 'transport2', 'transportAll', 'provider2'],
        '13999999999': ['admin', 'transportAll'],
      },
      everybody.filter((who) => !mayAsk.includes(who)),
    );
  });

  it('terminals/{phone}/commands', async () => {
    const path = '/api/v1/terminals/013900000001/commands';
    const carriers: Who[] = ['admin', 'transport1', 'transportAll', 'provider1'];
    const commands = /^(admin|transport|provider)/;
    const denied = (who: Who) => (commands.test(who) ? 404 : 403);
    const post = (body: object) => ({ method: 'POST', body: JSON.stringify(body) });
    // 202: allowed, and it waits for the terminal.
    await expectStatus(path, carriers, [202, denied], post({ type: 'locate' }));
    await expectStatus(path, carriers, [200, denied]);
    const configures = carriers.filter((who) => who !== 'provider1');
    const noRight = (who: Who) => (carriers.includes(who) ? 403 : denied(who));
    await expectStatus(path, configures, [202, noRight], post({ type: 'delete_areas', which: 'circles' }));
    await expectStatus(path, ['admin'], [202, noRight], post({ type: 'control_terminal', action: 'reset' }));
    await expectStatus('/api/v1/terminals/013900000001/parameters', carriers, [200, denied]);
    const row = [...web.commands.rows.values()][0];
    await expectStatus(`${path}/${row?.id}`, carriers, [200, denied]);
    // The first takes it out of the queue, so the others come too late.
    const cancel = await answers(`${path}/${row?.id}/cancel`, { method: 'POST' });
    const cancelled = [...cancel].filter(([who]) => who !== 'nobody' && carriers.includes(who));
    expect(cancelled.map(([, { status }]) => status).sort()).toEqual([200, 409, 409, 409]);
    for (const [who, { status }] of cancel)
      if (who !== 'nobody' && !carriers.includes(who)) expect(status, who).toBe(denied(who));
    // A command is found under its own terminal alone.
    await expectStatus(`/api/v1/terminals/013900000002/commands/${row?.id}`, [], [200, denied]);
  });

  it('command-kinds', async () => {
    for (const [who, answer] of await answers('/api/v1/command-kinds')) {
      const may = /^(admin|transport|provider)/.test(who);
      expect(answer.status, who).toBe(who === 'nobody' ? 401 : may ? 200 : 403);
      if (!may) continue;
      const { items } = (await answer.json()) as { items: { type: string; right: string }[] };
      expect(
        items.some(({ right }) => right === 'control'),
        who,
      ).toBe(who === 'admin');
      expect(items.map(({ type }) => type).includes('plan_areas'), who).toBe(!who.startsWith('provider'));
    }
  });

  it('reports/summary', async () => {
    const mayAsk = NO_FAMILY.filter((who) => !CREW.includes(who));
    await expectStatus('/api/v1/reports/summary', mayAsk, [200, 403]);
    const answer = await web.ask('/api/v1/reports/summary', { cookie: cookies.get('police1') });
    expect(await answer.json()).toMatchObject({
      vehicles: { live: 0, delayed: 1, stale: 0, never: 0 },
      alerts: { total: 1, byRule: { speeding: 1 } },
    });
  });

  it('plan/geometry', async () => {
    for (const [who, answer] of await answers('/api/v1/plan/geometry')) {
      if (who === 'nobody') {
        expect(answer.status).toBe(401);
        continue;
      }
      expect(answer.status).toBe(200);
      const plan = (await answer.json()) as Record<string, { features: { properties: { id: string } }[] }>;
      const ids = (layer: string) =>
        [...new Set(plan[layer]?.features.map((feature) => feature.properties.id))].sort();
      const sees1 = seesV1.includes(who);
      const sees2 = seesV2.includes(who);
      const family = who.startsWith('guardian');
      const both = <T>(one: T[], two: T[]) => [...(sees1 ? one : []), ...(sees2 ? two : [])];
      expect(ids('schools'), who).toEqual(both(['S1'], ['S2']));
      expect(ids('routes'), who).toEqual(family ? [] : both(['R1'], ['R2']));
      expect(ids('stops'), who).toEqual(
        family
          ? both(['A2', 'G1'], ['B2', 'G2'])
          : both(['A1', 'A2'], ['B1', 'B2']).concat(both(['G1'], ['G2'])),
      );
      expect(ids('fences').length > 0, who).toBe(!family);
    }
  });
});

describe('what a guardian is not shown', () => {
  it('speed, names of crew, other stops, other children, a permit or a phone number', async () => {
    const answer = await web.ask('/api/v1/vehicles/V1', { cookie: cookies.get('guardian1') });
    const bus = (await answer.json()) as {
      run: { driver: unknown; escort: unknown; stops: { id: string; riders: number }[] };
      position: { run: { nextStop: string | null; nextStopName: string | null } };
      permit: unknown;
      terminalPhone: string;
    };
    expect(bus.position).not.toHaveProperty('speedKmh');
    expect(bus.position.run).toMatchObject({ nextStop: null, nextStopName: null });
    expect(bus.run.stops.map((stop) => [stop.id, stop.riders])).toEqual([
      ['A2', 1],
      ['G1', 0],
    ]);
    expect(bus.run).toMatchObject({ driver: null, escort: null });
    expect(bus).toMatchObject({ permit: null, terminalPhone: '' });
    expect(JSON.stringify(bus)).not.toMatch(/花园新村|139000/);
    const riders = await (await web.ask('/api/v1/riders', { cookie: cookies.get('guardian1') })).text();
    expect(riders).not.toContain('1380000');
  });

  it('anything at all once the window has closed', async () => {
    web.clock.now = at('07:30');
    try {
      const cookie = await web.signIn('guardian1');
      expect((await web.ask('/api/v1/vehicles/V1', { cookie })).status).toBe(404);
      const latest = await (await web.ask('/api/v1/positions/latest', { cookie })).json();
      expect(latest).toMatchObject({ items: [] });
    } finally {
      web.clock.now = at('07:05');
    }
  });
});

describe('looks at pupils', () => {
  it('are in the audit log, and not answered without it', async () => {
    const before = web.audit.length;
    await web.ask('/api/v1/riders', { cookie: cookies.get('school1') });
    const entry = web.audit.slice(before).find(({ action }) => action === 'riders-read');
    expect(entry).toMatchObject({ userId: PEOPLE.school1.id, detail: { riders: ['K1', 'K3'] } });
    expect(JSON.stringify(entry)).not.toContain('小明');
  });
});
