import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertView, CallCardView, ShiftSummaryView } from '../../../services/api/contract.ts';
import { verifyFile } from '../../../services/evidence/verify-file.ts';
import { at, PEOPLE, type Who } from './small-plan.ts';
import { connected, event, type Fixture, finding, report, startFixture, stored } from './web-fixture.ts';

let web: Fixture;
const cookies = new Map<Who, string>();

beforeAll(async () => {
  web = await startFixture({
    prepare: (memory) => {
      memory.setTrack(
        [0, 10, 20].map((s) => report('V1', at('07:02') + s * 1000, { statusFlags: 3 | (1 << 13) })),
      );
      for (const [id, severity] of [
        ['F1', 'P2'],
        ['F2', 'P1'],
        ['F3', 'P2'],
      ] as const) {
        const of = finding(id, 'V1', at('07:02'), { severity, trip: 'T1', rule: 'route_deviation' });
        memory.findings.set(id, stored(of, 'D1', ['S1']));
      }
      memory.findings.set('F9', stored(finding('F9', 'V2', at('07:02')), 'D2', ['S2']));
    },
  });
  for (const who of ['admin', 'police1', 'police2', 'transport1', 'school1', 'escort1'] as const)
    cookies.set(who, await web.signIn(who));
});
afterAll(() => web.close());

const get = (who: Who, path: string) => web.ask(`/api/v1/${path}`, { cookie: cookies.get(who) });
const post = (who: Who, path: string, body: object = {}) =>
  web.ask(`/api/v1/${path}`, { method: 'POST', body: JSON.stringify(body), cookie: cookies.get(who) });
const alertOf = async (answer: Response): Promise<AlertView> => {
  expect(answer.status, await answer.clone().text()).toBe(200);
  return (await answer.json()) as AlertView;
};

describe('an alert over HTTP', () => {
  it('goes its way with every step stamped, and all who may see it are told', async () => {
    const socket = web.sockets(cookies.get('school1') ?? '');
    await connected(socket);
    const told = event<AlertView>(socket, 'alert', ({ desk }) => desk?.stage === 'handled');
    await alertOf(await post('police1', 'alerts/F1/acknowledge', { note: '我来处理' }));
    await alertOf(await post('police1', 'alerts/F1/assign', { to: PEOPLE.transport1.id }));
    await alertOf(await post('transport1', 'alerts/F1/call', { who: '驾驶员', outcome: 'no_answer' }));
    await alertOf(await post('transport1', 'alerts/F1/note', { note: '再打一次' }));
    const handled = await alertOf(
      await post('transport1', 'alerts/F1/handle', { reason: 'road_or_traffic', deed: 'crew_called' }),
    );
    expect(handled).toMatchObject({
      state: 'resolved',
      acknowledgedBy: 'police1',
      resolution: 'road_or_traffic',
      note: '再打一次',
      desk: { stage: 'handled', assignee: { id: PEOPLE.transport1.id }, deed: 'crew_called', steps: 5 },
    });
    expect((await told).desk).toMatchObject({ stage: 'handled' });
    socket.close();
    const { items } = (await (await get('police1', 'alerts/F1/steps')).json()) as {
      items: { act: string }[];
    };
    expect(items.map(({ act }) => act)).toEqual(['acknowledge', 'assign', 'call', 'note', 'handle']);
    // Whoever opened the record is on record too.
    expect(web.audit.at(-1)).toMatchObject({
      action: 'alert-look',
      subject: 'F1',
      userId: PEOPLE.police1.id,
    });
    const closed = await alertOf(await post('transport1', 'alerts/F1/review', { verdict: 'excused' }));
    expect(closed.desk).toMatchObject({ stage: 'closed', verdict: 'excused' });
    const listed = async (query: string) =>
      ((await (await get('admin', `alerts?${query}`)).json()) as { items: AlertView[] }).items.map(
        ({ id }) => id,
      );
    expect(await listed('stage=closed')).toEqual(['F1']);
    expect(await listed('severity=P1')).toEqual(['F2']);
    expect((await get('admin', 'alerts?stage=lost')).status).toBe(400);
  });

  it('says why something cannot be done with it', async () => {
    const problem = async (answer: Response) => ((await answer.json()) as { type: string }).type;
    expect(await problem(await post('police1', 'alerts/F2/review', { verdict: 'true' }))).toBe(
      '/problems/alert-stage',
    );
    await alertOf(await post('police1', 'alerts/F2/handle', { reason: 'driver' }));
    expect(await problem(await post('police1', 'alerts/F2/review', { verdict: 'true' }))).toBe(
      '/problems/second-person',
    );
    expect(await problem(await post('admin', 'alerts/F2/undo'))).toBe('/problems/not-undoable');
    expect((await alertOf(await post('police1', 'alerts/F2/undo'))).state).toBe('acknowledged');
    expect(await problem(await post('admin', 'alerts/F9/excuse', { kind: 'weather', proof: '气象台' }))).toBe(
      '/problems/not-excusable',
    );
    expect((await post('admin', 'alerts/F2/assign', { to: PEOPLE.police2.id })).status).toBe(400);
    expect((await post('police1', 'alerts/F2/text', { text: '请回电' })).status).toBe(403);
  });

  it('sends the crew a text, and the step names the command', async () => {
    const answer = await alertOf(
      await post('transport1', 'alerts/F2/text', { text: '请回电', urgent: true }),
    );
    expect(answer.desk?.steps).toBeGreaterThan(0);
    const [command] = [...web.commands.rows.values()];
    expect(command).toMatchObject({
      type: 'text',
      phone: '13900000001',
      request: { text: '请回电', urgent: true },
    });
    expect(web.desk.made.findLast(({ act }) => act === 'text')?.detail).toMatchObject({
      command: command?.id,
    });
    await alertOf(await post('transport1', 'alerts/F2/photo', { channel: 1 }));
  });

  it('shows whom to call, as far as the login may see, and notes the look', async () => {
    const card = (await (await get('school1', 'alerts/F2/call-card')).json()) as CallCardView;
    expect(card).toMatchObject({ vehicle: 'V1', terminalPhone: null });
    expect(card.schools).toHaveLength(1);
    expect(web.audit.at(-1)).toMatchObject({ action: 'alert-call-card', subject: 'F2' });
    expect((await get('escort1', 'alerts/F2/call-card')).status).toBe(403);
  });

  it('goes up by hand, and down for nobody', async () => {
    expect((await alertOf(await post('school1', 'alerts/F2/escalate', { level: 2 }))).desk?.level).toBe(2);
    expect((await post('school1', 'alerts/F2/escalate', { level: 1 })).status).toBe(409);
  });

  it('is shut to another district, whatever is tried', async () => {
    for (const act of [
      'acknowledge',
      'note',
      'escalate',
      'handle',
      'review',
      'undo',
      'evidence',
      'hand-over',
    ] as const) {
      const bodies = {
        note: { note: 'x' },
        escalate: { level: 3 },
        handle: { reason: 'driver' },
        review: { verdict: 'true' },
        'hand-over': { office: '交警' },
      } as { [act: string]: object };
      expect((await post('police2', `alerts/F2/${act}`, bodies[act])).status, act).toBe(404);
      const crew = (await post('escort1', `alerts/F2/${act}`, bodies[act])).status;
      expect(crew, act).toBe(403);
    }
  });
});

describe('a shift', () => {
  it('is summed up and handed over to the same desk alone', async () => {
    web.clock.now = at('07:06');
    const span = `from=${encodeURIComponent('2026-11-24T06:00:00+08:00')}`;
    const summary = (await (await get('police1', `desk/summary?${span}`)).json()) as ShiftSummaryView;
    expect(summary.raised).toEqual({ P1: 1, P2: 2, P3: 0 });
    expect(summary.open.map(({ id }) => id)).toEqual(['F2', 'F3']);
    expect(summary.people.length).toBeGreaterThan(1);
    expect((await post('police1', 'desk/handovers', { note: '3 号车待修' })).status).toBe(201);
    const seen = async (who: Who) =>
      ((await (await get(who, 'desk/handovers')).json()) as { items: { note: string }[] }).items.length;
    expect([await seen('police1'), await seen('police2'), await seen('admin')]).toEqual([1, 0, 1]);
  });
});

describe('evidence', () => {
  it('is handed over with a pack whose chain holds, whose opening is on record, and which nobody else opens', async () => {
    const given = await alertOf(
      await post('police1', 'alerts/F3/hand-over', { office: '武进交警大队', caseNo: '2026-1124' }),
    );
    const pack = given.desk?.handedOver?.pack ?? '';
    expect(given.desk?.handedOver).toMatchObject({ office: '武进交警大队' });
    const listed = (await (await get('police1', 'alerts/F3/evidence')).json()) as {
      items: { id: string; head: string; records: number }[];
    };
    expect(listed.items).toMatchObject([{ id: pack }]);
    const zip = new Uint8Array(await (await get('police1', `evidence/${pack}/pack.zip`)).arrayBuffer());
    expect(verifyFile(zip, listed.items[0]!.head)).toMatchObject({ ok: true, alert: 'F3', vehicle: 'V1' });
    const manifest = new TextDecoder().decode(unzipSync(zip)['manifest.jsonl']);
    expect(manifest).toContain('"bodyHex":"00000003ab"');
    // Pupils by number, nobody by name.
    expect(manifest).toContain('"rider":"K1"');
    expect(manifest).not.toContain('小明');
    expect(web.audit.at(-1)).toMatchObject({ action: 'evidence-open', subject: 'F3' });
    const pdf = await get('police1', `evidence/${pack}/pack.pdf`);
    expect(pdf.headers.get('content-type')).toContain('application/pdf');
    expect((await get('police2', `evidence/${pack}/pack.pdf`)).status).toBe(404);
    expect((await get('school1', `evidence/${pack}/pack.pdf`)).status).toBe(403);
    const holds = (await (await get('police1', 'holds')).json()) as { items: { id: string; from: string }[] };
    expect(holds.items).toMatchObject([{ id: pack, from: '2026-11-24T07:00:00.000+08:00' }]);
    expect((await post('police2', `holds/${pack}/release`)).status).toBe(404);
    expect((await post('police1', `holds/${pack}/release`)).status).toBe(200);
  });
});

describe('a replay', () => {
  const span = `from=${encodeURIComponent('2026-11-24T07:00:00+08:00')}&to=${encodeURIComponent('2026-11-24T07:30:00+08:00')}`;

  it('gives reports, planned runs and alerts of the span to whoever may see them', async () => {
    const replay = (await (await get('police1', `vehicles/V1/replay?${span}`)).json()) as {
      fixes: { doors: number }[];
      runs: { trip: string; stops: unknown[] }[];
      alerts: AlertView[];
    };
    expect(replay.fixes).toHaveLength(3);
    expect(replay.fixes[0]).toMatchObject({ doors: 1, accOn: true, speedKmh: 42 });
    expect(replay.runs.map(({ trip }) => trip)).toContain('T1');
    expect(replay.alerts.length).toBeGreaterThan(0);
    expect((await get('police2', `vehicles/V1/replay?${span}`)).status).toBe(404);
  });

  it.each(['gpx', 'geojson', 'csv'])('goes out as %s', async (format) => {
    const answer = await get('police1', `vehicles/V1/track?format=${format}&${span}`);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toContain(
      { gpx: '<trkpt lat="31.7" lon="119.9">', geojson: '[119.9,31.7]', csv: 'V1,2026-11-24T07:02' }[format],
    );
    expect(web.audit.at(-1)).toMatchObject({ action: 'track-export', subject: 'V1' });
  });
});
