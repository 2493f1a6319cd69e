import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { AlertView, PositionView, StreamMessage } from '../../../services/api/contract.ts';
import { SESSION_ENDED } from '../../../services/bus/subjects.ts';
import { at, PEOPLE, smallPlan, type Who } from '../api/small-plan.ts';
import {
  connected,
  event,
  type Fixture,
  finding,
  progressOf,
  publishAlert,
  publishPosition,
  report,
  startFixture,
  stored,
} from '../api/web-fixture.ts';

let web: Fixture;
const closing: (() => void)[] = [];

beforeEach(async () => {
  web = await startFixture();
});
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await web.close();
});

interface Listener {
  positions: PositionView[];
  alerts: AlertView[];
}

async function listenSocketIo(who: Who): Promise<Listener> {
  const socket = web.sockets(await web.signIn(who));
  closing.push(() => socket.disconnect());
  await connected(socket);
  const got: Listener = { positions: [], alerts: [] };
  socket.on('position', (position: PositionView) => got.positions.push(position));
  socket.on('alert', (alert: AlertView) => got.alerts.push(alert));
  return got;
}

async function listenStream(who: Who): Promise<Listener & { messages: StreamMessage[] }> {
  const socket = new WebSocket(`${web.base.replace('http', 'ws')}/api/v1/stream`, {
    headers: { cookie: await web.signIn(who) },
  });
  closing.push(() => socket.terminate());
  const messages: StreamMessage[] = [];
  const got = { positions: [] as PositionView[], alerts: [] as AlertView[], messages };
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as StreamMessage;
      messages.push(message);
      if (message.type === 'hello') resolve();
      if (message.type === 'position') got.positions.push(message.data);
      if (message.type === 'alert') got.alerts.push(message.data);
    });
  });
  return got;
}

/** Long enough for a dozen flushes: what was not sent by then is not going to be. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

for (const [channel, listen] of [
  ['socket.io', listenSocketIo],
  ['WebSocket', listenStream],
] as const) {
  describe(`live events over ${channel}`, () => {
    const everybody = Object.keys(PEOPLE) as Who[];
    const wide: Who[] = ['admin', 'policeAll', 'transportAll'];
    const sees: { [vehicle: string]: Who[] } = {
      V1: [...wide, 'police1', 'transport1', 'education1', 'provider1', 'school1', 'guardian1', 'escort1'],
      V2: [...wide, 'police2', 'transport2', 'education2', 'provider2', 'school2', 'guardian2', 'escort2'],
      'terminal:1': wide,
    };
    const alarmed: { [vehicle: string]: Who[] } = {
      V1: [...wide, 'police1', 'transport1', 'education1', 'provider1', 'school1', 'escort1'],
      V2: [...wide, 'police2', 'transport2', 'education2', 'provider2', 'school2', 'escort2'],
      'terminal:1': wide,
    };

    it('reach exactly those who may see them', async () => {
      const listeners = new Map<Who, Listener>();
      for (const who of everybody) listeners.set(who, await listen(who));
      publishPosition(web.bus, report('V1', at('07:05')), progressOf('T1', 'A1'));
      publishPosition(web.bus, report('V2', at('07:05')), progressOf('T2', 'B2'));
      publishPosition(web.bus, report('terminal:1', at('07:05')));
      publishAlert(web.bus, finding('F1', 'V1', at('07:04')), { district: 'D1', schoolIds: ['S1'] });
      publishAlert(web.bus, finding('F2', 'V2', at('07:04')), { district: 'D2', schoolIds: ['S2'] });
      publishAlert(web.bus, finding('F3', 'terminal:1', at('07:04')));
      await until(() =>
        everybody.every((who) => {
          const got = listeners.get(who);
          const positions = Object.values(sees).filter((allowed) => allowed.includes(who)).length;
          const alerts = Object.values(alarmed).filter((allowed) => allowed.includes(who)).length;
          return (got?.positions.length ?? 0) >= positions && (got?.alerts.length ?? 0) >= alerts;
        }),
      );
      await settled();
      for (const who of everybody) {
        const got = listeners.get(who);
        const allowed = (of: { [vehicle: string]: Who[] }) =>
          Object.keys(of).filter((vehicle) => of[vehicle]?.includes(who));
        expect(got?.positions.map((p) => p.vehicle).sort(), who).toEqual(allowed(sees).sort());
        expect(got?.alerts.map((a) => a.vehicle).sort(), who).toEqual(allowed(alarmed).sort());
      }
      const guardian = listeners.get('guardian1')?.positions[0];
      expect(guardian).not.toHaveProperty('speedKmh');
      expect(guardian?.run).toMatchObject({ trip: 'T1', nextStop: null, nextStopName: null });
      expect(listeners.get('admin')?.positions.find((p) => p.vehicle === 'V1')).toMatchObject({
        plate: '苏D00001',
        speedKmh: 42,
        time: '2026-11-24T07:05:00.000+08:00',
        run: { routeName: '一号线', nextStopName: '花园新村', delayS: 60 },
        schoolIds: ['S1'],
        district: 'D1',
      });
    });

    it('show the newest position of a vehicle and never an older one', async () => {
      const got = await listen('admin');
      for (const clock of ['07:05', '07:06', '07:04']) publishPosition(web.bus, report('V1', at(clock)));
      await until(() => got.positions.length > 0);
      await settled();
      expect(got.positions.map((p) => p.time)).toEqual(['2026-11-24T07:06:00.000+08:00']);
    });

    it('show every change of an alert, with what people did about it', async () => {
      const f = finding('F1', 'V1', at('07:04'));
      web.findings.set('F1', stored(f, 'D1', ['S1']));
      const got = await listen('police1');
      const facts = { district: 'D1', schoolIds: ['S1'] };
      for (const peak of [50, 60, 70]) publishAlert(web.bus, { ...f, evidence: { peak } }, facts);
      await until(() => got.alerts.length === 3);
      expect(got.alerts.map((a) => [a.evidence.peak, a.state])).toEqual([
        [50, 'new'],
        [60, 'new'],
        [70, 'new'],
      ]);
      expect(web.reads.findings).toBe(1);

      const cookie = await web.signIn('school1');
      const answer = await web.ask('/api/v1/alerts/F1/acknowledge', { method: 'POST', body: '{}', cookie });
      expect(answer.status).toBe(200);
      await until(() => got.alerts.length === 4);
      expect(got.alerts[3]).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'school1' });

      publishAlert(
        web.bus,
        { ...f, id: 'F1b', end: at('07:05') },
        { ...facts, replaces: 'F1', retracted: true },
      );
      await until(() => got.alerts.length === 5);
      expect(got.alerts[4]).toMatchObject({ id: 'F1b', replaces: 'F1', retracted: true });
      expect(got.alerts[0]).not.toHaveProperty('replaces');
    });

    it('still come as new while the database is away', async () => {
      const got = await listen('admin');
      web.setDown(true);
      publishAlert(web.bus, finding('F9', 'V1', at('07:04')));
      await until(() => got.alerts.length === 1);
      expect(got.alerts[0]).toMatchObject({ id: 'F9', state: 'new' });
      web.setDown(false);
    });

    it('are decided anew when the minute or the plan changes', async () => {
      const got = await listen('guardian1');
      publishPosition(web.bus, report('V1', at('07:05')), progressOf('T1', 'A1'));
      await until(() => got.positions.length === 1);
      web.clock.now = at('07:30');
      publishPosition(web.bus, report('V1', at('07:30')), progressOf('T1', 'G1'));
      await settled();
      expect(got.positions.length).toBe(1);
      web.clock.now = at('16:00');
      publishPosition(web.bus, report('V1', at('16:00')), progressOf('T1b', 'A2'));
      await until(() => got.positions.length === 2);
      expect(got.positions[1]?.run).toMatchObject({ trip: 'T1b', nextStop: 'A2', nextStopName: '湖滨路口' });
      web.current.plan = null;
      publishPosition(web.bus, report('V1', at('16:01')));
      await settled();
      expect(got.positions.length).toBe(2);
      web.current.plan = smallPlan('small-2');
      publishPosition(web.bus, report('V1', at('16:02')), progressOf('T1b', 'A2'));
      await until(() => got.positions.length === 3);
    });
  });
}

describe('sessions and sockets', () => {
  it('refuses a handshake without a session, over both channels', async () => {
    const socket = web.sockets('busguard=nonsense');
    closing.push(() => socket.disconnect());
    await expect(connected(socket)).rejects.toThrow('sign-in-required');
    expect(await upgradeStatus('/api/v1/stream', {})).toBe(401);
  });

  it('refuses a handshake from another site, over both channels', async () => {
    const cookie = await web.signIn('admin');
    const foreign = { cookie, origin: 'https://evil.example' };
    expect(await upgradeStatus('/api/v1/stream', foreign)).toBe(403);
    // engine.io says 400 and may have ended the connection before it is read.
    expect([0, 400]).toContain(await upgradeStatus('/socket.io/?EIO=4&transport=websocket', foreign));
    const plain = await web.ask('/api/v1/stream', { cookie });
    expect(await plain.json()).toMatchObject({ status: 400, detail: expect.stringContaining('WebSocket') });
    const own = { cookie, origin: web.base };
    expect(await upgradeStatus('/api/v1/stream', own)).toBe(101);
    expect(await upgradeStatus('/socket.io/?EIO=4&transport=websocket', own)).toBe(101);
  });

  it('answers an upgrade to any other path', async () => {
    expect(await upgradeStatus('/elsewhere', {})).toBe(404);
  });

  it('closes both channels on signing out, and leaves other sessions be', async () => {
    const cookie = await web.signIn('admin');
    const mine = web.sockets(cookie);
    const others = web.sockets(await web.signIn('admin'));
    closing.push(
      () => mine.disconnect(),
      () => others.disconnect(),
    );
    await Promise.all([connected(mine), connected(others)]);
    const stream = new WebSocket(`${web.base.replace('http', 'ws')}/api/v1/stream`, { headers: { cookie } });
    await new Promise((resolve) => stream.once('message', resolve));
    const ends = Promise.all([
      new Promise((resolve) => mine.once('disconnect', resolve)),
      new Promise((resolve) => stream.once('close', resolve)),
    ]);
    expect((await web.ask('/api/v1/session', { method: 'DELETE', cookie })).status).toBe(204);
    expect(await ends).toEqual(['io server disconnect', 4401]);
    expect(others.connected).toBe(true);
  });

  it('lets pages go that come back by themselves when the process ends', async () => {
    const socket = web.sockets(await web.signIn('admin'));
    closing.push(() => socket.disconnect());
    await connected(socket);
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    await web.web.close();
    expect(await ended).toBe('transport close');
    expect(socket.active).toBe(true);
  });

  it('closes them when another process ends the session of the user', async () => {
    const socket = web.sockets(await web.signIn('police1'));
    closing.push(() => socket.disconnect());
    await connected(socket);
    const ended = new Promise((resolve) => socket.once('disconnect', resolve));
    web.bus.publish(SESSION_ENDED, { user: PEOPLE.police1.id });
    expect(await ended).toBe('io server disconnect');
  });
});

describe('sessions looked up again', () => {
  it('lets go whoever was disabled, and makes the changed come anew', async () => {
    await web.close();
    web = await startFixture({ liveLimits: { flushEveryMs: 5, recheckEveryMs: 20 } });
    const disabled = web.sockets(await web.signIn('police1'));
    const changed = web.sockets(await web.signIn('police2'));
    const same = web.sockets(await web.signIn('admin'));
    closing.push(
      () => disabled.disconnect(),
      () => changed.disconnect(),
      () => same.disconnect(),
    );
    await Promise.all([connected(disabled), connected(changed), connected(same)]);
    const gone = new Promise((resolve) => disabled.once('disconnect', resolve));
    const again = new Promise((resolve) => changed.once('disconnect', resolve));
    for (const [who, change] of [
      ['police1', { disabled: true }],
      ['police2', { district: 'D1' }],
    ] as const) {
      const known = web.users.get(PEOPLE[who].id);
      if (known) web.users.set(PEOPLE[who].id, { ...known, user: { ...known.user, ...change } });
    }
    expect(await gone).toBe('io server disconnect');
    expect(await again).toBe('transport close');
    await connected(changed);
    const shown = event<PositionView>(changed, 'position');
    publishPosition(web.bus, report('V1', at('07:05')));
    expect(await shown).toMatchObject({ vehicle: 'V1' });
    expect(same.connected).toBe(true);
  });
});

/** The status that an upgrade is answered with; 0 where the connection just ends. */
function upgradeStatus(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const request = httpRequest(`${web.base}${path}`, {
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.alloc(16, 1).toString('base64'),
        ...headers,
      },
    });
    // Resolves only when the server has ended the connection: nothing refused may stay open.
    request.on('response', (response) => {
      response.resume();
      response.socket.once('close', () => resolve(response.statusCode ?? 0));
    });
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    request.on('error', () => resolve(0));
    request.end();
  });
}
