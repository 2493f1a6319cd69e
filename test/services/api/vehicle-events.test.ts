import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREW_EVENT_ANY, crewEventSubject } from '../../../services/bus/subjects.ts';
import type { CrewEventAnswer, CrewEventRequest } from '../../../services/ingest/crew-event.ts';
import { at, type Who } from './small-plan.ts';
import { type Fixture, startFixture } from './web-fixture.ts';

let web: Fixture;
const heard: { subject: string; request: CrewEventRequest }[] = [];
let answer: CrewEventAnswer = { ok: true, stored: 'now' };
let stops: (() => void)[] = [];

beforeAll(async () => {
  web = await startFixture();
  const listen = (subject: string) =>
    web.bus.serve(subject, async (request) => {
      heard.push({ subject, request: request as CrewEventRequest });
      return answer;
    });
  stops = [listen(CREW_EVENT_ANY), listen(crewEventSubject('V1'))];
});
afterAll(() => web.close());

const time = (clock: string): string => new Date(at(clock)).toISOString();
const say = async (who: Who | null, body: object, vehicle = 'V1') => {
  const cookie = who === null ? undefined : await web.signIn(who);
  return web.ask(`/api/v1/vehicles/${vehicle}/events`, {
    method: 'POST',
    cookie,
    body: JSON.stringify(body),
  });
};
const event = (kind: string, more: object = {}) => ({ kind, id: 'event-0001', at: time('07:04'), ...more });
const signOn = (person: string) => event('sign_on', { person, role: 'escort' });

describe('POST /vehicles/{id}/events', () => {
  it('hands what an escort says to the process that holds the vehicle, with who says so', async () => {
    const said = { ...signOn('ES1'), place: { lat: 31.7, lon: 119.9 } };
    const response = await say('escort1', said);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ id: 'event-0001', stored: 'now' });
    expect(heard.at(-1)).toEqual({
      subject: crewEventSubject('V1'),
      request: {
        vehicle: 'V1',
        at: at('07:04'),
        place: { lat: 31.7, lon: 119.9 },
        event: { kind: 'sign_on', id: 'event-0001', person: 'ES1', role: 'escort', by: 'app', nearBus: null },
      },
    });
  });

  it('lets nobody say more than their part', async () => {
    const status = async (...args: Parameters<typeof say>) => (await say(...args)).status;
    const before = heard.length;
    expect(await status(null, signOn('ES1'))).toBe(401);
    expect(await status('guardian1', event('absent', { rider: 'K1' }))).toBe(403);
    expect(await status('police1', event('head_count', { aboard: 1 }))).toBe(403);
    // An escort for themselves, on their own bus, around their run.
    expect(await status('escort1', signOn('ES2'))).toBe(403);
    expect(await status('escort1', signOn('ES1'), 'V2')).toBe(404);
    expect(await status('escort1', { ...signOn('ES1'), at: time('03:00') })).toBe(404);
    // A school for the buses of its runs; nobody for a bus that is not there.
    expect(await status('school1', signOn('ES2'), 'V2')).toBe(404);
    expect(await status('admin', signOn('ES1'), 'V9')).toBe(404);
    expect(heard.length).toBe(before);
    expect(await status('school1', signOn('ES2'))).toBe(200);
    expect(heard.at(-1)!.request.event.by).toBe('school');
  });

  it.each([
    ['a kind that there is not', { kind: 'dance' }],
    ['no id', { id: undefined }],
    ['an id of strange letters', { id: 'a b c d e f g' }],
    ['no time', { at: undefined }],
    ['a time without a zone', { at: '2026-11-24T07:00:00' }],
    ['a time in the future', { at: time('07:30') }],
    ['a time long ago', { at: '2026-11-01T07:00:00+08:00' }],
    ['a count below nothing', { aboard: -1 }],
    ['a count of no bus', { aboard: 1e6 }],
    ['more than is asked', { name: '小明' }],
    ['a place off the earth', { place: { lat: 91, lon: 0 } }],
  ])('refuses %s', async (_what, wrong) => {
    const before = heard.length;
    const response = await say('school1', { ...event('head_count', { aboard: 3 }), ...wrong });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(heard.length).toBe(before);
  });

  it('says which it was where it was there already, and puts it on record', async () => {
    answer = { ok: true, stored: 'before' };
    expect(await (await say('admin', event('head_count', { aboard: 3 }))).json()).toMatchObject({
      stored: 'before',
    });
    answer = { ok: true, stored: 'now' };
  });

  it('asks any process where none holds it, and says so where none answers', async () => {
    stops[1]!();
    expect((await say('admin', event('head_count', { aboard: 3 }))).status).toBe(200);
    expect(heard.at(-1)!.subject).toBe(CREW_EVENT_ANY);
    answer = { ok: false, error: 'unavailable' };
    const away = await say('admin', event('head_count', { aboard: 3 }));
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2']);
    stops[0]!();
    expect((await say('admin', event('head_count', { aboard: 3 }))).status).toBe(503);
  });
});
