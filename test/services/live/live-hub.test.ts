import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planFacts } from '../../../services/api/policy/plan-facts.ts';
import { makeSessions, type Session } from '../../../services/api/session/sessions.ts';
import type { Bus } from '../../../services/bus/bus.ts';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import { type LiveHub, type LiveLimits, startLiveHub } from '../../../services/live/live-hub.ts';
import {
  type Farewell,
  type LiveMessage,
  POSITIONS_AT_ONCE,
  type Transport,
} from '../../../services/live/transport.ts';
import { memoryStore } from '../api/memory-store.ts';
import { at, PEOPLE, SMALL_PLAN, smallPlan, type Who } from '../api/small-plan.ts';
import { finding, publishAlert, publishPosition, report } from '../api/web-fixture.ts';
import { silent } from '../bus/bus-behaviour.ts';

/** A transport that a test can hold up. */
function handTransport() {
  const sent: LiveMessage[] = [];
  const state = { congested: false, takes: Infinity, closed: null as Farewell | null };
  let room: () => void = () => undefined;
  const transport: Transport = {
    send: (message) => void sent.push(message),
    sendPositions: (messages) => void sent.push(...messages),
    isCongested: () => state.congested || sent.length >= state.takes,
    onRoom: (listener) => {
      room = listener;
    },
    close: (why) => {
      state.closed ??= why;
    },
  };
  const ids = (type: LiveMessage['type']) =>
    sent.flatMap((m) =>
      m.type !== type
        ? []
        : m.type === 'position'
          ? `${m.data.vehicle} ${m.data.lat}`
          : m.type === 'eta'
            ? `${m.data.vehicle} ${m.data.at}`
            : m.data.id,
    );
  return { transport, sent, state, ids, makeRoom: () => room() };
}

const session = (who: Who): Session => ({ id: `session of ${who}`, user: PEOPLE[who], expiresAt: Infinity });
const facts = planFacts(smallPlan(), SMALL_PLAN);

let bus: Bus;
let hub: LiveHub;
let reconnect: () => void;
const memory = memoryStore();
const clock = { now: at('07:05') };

async function start(limits: LiveLimits = {}): Promise<void> {
  const inner = inProcessBus(silent);
  bus = {
    ...inner,
    onReconnect: (listener) => {
      reconnect = listener;
      return () => undefined;
    },
  };
  hub = await startLiveHub({
    store: memory.store,
    bus,
    facts: () => facts,
    sessions: makeSessions(memory.store, 'secret'),
    log: silent,
    // The tests flush by hand.
    limits: { flushEveryMs: 3_600_000, ...limits },
    now: () => clock.now,
  });
}
const delivered = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  clock.now = at('07:05');
  memory.setLatest([]);
  memory.setDown(false);
  return start();
});
afterEach(async () => {
  await hub.close();
  await bus.close();
});

describe('a viewer', () => {
  it('gets the latest of each vehicle once for each flush, however many came', async () => {
    const viewer = handTransport();
    hub.join(session('admin'), viewer.transport);
    for (let i = 1; i <= 50; i++) {
      publishPosition(bus, report('V1', at('07:05') + i, { lat: i }));
      publishPosition(bus, report('V2', at('07:05') + i, { lat: 100 + i }));
    }
    await delivered();
    expect(viewer.sent).toEqual([]);
    hub.flush();
    expect(viewer.ids('position')).toEqual(['V1 50', 'V2 150']);
    hub.flush();
    expect(viewer.sent.length).toBe(2);
  });

  it('that is slow gets only the latest once it can take it', async () => {
    const slow = handTransport();
    const quick = handTransport();
    hub.join(session('admin'), slow.transport);
    hub.join(session('policeAll'), quick.transport);
    slow.state.congested = true;
    for (let i = 1; i <= 5; i++) {
      publishPosition(bus, report('V1', at('07:05') + i, { lat: i }));
      await delivered();
      hub.flush();
    }
    expect(quick.ids('position')).toEqual(['V1 1', 'V1 2', 'V1 3', 'V1 4', 'V1 5']);
    expect(slow.sent).toEqual([]);
    slow.state.congested = false;
    hub.flush();
    expect(slow.ids('position')).toEqual(['V1 5']);
  });

  it('that takes only so much at a time gets the rest later, each vehicle once', async () => {
    const viewer = handTransport();
    hub.join(session('admin'), viewer.transport);
    for (let i = 0; i < 250; i++) publishPosition(bus, report(`bus ${i}`, at('07:05'), { lat: 1 }));
    await delivered();
    viewer.state.takes = POSITIONS_AT_ONCE;
    hub.flush();
    expect(viewer.sent.length).toBe(POSITIONS_AT_ONCE);
    publishPosition(bus, report('bus 249', at('07:06'), { lat: 2 }));
    publishPosition(bus, report('bus 0', at('07:06'), { lat: 2 }));
    await delivered();
    hub.flush();
    expect(viewer.sent.length).toBe(POSITIONS_AT_ONCE);
    viewer.state.takes = Infinity;
    viewer.makeRoom();
    expect(viewer.ids('position').length).toBe(251);
    expect(viewer.ids('position').slice(-2)).toEqual(['bus 249 2', 'bus 0 2']);
  });

  it('that stays slow for too long is let go, and no other', async () => {
    const slow = handTransport();
    const quick = handTransport();
    hub.join(session('admin'), slow.transport);
    hub.join(session('policeAll'), quick.transport);
    slow.state.congested = true;
    publishPosition(bus, report('V1', at('07:05')));
    await delivered();
    hub.flush();
    clock.now += 30_000;
    hub.flush();
    expect(slow.state.closed).toBeNull();
    clock.now += 1;
    hub.flush();
    expect(slow.state.closed).toBe('too-slow');
    expect(quick.state.closed).toBeNull();
    expect(hub.viewerCount).toBe(1);
  });

  it('never misses an alert: those of a slow time come in order, one too many ends it', async () => {
    await hub.close();
    await start({ maxAlertsWaiting: 3 });
    const viewer = handTransport();
    hub.join(session('admin'), viewer.transport);
    viewer.state.congested = true;
    for (const id of ['a', 'b', 'a']) publishAlert(bus, finding(id, 'V1', at('07:05')));
    await delivered();
    await delivered();
    expect(viewer.sent).toEqual([]);
    viewer.state.congested = false;
    hub.flush();
    expect(viewer.ids('alert')).toEqual(['a', 'b', 'a']);
    viewer.state.congested = true;
    for (const id of ['c', 'd', 'e', 'f']) publishAlert(bus, finding(id, 'V1', at('07:05')));
    await delivered();
    await delivered();
    expect(viewer.state.closed).toBe('too-slow');
    hub.flush();
    expect(hub.viewerCount).toBe(0);
  });

  it('gets the same text as every other that sees as much', async () => {
    const one = handTransport();
    const two = handTransport();
    const family = handTransport();
    hub.join(session('admin'), one.transport);
    hub.join(session('police1'), two.transport);
    hub.join(session('guardian1'), family.transport);
    publishPosition(bus, report('V1', at('07:05')));
    await delivered();
    hub.flush();
    expect(one.sent[0]).toBe(two.sent[0]);
    expect(family.sent[0]).not.toBe(one.sent[0]);
    expect(JSON.parse(one.sent[0]?.text() ?? '')).toEqual(one.sent[0]?.data);
  });

  it('is turned away where there are too many', async () => {
    await hub.close();
    await start({ maxViewers: 3, maxViewersPerSession: 2 });
    const join = (who: Who) => hub.join(session(who), handTransport().transport);
    expect(join('admin')).not.toBeNull();
    const leave = join('admin');
    expect(join('admin')).toBeNull();
    expect(join('police1')).not.toBeNull();
    expect(join('police2')).toBeNull();
    leave?.();
    expect(join('police2')).not.toBeNull();
  });
});

describe('the hub', () => {
  it('knows at its start what the store knows', async () => {
    await hub.close();
    memory.setLatest([{ vehicle: 'V1', last: report('V1', at('07:04'), { lat: 7 }), progress: null }]);
    await start();
    expect(hub.positions.get('V1')?.report.lat).toBe(7);
  });

  it('after a gap on the bus reads the newest and makes its viewers read their lists anew', async () => {
    const viewer = handTransport();
    hub.join(session('admin'), viewer.transport);
    publishPosition(bus, report('V2', at('07:06'), { lat: 6 }));
    await delivered();
    memory.setLatest([
      { vehicle: 'V1', last: report('V1', at('07:05'), { lat: 5 }), progress: null },
      { vehicle: 'V2', last: report('V2', at('07:04'), { lat: 4 }), progress: null },
    ]);
    reconnect();
    await delivered();
    expect(viewer.state.closed).toBe('resync');
    expect(hub.positions.get('V1')?.report.lat).toBe(5);
    expect(hub.positions.get('V2')?.report.lat).toBe(6);
  });

  it('says goodbye when it closes', async () => {
    const viewer = handTransport();
    hub.join(session('admin'), viewer.transport);
    await hub.close();
    expect(viewer.state.closed).toBe('closing');
    expect(hub.join(session('admin'), handTransport().transport)).toBeNull();
  });
});
