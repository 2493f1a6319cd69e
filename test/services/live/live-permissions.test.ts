import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planFacts } from '../../../services/api/policy/plan-facts.ts';
import { makeSessions } from '../../../services/api/session/sessions.ts';
import { inProcessBus } from '../../../services/bus/in-process-bus.ts';
import {
  commandedSubject,
  etaSubject,
  handledSubject,
  mediaSubject,
} from '../../../services/bus/subjects.ts';
import type { LiveEta } from '../../../services/eta/live-eta.ts';
import type { CommandChange } from '../../../services/ingest/live-events.ts';
import { type HandledAlert, unhandled } from '../../../services/live/alert-handling.ts';
import { type LiveHub, startLiveHub } from '../../../services/live/live-hub.ts';
import type { LiveMessage } from '../../../services/live/transport.ts';
import type { LiveMedia } from '../../../services/media/live-media.ts';
import { memoryStore } from '../api/memory-store.ts';
import { at, PEOPLE, SMALL_PLAN, smallPlan, type Who } from '../api/small-plan.ts';
import { finding, progressOf, publishAlert, publishPosition, report } from '../api/web-fixture.ts';
import { silent } from '../bus/bus-behaviour.ts';

const everybody = Object.keys(PEOPLE) as Who[];
const bus = inProcessBus(silent);
const facts = planFacts(smallPlan(), SMALL_PLAN);
const heard = new Map<Who, LiveMessage[]>(everybody.map((who) => [who, []]));
let hub: LiveHub;

/** Every event of both tenants, to everybody: who hears what of which. */
beforeAll(async () => {
  const now = () => at('07:05');
  const { store } = memoryStore();
  const sessions = makeSessions(store, 's');
  hub = await startLiveHub({ store, bus, facts: () => facts, sessions, log: silent, now });
  for (const who of everybody) {
    const send = (message: LiveMessage) => void heard.get(who)?.push(message);
    hub.join(
      { id: who, user: PEOPLE[who], expiresAt: Infinity },
      {
        send,
        sendPositions: (messages) => messages.forEach(send),
        isCongested: () => false,
        onRoom: () => undefined,
        close: () => undefined,
      },
    );
  }
  for (const [vehicle, trip, stop, district, school, phone] of [
    ['V1', 'T1', 'A2', 'D1', 'S1', '13900000001'],
    ['V2', 'T2', 'B2', 'D2', 'S2', '13900000002'],
  ] as const) {
    publishPosition(bus, report(vehicle, at('07:04')), progressOf(trip, stop));
    const of = finding(`F-${vehicle}`, vehicle, at('07:04'));
    publishAlert(bus, of, { district, schoolIds: [school] });
    const alert: HandledAlert = {
      finding: of,
      district,
      schoolIds: [school],
      replaces: null,
      retracted: false,
      handling: unhandled(at('07:04')),
    };
    bus.publish(handledSubject(district, vehicle), alert);
    const change: CommandChange = { id: `C-${vehicle}`, phone, vehicle, type: 'locate', state: 'sent' };
    bus.publish(commandedSubject(phone), change);
    bus.publish(mediaSubject(district, vehicle), { media: { ...MEDIA, id: `M-${vehicle}`, vehicle, phone } });
    const eta: LiveEta = {
      vehicle,
      trip,
      serviceDate: '20261124',
      basis: at('07:04'),
      stops: [{ stop: 1, stopId: stop, ...SOON }],
    };
    bus.publish(etaSubject(district, vehicle), eta);
  }
  // Alerts are told after their handling was looked up; closing waits for that.
  await new Promise((resolve) => setImmediate(resolve));
  hub.flush();
  await hub.close();
});
afterAll(() => bus.close());

const SOON = { predicted: at('07:10'), from: at('07:09'), to: at('07:12'), confidence: 0.9 };

const MEDIA: LiveMedia['media'] = {
  id: '',
  vehicle: '',
  phone: '',
  kind: 'photo',
  message: '0x0801',
  channel: 1,
  event: null,
  terminalMediaId: null,
  name: null,
  alarmNumber: null,
  time: at('07:04'),
  receivedAt: at('07:04'),
  lat: null,
  lon: null,
  file: null,
  findingId: null,
  legalHold: false,
};

const WIDE: Who[] = ['admin', 'policeAll', 'transportAll'];
const offices = (side: '1' | '2'): Who[] =>
  (['police', 'transport', 'education', 'provider', 'school'] as const).map(
    (role) => `${role}${side}` as Who,
  );
const whole = (side: '1' | '2', ...more: Who[]): Who[] => [...WIDE, ...offices(side), ...more];
const commanders = (side: '1' | '2'): Who[] => [
  'admin',
  'transportAll',
  `transport${side}` as Who,
  `provider${side}` as Who,
];

/** For each kind of live event, who hears those of which tenant; a kind that is not here does not compile. */
const HEARD: { readonly [type in LiveMessage['type']]: (side: '1' | '2') => Who[] } = {
  position: (side) => whole(side, `guardian${side}`, `escort${side}`),
  eta: (side) => whole(side, `guardian${side}`, `escort${side}`),
  alert: (side) => whole(side, `escort${side}`),
  media: (side) => whole(side, `escort${side}`),
  command: commanders,
};

describe('every live event, for everybody', () => {
  for (const type of Object.keys(HEARD) as LiveMessage['type'][]) {
    for (const side of ['1', '2'] as const) {
      it(`${type} of the ${side === '1' ? 'first' : 'second'} tenant`, () => {
        const vehicle = `V${side}`;
        const hears = (who: Who) =>
          (heard.get(who) ?? []).some((m) => m.type === type && m.text().includes(vehicle));
        expect(everybody.filter(hears).sort()).toEqual([...HEARD[type](side)].sort());
      });
    }
  }

  it('tells a guardian no speed and no stop of others', () => {
    const said = (heard.get('guardian1') ?? []).map((message) => message.text()).join();
    expect(said).not.toMatch(/speedKmh|花园新村|13900/);
  });
});
