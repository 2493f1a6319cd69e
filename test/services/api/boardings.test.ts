import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BoardingsView, FamilyRunsView } from '../../../services/api/contract.ts';
import { busCodes } from '../../../services/boardings/bus-codes.ts';
import { CREW_EVENT_ANY } from '../../../services/bus/subjects.ts';
import type { CrewEventAnswer, CrewEventRequest } from '../../../services/ingest/crew-event.ts';
import { at, PEOPLE, type Who } from './small-plan.ts';
import { type Fixture, progressOf, publishPosition, report, startFixture } from './web-fixture.ts';

let web: Fixture;
const judged: CrewEventRequest[] = [];
let answer: CrewEventAnswer = { ok: true, stored: 'now' };
const busCodeKey = Buffer.from('codes of the tests');
const codes = busCodes(busCodeKey);
const cookies = new Map<Who, string>();

beforeAll(async () => {
  web = await startFixture({ busCodeKey });
  web.bus.serve(CREW_EVENT_ANY, async (request) => {
    judged.push(request as CrewEventRequest);
    return answer;
  });
  for (const who of Object.keys(PEOPLE) as Who[]) cookies.set(who, await web.signIn(who));
});
afterAll(() => web.close());
beforeEach(() => {
  judged.length = 0;
  web.clock.now = at('07:05');
});

const time = (clock: string): string => new Date(at(clock)).toISOString();
let serial = 0;
const said = (kind: string, more: object = {}, clock = '07:04') => {
  serial += 1;
  return { kind, id: `said-${String(serial).padStart(6, '0')}`, at: time(clock), ...more };
};
const get = (who: Who, path: string) => web.ask(`/api/v1/${path}`, { cookie: cookies.get(who) });
const say = (who: Who, events: object[], more: object = {}, trip = 'T1') =>
  web.ask(`/api/v1/trips/${trip}/boardings`, {
    method: 'POST',
    cookie: cookies.get(who),
    body: JSON.stringify({ events, ...more }),
  });
const outcomes = async (...args: Parameters<typeof say>) => {
  const response = await say(...args);
  expect(response.status).toBe(200);
  const { items } = (await response.json()) as { items: { outcome: string; reason?: string }[] };
  return items.map(({ outcome, reason }) => reason ?? outcome);
};
const seen = async (who: Who, trip = 'T1') =>
  (await (await get(who, `trips/${trip}/boardings`)).json()) as BoardingsView;

describe('boardings of a run', () => {
  it('are for the escort, the school, the families and the office, each as far as they go', async () => {
    const allowed: Who[] = ['admin', 'school1', 'guardian1', 'escort1'];
    for (const who of Object.keys(PEOPLE) as Who[]) {
      const role = PEOPLE[who].role;
      const hasPart = ['admin', 'school', 'guardian', 'escort'].includes(role);
      const { status } = await get(who, 'trips/T1/boardings');
      expect([who, status]).toEqual([who, allowed.includes(who) ? 200 : hasPart ? 404 : 403]);
    }
    const riders = async (who: Who) => (await seen(who)).riders.map(({ rider }) => rider).sort();
    expect(await riders('escort1')).toEqual(['K1', 'K3']);
    expect(await riders('school1')).toEqual(['K1', 'K3']);
    expect(await riders('guardian1')).toEqual(['K1']);
    const ofFamily = await seen('guardian1');
    expect(ofFamily.crew).toBeNull();
    expect(ofFamily.codes).toBeNull();
    expect(ofFamily.stops.map(({ id }) => id)).toEqual(['A2', 'G1']);
    expect(web.audit.at(-1)).toMatchObject({ action: 'boardings-read', detail: { riders: ['K1'] } });
  });

  it('are stored once, judged, and told to families with the very change', async () => {
    const boarded = said('boarded', { rider: 'K1', stop: 'A2' });
    expect(await outcomes('escort1', [boarded])).toEqual(['stored']);
    expect(judged[0]).toMatchObject({
      vehicle: 'V1',
      at: at('07:04'),
      event: { kind: 'boarded', id: boarded.id, rider: 'K1', stop: 'A2', by: 'app' },
    });
    expect(await outcomes('escort1', [boarded])).toEqual(['before']);
    expect((await seen('guardian1')).riders[0]).toMatchObject({ name: '小明', state: 'boarded' });
    expect(await outcomes('escort1', [said('taken_back', { rider: 'K1', of: boarded.id })])).toEqual([
      'stored',
    ]);
    expect(judged.at(-1)!.event).toMatchObject({ kind: 'taken_back', was: 'boarded', rider: 'K1' });
    expect((await seen('guardian1')).riders[0]).toMatchObject({ state: 'expected' });
    expect(JSON.stringify(judged)).not.toContain('小明');
  });

  it('are said by nobody who has no part in them', async () => {
    expect((await say('police1', [said('boarded', { rider: 'K1' })])).status).toBe(403);
    expect((await say('escort2', [said('boarded', { rider: 'K1' })])).status).toBe(404);
    expect(await outcomes('guardian1', [said('boarded', { rider: 'K1' })])).toEqual(['not_yours']);
    expect(await outcomes('guardian1', [said('absent', { rider: 'K3' })])).toEqual(['not_yours']);
    expect(await outcomes('school1', [said('boarded', { rider: 'K2' })])).toEqual(['not_yours']);
    expect(await outcomes('escort1', [said('boarded', { rider: 'K1' })], { source: 'terminal' })).toEqual([
      'not_yours',
    ]);
    expect(await outcomes('escort1', [said('sign_on', { person: 'ES2', role: 'escort' })])).toEqual([
      'not_yours',
    ]);
    expect(await outcomes('escort1', [said('boarded', { rider: 'K1' }, '07:40')])).toEqual(['time']);
    expect(await outcomes('escort1', [said('boarded', { rider: 'nobody' })])).toEqual(['unknown_rider']);
    expect(judged).toEqual([]);
  });

  it('of a gate or a tablet carry their source; one that is wrong holds up no other', async () => {
    const good = said('boarded', { rider: 'K3', stop: 'A1' });
    expect(await outcomes('school1', [said('boarded', { rider: 'K2' }), good], { source: 'gate' })).toEqual([
      'not_yours',
      'stored',
    ]);
    const k3 = (await seen('school1')).riders.find(({ rider }) => rider === 'K3')!;
    expect(k3.boarded).toMatchObject({ source: 'gate' });
    expect(judged.at(-1)!.event.by).toBe('school');
  });

  it('are said again where the judge did not answer, and nothing is doubled', async () => {
    answer = { ok: false, error: 'unavailable' };
    const event = said('head_count', { aboard: 1 });
    const away = await say('escort1', [event]);
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
    answer = { ok: true, stored: 'now' };
    expect(await outcomes('escort1', [event])).toEqual(['before']);
    const { crew } = await seen('escort1');
    expect(crew!.events.filter(({ id }) => id === event.id)).toHaveLength(1);
  });

  it('prove sign-on and walk-through by what is put up in the bus', async () => {
    const signOn = { person: 'ES1', role: 'escort' };
    expect(await outcomes('escort1', [said('sign_on', { ...signOn, code: 'WRONG1' })])).toEqual([
      'wrong_code',
    ]);
    expect(await outcomes('escort1', [said('sign_on', { ...signOn, card: 'C4' })])).toEqual(['wrong_card']);
    const door = codes.of('V1', 'door').toLowerCase();
    const place = { lat: 31.7, lon: 119.9 };
    expect(await outcomes('escort1', [said('sign_on', { ...signOn, code: ` ${door}`, place })])).toEqual([
      'stored',
    ]);
    expect(judged.at(-1)).toMatchObject({ place, event: { kind: 'sign_on', nearBus: true } });
    expect(await outcomes('escort1', [said('sign_on', { ...signOn, card: 'C3' })])).toEqual(['stored']);
    const walk = { empty: true, proof: 'code' };
    expect(await outcomes('escort1', [said('walk_through', { ...walk, code: door })])).toEqual([
      'wrong_code',
    ]);
    expect(
      await outcomes('escort1', [said('walk_through', { ...walk, code: codes.of('V1', 'rear') })]),
    ).toEqual(['stored']);
    const view = await seen('escort1');
    expect(view.codes).toEqual({ door: codes.digest('V1', 'door'), rear: codes.digest('V1', 'rear') });
    expect(view.crew!.onDuty).toEqual(['ES1']);
  });

  it('prove a walk-through by a photo that has come before it', async () => {
    const walk = said('walk_through', { empty: true, proof: 'photo' });
    expect(await outcomes('escort1', [walk])).toEqual(['no_photo']);
    const put = (body: Uint8Array, type = 'image/jpeg', who: Who = 'escort1') =>
      web.ask(`/api/v1/trips/T1/boardings/${walk.id}/photo`, {
        method: 'PUT',
        cookie: cookies.get(who),
        body: body as BodyInit,
        headers: { 'content-type': type },
      });
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
    expect((await put(new Uint8Array([1, 2, 3]))).status).toBe(400);
    expect((await put(jpeg, 'text/html')).status).toBe(415);
    expect((await put(new Uint8Array(600 * 1024).fill(0xff))).status).toBe(413);
    expect((await put(jpeg, 'image/jpeg', 'guardian1')).status).toBe(404);
    expect((await put(jpeg)).status).toBe(204);
    expect(await outcomes('escort1', [walk])).toEqual(['stored']);
    const photo = await get('school1', `trips/T1/boardings/${walk.id}/photo`);
    expect(photo.headers.get('content-type')).toBe('image/jpeg');
    expect(new Uint8Array(await photo.arrayBuffer())).toEqual(jpeg);
    expect((await get('guardian1', `trips/T1/boardings/${walk.id}/photo`)).status).toBe(404);
  });

  it('the codes of a bus are for its office', async () => {
    expect(await (await get('school1', 'vehicles/V1/codes')).json()).toEqual({
      vehicle: 'V1',
      door: codes.of('V1', 'door'),
      rear: codes.of('V1', 'rear'),
    });
    expect((await get('school1', 'vehicles/V2/codes')).status).toBe(404);
    for (const who of ['escort1', 'guardian1', 'police1'] as const)
      expect((await get(who, 'vehicles/V1/codes')).status).toBe(403);
  });
});

describe('what a family follows', () => {
  const runs = async (who: Who, date = '') =>
    (await (await get(who, `family/runs${date}`)).json()) as FamilyRunsView;

  it('is the runs of its own children, their stop and the school, the bus only while it concerns them', async () => {
    publishPosition(web.bus, report('V1', at('07:05')), progressOf('T1', 'A2'));
    const { children } = await runs('guardian1');
    expect(children.map(({ rider, name, school }) => [rider, name, school])).toEqual([
      ['K1', '小明', '青禾小学'],
    ]);
    const [morning, afternoon] = children[0]!.runs;
    expect(morning).toMatchObject({
      trip: 'T1',
      toSchool: true,
      phase: 'on',
      plate: '苏D00001',
      vehicle: 'V1',
      substitute: false,
      stop: { id: 'A2' },
      school: { id: 'G1' },
      delayS: 60,
      passed: false,
    });
    // Due at 07:10, a minute late.
    expect(Date.parse(morning!.arrival!.from)).toBeLessThan(at('07:11'));
    expect(Date.parse(morning!.arrival!.to)).toBeGreaterThan(at('07:11'));
    expect(afternoon).toMatchObject({
      trip: 'T1b',
      toSchool: false,
      phase: 'soon',
      position: null,
      vehicle: null,
    });
    expect(JSON.stringify(children)).not.toMatch(/speed|小丽|K3|A1"/);
    expect((await runs('guardianNone')).children).toEqual([]);
    for (const who of ['admin', 'school1', 'escort1', 'police1'] as const)
      expect((await get(who, 'family/runs')).status).toBe(403);
  });

  it('shows no bus before a quarter of an hour ahead nor five minutes after the stop, and no minutes without a basis', async () => {
    const first = async () => (await runs('guardian1')).children[0]!.runs[0]!;
    web.clock.now = at('06:44');
    expect(await first()).toMatchObject({ phase: 'soon', position: null, arrival: null });
    web.clock.now = at('06:46');
    expect(await first()).toMatchObject({ phase: 'on', arrival: null });
    web.clock.now = at('07:09');
    expect((await first()).arrival).toBeNull();
    publishPosition(web.bus, report('V1', at('07:09')), progressOf('T1', 'G1'));
    expect(await first()).toMatchObject({ phase: 'on', arrival: null, passed: true });
    web.clock.now = at('07:17');
    expect(await first()).toMatchObject({ phase: 'over', position: null, vehicle: null, delayS: null });
  });

  it('excuses its child with one word and takes it back, for a day ahead too', async () => {
    web.clock.now = at('05:00');
    const absent = said('absent', { rider: 'K1' }, '05:00');
    expect(await outcomes('guardian1', [absent], {}, 'T1b')).toEqual(['stored']);
    const afternoon = async () => (await runs('guardian1')).children[0]!.runs[1]!;
    expect(await afternoon()).toMatchObject({ state: 'absent', absence: { id: absent.id, mine: true } });
    // The judge looks at the present alone.
    expect(judged).toEqual([]);
    const back = said('taken_back', { rider: 'K1', of: absent.id }, '05:00');
    expect(await outcomes('guardian1', [back], {}, 'T1b')).toEqual(['stored']);
    expect(await afternoon()).toMatchObject({ state: 'expected', absence: null, mayExcuse: true });
    const tomorrow = await web.ask('/api/v1/trips/T1/boardings?date=20261125', {
      method: 'POST',
      cookie: cookies.get('guardian1'),
      body: JSON.stringify({ events: [said('absent', { rider: 'K1' }, '05:00')] }),
    });
    expect(tomorrow.status).toBe(200);
    expect((await runs('guardian1', '?date=20261125')).children[0]!.runs[0]).toMatchObject({
      state: 'absent',
    });
    expect((await runs('guardian1')).children[0]!.runs[0]!.state).not.toBe('absent');
    expect((await get('guardian1', 'family/runs?date=20261223')).status).toBe(400);
  });

  it('takes back no word of the crew', async () => {
    const boarded = said('boarded', { rider: 'K1', stop: 'A2' });
    await outcomes('escort1', [boarded]);
    expect(await outcomes('guardian1', [said('taken_back', { rider: 'K1', of: boarded.id })])).toEqual([
      'not_yours',
    ]);
  });
});
