import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandView } from '../../../services/api/contract.ts';
import { at, PEOPLE } from './small-plan.ts';
import {
  type Fixture,
  finding,
  progressOf,
  publishPosition,
  report,
  startFixture,
  stored,
} from './web-fixture.ts';

let web: Fixture;
let admin: string;
beforeAll(async () => {
  web = await startFixture();
  admin = await web.signIn('admin');
});
afterAll(() => web.close());

const get = (path: string, headers: Record<string, string> = {}) => web.ask(path, { cookie: admin, headers });
const json = async (path: string) => (await get(path)).json() as Promise<Record<string, unknown>>;

describe('problems', () => {
  it('are RFC 9457 documents, whatever went wrong', async () => {
    const post = (body: string, type = 'application/json') =>
      web.ask('/api/v1/session', { method: 'POST', body, headers: { 'content-type': type } });
    const cases: [Promise<Response>, number, string][] = [
      [get('/api/v1/none'), 404, 'not-found'],
      [get('/none.js'), 404, 'not-found'],
      [get('/api/v1/vehicles/%'), 400, 'bad-request'],
      [web.ask('/api/v1/vehicles'), 401, 'sign-in-required'],
      [get('/api/v1/alerts?limit=0'), 400, 'bad-request'],
      [get('/api/v1/alerts?from=yesterday'), 400, 'bad-request'],
      [get('/api/v1/alerts?rule=none'), 400, 'bad-request'],
      [get('/api/v1/alerts?before=!'), 400, 'bad-request'],
      [get('/api/v1/positions/latest?bbox=1,2,3'), 400, 'bad-request'],
      [
        get('/api/v1/vehicles/V1/positions?from=2026-11-24T08:00:00Z&to=2026-11-24T07:00:00Z'),
        400,
        'bad-request',
      ],
      [get('/api/v1/vehicles/V1/positions?from=2026-01-01T08:00:00Z'), 400, 'bad-request'],
      [get('/api/v1/trips?date=20261345'), 400, 'bad-request'],
      [get(`/api/v1/vehicles/${'x'.repeat(500)}`), 400, 'bad-request'],
      [post('{'), 400, 'bad-request'],
      [post('{"login":"a"}'), 400, 'bad-request'],
      [post('{"login":"a","password":"b","more":1}'), 400, 'bad-request'],
      [post('a=b', 'application/x-www-form-urlencoded'), 415, 'unsupported-media-type'],
      [post(JSON.stringify({ login: 'a', password: 'x'.repeat(100_000) })), 413, 'too-large'],
    ];
    for (const [asked, status, type] of cases) {
      const answer = await asked;
      expect(answer.headers.get('content-type'), answer.url).toBe('application/problem+json; charset=utf-8');
      expect(await answer.json(), answer.url).toMatchObject({ type: `/problems/${type}`, status });
      expect(answer.status).toBe(status);
    }
  });

  it('name the field that is not right', async () => {
    expect(await json('/api/v1/alerts?limit=900')).toMatchObject({
      errors: [{ path: 'querystring/limit', reason: 'must be <= 200' }],
    });
  });

  it('meet whoever asks without end, and nobody else', async () => {
    const busy = await startFixture();
    try {
      const one = await busy.signIn('admin');
      const other = await busy.signIn('police1');
      const ask = async (cookie: string) => (await busy.ask('/api/v1/map-config', { cookie })).status;
      const statuses = new Set<number>();
      for (let i = 0; i < 1_201; i += 1) statuses.add(await ask(one));
      expect([...statuses]).toEqual([200, 429]);
      expect(await ask(other)).toBe(200);
      const refused = await busy.ask('/api/v1/map-config', { cookie: one });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ type: '/problems/too-many-requests' });
    } finally {
      await busy.close();
    }
  });

  it('show nothing of a fault of ours', async () => {
    const list = web.store.terminals.list;
    web.store.terminals.list = async () => {
      throw new Error('secret detail');
    };
    const answer = await get('/api/v1/terminals');
    web.store.terminals.list = list;
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
  });
});

describe('headers', () => {
  it('let MapLibre work and little else', async () => {
    const { headers } = await get('/api/v1/session');
    const csp = headers.get('content-security-policy') ?? '';
    for (const part of [
      "default-src 'self'",
      "worker-src 'self' blob:",
      "img-src 'self' data: blob:",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ]) {
      expect(csp).toContain(part);
    }
    expect(csp).not.toContain('unsafe-eval');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('let a configured base map in', async () => {
    const mapped = await startFixture({ basemap: 'https://tiles.example/style.json' });
    const answer = await mapped.ask('/api/v1/map-config');
    await mapped.close();
    expect(answer.headers.get('content-security-policy')).toContain(
      "connect-src 'self' https://tiles.example",
    );
    expect(await answer.json()).toMatchObject({
      basemap: { kind: 'style', url: 'https://tiles.example/style.json' },
      bounds: [119.9, 31.7, 119.9, 31.83],
    });
  });
});

describe('what runs the service', () => {
  it('is told of a port that is taken, and nothing stays open', async () => {
    const port = Number(new URL(web.base).port);
    await expect(startFixture({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('sees that it is up, ready and how it does', async () => {
    expect(await (await web.ask('/healthz')).text()).toBe('ok\n');
    expect((await web.ask('/readyz')).status).toBe(200);
    const metrics = await (await web.ask('/metrics')).text();
    expect(metrics).toContain(
      'busguard_http_request_seconds_count{method="GET",route="/healthz",status="200"}',
    );
    expect(metrics).toContain('busguard_live_viewers 0');
  });

  it('is told why it cannot take load', async () => {
    const unready = await startFixture({ ready: async () => 'database: away' });
    const answer = await unready.ask('/readyz');
    await unready.close();
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ detail: 'database: away' });
  });
});

describe('the OpenAPI document', () => {
  it('describes every route under /api/v1 and is shown by a page of our own', async () => {
    const document = (await (await web.ask('/api/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
      components: { schemas: Record<string, unknown> };
    };
    expect(document.openapi).toBe('3.1.0');
    // Every path that others may rely on; who may call which, of all there are, is held by the permission matrix.
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(
        [
          'session',
          'vehicles',
          'vehicles/{id}/positions',
          'positions/latest',
          'trips',
          'trips/{id}',
          'trips/{id}/boardings',
          'alerts',
          'alerts/{id}/acknowledge',
          'alerts/{id}/resolve',
          'routes',
          'permits',
          'schools',
          'riders',
          'terminals/{phone}/commands',
          'reports/summary',
          'gtfs-realtime/vehicle-positions.pb',
          'gtfs-realtime/trip-updates.pb',
          'gtfs-realtime/alerts.pb',
        ].map((path) => `/api/v1/${path}`),
      ),
    );
    const references = JSON.stringify(document).match(/"#\/components\/schemas\/([^"]+)"/g) ?? [];
    for (const reference of references) {
      expect(document.components.schemas).toHaveProperty(reference.slice(1, -1).split('/').at(-1) ?? '');
    }
    const page = await web.ask('/api/docs/');
    expect(page.headers.get('content-security-policy')).not.toContain('upgrade-insecure');
    expect(page.status).toBe(200);
    expect(await page.text()).not.toMatch(/https?:\/\/(?!localhost|www\.w3\.org)/);
  });
});

describe('positions', () => {
  it('are found by box and by span', async () => {
    publishPosition(web.bus, report('V1', at('07:05')), progressOf('T1', 'A1'));
    publishPosition(web.bus, report('V2', at('07:05'), { lat: 40 }), progressOf('T2', 'B2'));
    await new Promise((resolve) => setImmediate(resolve));
    const ids = async (box: string) =>
      ((await json(`/api/v1/positions/latest?bbox=${box}`)).items as { vehicle: string }[]).map(
        (p) => p.vehicle,
      );
    expect(await ids('119,31,120,32')).toEqual(['V1']);
    expect(await ids('119,31,120,41')).toEqual(['V1', 'V2']);
    web.setTrack([report('V1', at('06:00')), report('V1', at('07:00'), { backfill: true })]);
    // The plus as it comes from a person's hand: a blank.
    expect(await json('/api/v1/vehicles/V1/positions?from=2026-11-24T06:30:00+08:00')).toEqual({
      items: [
        {
          time: '2026-11-24T07:00:00.000+08:00',
          lat: 31.7,
          lon: 119.9,
          speedKmh: 42,
          directionDeg: 0,
          positioned: true,
          backfill: true,
        },
      ],
      truncated: false,
    });
  });
});

describe('a vehicle', () => {
  it('comes with its run, its permit and its position', async () => {
    expect(await json('/api/v1/vehicles/V1')).toMatchObject({
      plate: '苏D00001',
      terminalPhone: expect.stringMatching(/13900000001$/),
      schoolIds: ['S1'],
      permit: { no: 'P1', status: 'valid' },
      run: {
        trip: 'T1',
        routeName: '一号线',
        routeShortName: '1',
        start: '2026-11-24T07:00:00.000+08:00',
        driver: { id: 'DR1', name: '王师傅' },
        escort: { id: 'ES1', name: '赵老师' },
        runState: 'CARRYING',
        stops: [
          { id: 'A1', riders: 1, isSchool: false, arrival: '2026-11-24T07:00:00.000+08:00' },
          { id: 'A2', riders: 1, isSchool: false },
          { id: 'G1', riders: 0, isSchool: true, arrival: '2026-11-24T07:30:00.000+08:00' },
        ],
      },
    });
  });
});

describe('what is answered', () => {
  it('is what the OpenAPI document says', async () => {
    const document = (await (await web.ask('/api/openapi.json')).json()) as {
      paths: Record<
        string,
        {
          get?: {
            parameters?: { in: string; required?: boolean }[];
            responses: Record<string, { content?: Record<string, { schema: object }> }>;
          };
        }
      >;
      components: object;
    };
    const ajv = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': true } });
    web.findings.set('x', stored(finding('x', 'V1', at('06:00')), 'D1', ['S1']));
    const queued = await web.ask('/api/v1/terminals/13900000001/commands', {
      method: 'POST',
      body: '{"type":"locate"}',
      cookie: admin,
    });
    const command = ((await queued.json()) as CommandView).id;
    const ids: { [path: string]: string } = {
      vehicles: 'V1',
      trips: 'T1',
      alerts: 'x',
      commands: command,
      users: PEOPLE.admin.id,
    };
    let checked = 0;
    for (const [path, { get: operation }] of Object.entries(document.paths)) {
      const schema = operation?.responses['200']?.content?.['application/json']?.schema;
      // One medium, what only families are answered, and what comes from stores that are not here have tests of their own.
      if (!schema || /\/(media|family|notify|privacy|reports)\//.test(path)) continue;
      if (operation.parameters?.some((one) => one.in === 'query' && one.required)) continue;
      const named = path
        .replace('{phone}', '13900000001')
        .replace(/(\w+)\/\{id\}/, (whole, kind) => (ids[kind] ? `${kind}/${ids[kind]}` : whole));
      if (named.includes('{')) continue;
      const answer = await get(named);
      expect(answer.status, path).toBe(200);
      const holds = ajv.compile({ ...schema, components: document.components });
      expect(holds(await answer.json()), `${path} ${JSON.stringify(holds.errors)}`).toBe(true);
      checked++;
    }
    expect(checked).toBeGreaterThan(25);
    web.findings.clear();
  });
});

describe('alerts', () => {
  it('are paged without a gap or a double, also for who sees only some', async () => {
    web.findings.clear();
    for (let i = 0; i < 1203; i++) {
      const mine = i % 7 === 0;
      const start = at('06:00') + Math.floor(i / 3) * 1000;
      const f = finding(`F${String(i).padStart(4, '0')}`, mine ? 'V1' : 'V2', start);
      web.findings.set(f.id, stored(f, mine ? 'D1' : 'D2', []));
    }
    for (const [who, expected] of [
      ['admin', 1203],
      ['police1', 172],
    ] as const) {
      const cookie = await web.signIn(who);
      const seen: string[] = [];
      let before: string | null = '';
      let pages = 0;
      while (before !== null) {
        const answer = await web.ask(`/api/v1/alerts?limit=50&before=${before}`, { cookie });
        const page = (await answer.json()) as { items: { id: string; start: string }[]; next: string | null };
        seen.push(...page.items.map((alert) => alert.id));
        before = page.next;
        expect(++pages).toBeLessThan(60);
      }
      expect(seen.length, who).toBe(expected);
      expect(new Set(seen).size).toBe(expected);
    }
    web.findings.clear();
  });

  it('are filtered', async () => {
    web.findings.set('a', stored(finding('a', 'V1', at('06:00')), 'D1', []));
    web.findings.set(
      'b',
      stored(finding('b', 'V2', at('06:01'), { rule: 'sos', end: at('06:02') }), 'D2', []),
    );
    const ids = async (query: string) =>
      ((await json(`/api/v1/alerts?${query}`)).items as { id: string }[]).map((alert) => alert.id);
    expect(await ids('')).toEqual(['b', 'a']);
    expect(await ids('vehicle=V1')).toEqual(['a']);
    expect(await ids('vehicle=V1,V2')).toEqual(['b', 'a']);
    expect(await ids('rule=sos,fence')).toEqual(['b']);
    expect(await ids('open=true')).toEqual(['a']);
    expect(await ids('state=acknowledged')).toEqual([]);
    expect(await ids('to=2026-11-24T06:00:30%2B08:00')).toEqual(['a']);
  });

  it('are acknowledged and resolved once, and both are written down', async () => {
    const act = async (what: string, body: unknown) => {
      const init = { method: 'POST', body: JSON.stringify(body), cookie: admin };
      return (await web.ask(`/api/v1/alerts/a/${what}`, init)).json();
    };
    expect(await act('acknowledge', { note: '已联系' })).toMatchObject({
      state: 'acknowledged',
      note: '已联系',
    });
    expect(await act('resolve', { resolution: 'handled' })).toMatchObject({
      state: 'resolved',
      resolution: 'handled',
      resolvedBy: 'admin',
    });
    expect(await act('resolve', { resolution: 'other' })).toMatchObject({ resolution: 'handled' });
    const actions = web.audit.map((entry) => `${entry.action} ${entry.subject}`);
    expect(actions).toContain('alert-acknowledge a');
    expect(actions).toContain('alert-resolve a');
  });
});

describe('the geometry of the plan', () => {
  it('is not sent again while it is the same for the same eyes', async () => {
    const first = await get('/api/v1/plan/geometry');
    const etag = first.headers.get('etag') ?? '';
    expect((await first.json()) as object).toMatchObject({
      version: 'small-1',
      base: { type: 'FeatureCollection', features: [] },
    });
    expect((await get('/api/v1/plan/geometry', { 'if-none-match': etag })).status).toBe(304);
    const police = await web.ask('/api/v1/plan/geometry', {
      cookie: await web.signIn('police1'),
      headers: { 'if-none-match': etag },
    });
    expect(police.status).toBe(200);
  });
});

describe('the pages', () => {
  it('say so where they are not built', async () => {
    const answer = await web.ask('/');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npx vite build web-map');
  });

  it('are served: hashed assets for a year, the page never from a cache, any of its paths the page', async () => {
    const pagesDir = mkdtempSync(join(tmpdir(), 'busguard-built-'));
    mkdirSync(join(pagesDir, 'assets'));
    writeFileSync(join(pagesDir, 'index.html'), '<title>pages</title>');
    writeFileSync(join(pagesDir, 'assets/index-Ab12Cd34.js'), `// ${'x'.repeat(5000)}`);
    writeFileSync(join(pagesDir, 'map.pmtiles'), '0123456789');
    const built = await startFixture({ pagesDir, basemap: join(pagesDir, 'map.pmtiles') });
    try {
      const asset = await built.ask('/assets/index-Ab12Cd34.js?v=6', {
        headers: { 'accept-encoding': 'br' },
      });
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(asset.headers.get('content-encoding')).toBe('br');
      expect(asset.headers.get('content-type')).toContain('javascript');
      for (const path of ['/', '/index.html', '/buses/V1%2E2', '/map?bus=V1.2', '/alerts']) {
        const page = await built.ask(path);
        expect(page.status, path).toBe(200);
        expect(page.headers.get('cache-control'), path).toBe('no-cache');
        expect(await page.text(), path).toContain('pages');
      }
      expect((await built.ask('/assets/none-Ab12Cd34.js')).status).toBe(404);
      expect((await built.ask('/api/none')).status).toBe(404);
      expect((await built.ask('/../package.json')).status).not.toBe(500);
      const range = await built.ask('/basemap.pmtiles', { headers: { range: 'bytes=2-4' } });
      expect(range.status).toBe(206);
      expect(await range.text()).toBe('234');
      expect(await (await built.ask('/api/v1/map-config')).json()).toMatchObject({
        basemap: { kind: 'pmtiles', url: '/basemap.pmtiles' },
      });
    } finally {
      await built.close();
    }
  });
});

describe('a plan that was never imported', () => {
  it('leaves positions to be seen, and says so where it is needed', async () => {
    web.current.plan = null;
    try {
      expect((await get('/api/v1/vehicles')).status).toBe(200);
      expect((await get('/api/v1/alerts')).status).toBe(200);
      for (const path of ['trips', 'routes', 'schools', 'permits', 'riders', 'plan/geometry']) {
        expect((await get(`/api/v1/${path}`)).status, path).toBe(409);
      }
    } finally {
      const { smallPlan } = await import('./small-plan.ts');
      web.current.plan = smallPlan();
    }
  });
});
