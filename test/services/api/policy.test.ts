import { describe, expect, it } from 'vitest';
import type { RunProgress } from '../../../geo/judge.ts';
import { planFacts } from '../../../services/api/policy/plan-facts.ts';
import {
  type Action,
  hasShareIn,
  may,
  maySeeAlert,
  maySeePermit,
  maySeeRider,
  maySeeSchool,
  maySeeTerminal,
  maySeeTrip,
  stopsOfTrip,
  tenantsOf,
  trackAccess,
  vehicleAccess,
} from '../../../services/api/policy/policy.ts';
import { vehicleTenants } from '../../../services/plan/vehicle-tenants.ts';
import { at, PEOPLE, SMALL_PLAN, smallPlan, type Who } from './small-plan.ts';

const facts = planFacts(smallPlan(), SMALL_PLAN);
const everybody = Object.keys(PEOPLE) as Who[];

/** Asserts who of everybody is allowed; every other person must be denied. */
function onlyThese(allowed: readonly Who[], ask: (who: Who) => boolean): void {
  expect(everybody.filter(ask)).toEqual(everybody.filter((who) => allowed.includes(who)));
}

const STAFF_OF_1: Who[] = [
  'admin',
  'police1',
  'policeAll',
  'transport1',
  'transportAll',
  'education1',
  'provider1',
  'school1',
];
const WIDE: Who[] = ['admin', 'policeAll', 'transportAll'];

const seesVehicle =
  (vehicle: string, time: number, progress: RunProgress | null = null) =>
  (who: Who) =>
    vehicleAccess(PEOPLE[who], facts, vehicle, time, progress) !== null;

const late = (delayS: number, trip = 'T1', serviceDate = '20261124'): RunProgress => ({
  trip,
  route: 'R1',
  serviceDate,
  runState: 'CARRYING',
  progressM: 0,
  nextStop: 'A2',
  delayS,
  aboard: 'inferred',
});

describe('who sees a vehicle', () => {
  const table: { when: string; vehicle: string; allowed: Who[] }[] = [
    { when: '03:00', vehicle: 'V1', allowed: STAFF_OF_1 },
    { when: '06:30', vehicle: 'V1', allowed: [...STAFF_OF_1, 'escort1'] },
    { when: '07:00', vehicle: 'V1', allowed: [...STAFF_OF_1, 'escort1', 'guardian1'] },
    { when: '12:00', vehicle: 'V1', allowed: STAFF_OF_1 },
    { when: '16:10', vehicle: 'V1', allowed: [...STAFF_OF_1, 'escort1', 'guardian1'] },
    {
      when: '07:00',
      vehicle: 'V2',
      allowed: [
        ...WIDE,
        'police2',
        'transport2',
        'education2',
        'provider2',
        'school2',
        'guardian2',
        'escort2',
      ],
    },
    { when: '07:00', vehicle: 'terminal:13999999999', allowed: WIDE },
    { when: '07:00', vehicle: 'no such bus', allowed: WIDE },
  ];
  for (const { when, vehicle, allowed } of table) {
    it(`${vehicle} at ${when}`, () => onlyThese(allowed, seesVehicle(vehicle, at(when))));
  }

  it('nobody but those who see everything while there is no plan', () => {
    onlyThese(WIDE, (who) => vehicleAccess(PEOPLE[who], null, 'V1', at('07:00'), null) !== null);
  });

  it('nobody who is disabled', () => {
    for (const who of everybody) {
      const user = { ...PEOPLE[who], disabled: true };
      expect(vehicleAccess(user, facts, 'V1', at('07:00'), null)).toBeNull();
      expect(trackAccess(user, facts, 'V1')).toBeNull();
      expect(may(user, 'acknowledge')).toBe(false);
      expect(maySeeAlert(user, facts, { vehicle: 'V1', start: 0, district: 'D1', schoolIds: ['S1'] })).toBe(
        false,
      );
    }
  });
});

describe('a guardian', () => {
  const sees = (clock: string, progress: RunProgress | null = null) =>
    vehicleAccess(PEOPLE.guardian1, facts, 'V1', at(clock), progress) !== null;

  it('sees the bus from 15 minutes before its run until 5 minutes after their stop', () => {
    expect(sees('06:44')).toBe(false);
    expect(sees('06:45')).toBe(true);
    expect(sees('07:15')).toBe(true);
    expect(sees('07:16')).toBe(false);
    expect(sees('15:44')).toBe(false);
    expect(sees('16:25')).toBe(true);
    expect(sees('16:26')).toBe(false);
  });

  it('sees it as much longer as it is late, and no shorter when it is early', () => {
    expect(sees('07:21', late(600))).toBe(true);
    expect(sees('07:26', late(600))).toBe(false);
    expect(sees('07:15', late(-600))).toBe(true);
  });

  it('is not shown it for the delay of another run or of another day', () => {
    expect(sees('07:21', late(600, 'T1b'))).toBe(false);
    expect(sees('07:21', late(600, 'T1', '20261123'))).toBe(false);
    expect(sees('11:00', late(864_000))).toBe(false);
  });

  it('does not see a run of the same bus past the same stop that their child is not on', () => {
    const morningOnly = { ...PEOPLE.guardian1, riderIds: ['K3'] };
    const seesAt = (clock: string) => vehicleAccess(morningOnly, facts, 'V1', at(clock), null) !== null;
    expect(seesAt('07:00')).toBe(true);
    expect(seesAt('16:10')).toBe(false);
  });

  it('is told no speed, and of stops only theirs and the school', () => {
    const access = vehicleAccess(PEOPLE.guardian1, facts, 'V1', at('07:00'), null);
    expect(access?.speed).toBe(false);
    expect(access?.trips).toEqual(new Set(['T1']));
    expect(access?.stops).toEqual(new Set(['A2', 'G1']));
    expect(stopsOfTrip(PEOPLE.guardian1, facts, 'T1')).toEqual(new Set(['A2', 'G1']));
  });

  it('has no share in tracks, alerts, permits, terminals, reports, fences or names of crew', () => {
    for (const kind of [
      'tracks',
      'alerts',
      'permits',
      'terminals',
      'reports',
      'fences',
      'crewNames',
    ] as const) {
      expect(hasShareIn(PEOPLE.guardian1, kind), kind).toBe(false);
    }
  });
});

describe('who sees what else', () => {
  const noon = at('12:00');

  it('past positions', () => {
    const at7 = (who: Who) => trackAccess(PEOPLE[who], facts, 'V1')?.(at('07:00')) ?? false;
    onlyThese([...STAFF_OF_1, 'escort1'], at7);
    const atNoon = (who: Who) => trackAccess(PEOPLE[who], facts, 'V1')?.(noon) ?? false;
    onlyThese(STAFF_OF_1, atNoon);
  });

  it('alerts', () => {
    const alert = { vehicle: 'V1', start: at('07:10'), district: 'D1', schoolIds: ['S1'] };
    onlyThese([...STAFF_OF_1, 'escort1'], (who) => maySeeAlert(PEOPLE[who], facts, alert));
    const offDuty = { ...alert, start: noon, schoolIds: [] };
    onlyThese([...WIDE, 'police1', 'transport1', 'education1', 'provider1'], (who) =>
      maySeeAlert(PEOPLE[who], facts, offDuty),
    );
    const unknown = { vehicle: 'terminal:1', start: noon, district: null, schoolIds: [] };
    onlyThese(WIDE, (who) => maySeeAlert(PEOPLE[who], facts, unknown));
  });

  it('trips', () => {
    onlyThese([...STAFF_OF_1, 'escort1', 'guardian1'], (who) => maySeeTrip(PEOPLE[who], facts, 'T1', noon));
    onlyThese(WIDE, (who) => maySeeTrip(PEOPLE[who], facts, 'no such trip', noon));
  });

  it('schools', () => {
    onlyThese([...STAFF_OF_1, 'escort1', 'guardian1'], (who) => maySeeSchool(PEOPLE[who], facts, 'S1', noon));
  });

  it('permits', () => onlyThese(STAFF_OF_1, (who) => maySeePermit(PEOPLE[who], facts, 'V1', noon)));

  it('pupils', () => {
    onlyThese(['admin', 'school1', 'guardian1'], (who) => maySeeRider(PEOPLE[who], facts, 'K1', 'S1'));
  });

  it('terminals', () => {
    onlyThese(['admin', 'transport1', 'transportAll', 'provider1'], (who) =>
      maySeeTerminal(PEOPLE[who], facts, 'V1'),
    );
    onlyThese(['admin', 'transportAll'], (who) => maySeeTerminal(PEOPLE[who], facts, 'terminal:1'));
  });
});

describe('who may do what', () => {
  const who = (...roles: string[]) => everybody.filter((name) => roles.includes(PEOPLE[name].role));
  const table: { action: Action; roles: string[] }[] = [
    { action: 'acknowledge', roles: ['admin', 'police', 'transport', 'education', 'provider', 'school'] },
    { action: 'resolve', roles: ['admin', 'police', 'transport', 'provider'] },
    { action: 'command', roles: ['admin', 'transport', 'provider'] },
    { action: 'configure', roles: ['admin', 'transport'] },
    { action: 'control', roles: ['admin'] },
    { action: 'accounts', roles: ['admin'] },
    { action: 'audit', roles: ['admin'] },
  ];
  for (const { action, roles } of table) {
    it(action, () => onlyThese(who(...roles), (name) => may(PEOPLE[name], action)));
  }
});

describe('tenants, for the wall in the database', () => {
  it('are never narrower than what the policy shows', () => {
    const tags = vehicleTenants(facts.plan, SMALL_PLAN);
    for (const who of everybody) {
      const own = tenantsOf(PEOPLE[who], facts, at('07:00'));
      for (const vehicle of ['V1', 'V2']) {
        const seen = vehicleAccess(PEOPLE[who], facts, vehicle, at('07:00'), null) !== null;
        const within = own === 'all' || own.some((tenant) => tags.get(vehicle)?.has(tenant));
        expect(within, `${who} ${vehicle}`).toBe(seen);
      }
    }
  });

  it('of somebody who is disabled or bound to nothing are none', () => {
    expect(tenantsOf({ ...PEOPLE.admin, disabled: true }, facts, 0)).toEqual([]);
    for (const who of ['schoolNone', 'providerNone', 'guardianNone', 'escortNone'] as const)
      expect(tenantsOf(PEOPLE[who], facts, at('07:00')), who).toEqual([]);
  });
});
