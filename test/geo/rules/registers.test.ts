import { describe, expect, it } from 'vitest';
import { inOrder, said } from '../judge/crew-words.ts';
import { brief, drive, judgeAll } from '../judge/drive.ts';
import { CREW, STRAIGHT, smallPlan } from '../judge/small-plan.ts';

const reports = drive([0, 0], [{ to: [4_900, 0], kmh: 30 }]);
const found = (spec: Partial<Parameters<typeof smallPlan>[0]>) =>
  judgeAll(smallPlan({ trips: [{ id: 't', line: STRAIGHT }], ...spec }), reports).findings;

describe('unapproved vehicle', () => {
  it('is quiet where the permit is valid and names the route', () => {
    expect(found({ permits: [{ vehicleId: 'bus', routeIds: ['route-t'] }] })).toEqual([]);
    expect(found({ permits: [{ vehicleId: 'bus' }] })).toEqual([]);
  });

  it.each([
    ['no_permit', [{ vehicleId: 'other' }]],
    ['permit_expired', [{ vehicleId: 'bus', validTo: '20260301' }]],
    ['permit_not_yet_valid', [{ vehicleId: 'bus', validFrom: '20260303' }]],
    ['permit_suspended', [{ vehicleId: 'bus', status: 'suspended' as const }]],
    ['permit_revoked', [{ vehicleId: 'bus', status: 'revoked' as const }]],
    ['other_route', [{ vehicleId: 'bus', routeIds: ['route-x'] }]],
  ])('finds %s, once for the run', (reason, permits) => {
    const findings = found({ permits });
    expect(findings.map((f) => [f.rule, f.severity, f.evidence.reason])).toEqual([
      ['unapproved_vehicle', 'P2', reason],
    ]);
  });

  it('takes any one permit that is in order', () => {
    expect(
      found({
        permits: [
          { vehicleId: 'bus', status: 'revoked' },
          { vehicleId: 'bus', no: 'permit-2' },
        ],
      }),
    ).toEqual([]);
  });

  it('finds a terminal that is on no register with its first report, and only where there is a register', () => {
    const strange = reports.map((one) => ({ ...one, vehicle: 'terminal:13900000000', positioned: false }));
    const known = smallPlan({ trips: [{ id: 't', line: STRAIGHT }], vehicles: ['bus'] });
    const { findings, kinds } = judgeAll(known, strange);
    expect(findings.map(brief)).toEqual(['unapproved_vehicle P2 0-']);
    expect(kinds).toEqual(['opened unapproved_vehicle']);
    expect(judgeAll(smallPlan({ trips: [{ id: 't', line: STRAIGHT }] }), strange).findings).toEqual([]);
  });
});

describe('unapproved vehicle, by dates and classes', () => {
  const base = smallPlan({
    trips: [{ id: 't', line: STRAIGHT }],
    vehicles: ['bus'],
    permits: [{ vehicleId: 'bus' }],
  });
  const reasons = (plan: typeof base) =>
    judgeAll(plan, reports).findings.map(({ severity, evidence }) => [
      evidence.reason,
      severity,
      evidence.check ?? false,
      evidence.uncappedSeverity,
    ]);
  const vehicle = (more: object) => ({
    ...base,
    vehicles: new Map([['bus', { ...base.vehicles.get('bus')!, ...more }]]),
  });

  it.each([
    ['retired', { retiredOn: '20260301' }, false, 'P1'],
    ['retired', { retiredOn: '20260302' }, true, 'P2'],
    ['inspection_overdue', { inspectedUntil: '20260228' }, false, 'P1'],
    ['inspection_overdue', { inspectedUntil: '20260301' }, true, 'P2'],
    ['insurance_overdue', { insuredUntil: '20260215' }, false, 'P1'],
  ])('finds %s by %o, a day of grace to be checked', (reason, more, check, grade) => {
    expect(reasons(vehicle(more))).toEqual([[reason, 'P2', check, grade]]);
  });

  it('is quiet until the last day, and where no date is known', () => {
    expect(reasons(base)).toEqual([]);
    const last = { retiredOn: '20260303', inspectedUntil: '20260302', insuredUntil: '20260302' };
    expect(reasons(vehicle(last))).toEqual([]);
  });

  it('finds a permit for another school, and a bus not purpose-built with young pupils', () => {
    const serving = (level: 'infant' | 'primary' | 'middle', more: object, schoolIds: string[]) => ({
      ...vehicle(more),
      trips: new Map([...base.trips].map(([id, one]) => [id, { ...one, schoolIds: ['s'] }])),
      schools: new Map([
        ['s', { id: 's', name: 's', level, district: null, lat: 31.8, lon: 119.95, geofence: null }],
      ]),
      permitsByVehicle: new Map([['bus', [{ ...base.permitsByVehicle.get('bus')![0]!, schoolIds }]]]),
    });
    expect(reasons(serving('primary', {}, ['s']))).toEqual([]);
    expect(reasons(serving('primary', {}, ['x'])).map(([reason]) => reason)).toEqual(['other_school']);
    const plain = { schoolBusType: 'non_dedicated' };
    expect(reasons(serving('primary', plain, []))).toEqual([['not_dedicated', 'P2', false, 'P2']]);
    expect(reasons(serving('infant', plain, [])).length).toBe(1);
    expect(reasons(serving('middle', plain, []))).toEqual([]);
  });

  it('finds a terminal that registers with another plate, once a day', () => {
    const says = (atS: number, plate: string) => said(atS, { kind: 'other_plate', plate });
    const words = [says(10, '苏A1'), says(20, '苏A1'), says(30, '苏A2'), says(90_000, '苏A2')];
    expect(
      judgeAll(base, inOrder(reports, words)).findings.map((one) => [brief(one), one.evidence.plate]),
    ).toEqual([
      ['unapproved_vehicle P2 10-10', '苏A1'],
      ['unapproved_vehicle P2 30-30', '苏A2'],
      ['unapproved_vehicle P2 90000-90000', '苏A2'],
    ]);
  });
});

describe('missing escort', () => {
  it('is quiet where an escort of the register is assigned, and where the roster names no crew at all', () => {
    expect(found({ people: CREW })).toEqual([]);
    expect(found({})).toEqual([]);
    expect(found({ trips: [{ id: 't', line: STRAIGHT, driver: null, escort: null }] })).toEqual([]);
  });

  it('finds a roster that names a driver and no escort, even without a register of people', () => {
    const findings = found({ trips: [{ id: 't', line: STRAIGHT, escort: null }] });
    expect(findings.map((f) => [f.rule, f.evidence.reason])).toEqual([['missing_escort', 'none_assigned']]);
  });

  it.each([
    ['none_assigned', null],
    ['not_on_register', 'nobody'],
    ['not_an_escort', 'driver'],
  ])('finds %s a minute after the bus drives with pupils, until the run ends', (reason, escort) => {
    const findings = found({ people: CREW, trips: [{ id: 't', line: STRAIGHT, escort }] });
    expect(findings.map((f) => [brief(f), f.evidence.reason])).toEqual([['missing_escort P2 15-', reason]]);
    const toTheEnd = judgeAll(
      smallPlan({ people: CREW, trips: [{ id: 't', line: STRAIGHT, escort }] }),
      drive([0, 0], [{ to: [5_000, 0], kmh: 30 }, { standS: 60 }]),
    ).findings;
    expect(toTheEnd[0]!.end).not.toBeNull();
  });

  it('follows a change of the roster at once', async () => {
    const { makeJudge } = await import('../../../geo/judge/make-judge.ts');
    const before = makeJudge(smallPlan({ people: CREW, trips: [{ id: 't', line: STRAIGHT, escort: null }] }));
    const after = makeJudge(
      smallPlan({ version: 'small-2', people: CREW, trips: [{ id: 't', line: STRAIGHT }] }),
    );
    let state = null as ReturnType<typeof before.judge>['state'] | null;
    const kinds: string[] = [];
    for (const [i, one] of reports.entries()) {
      const step = (i < 60 ? before : after).judge(state, one);
      state = step.state;
      kinds.push(...step.changes.map((change) => `${i} ${change.kind}`));
    }
    expect(kinds).toEqual(['15 opened', '60 closed']);
  });
});

describe('sos', () => {
  it('opens with the first report, even without a fix, takes repeats in, and closes once', () => {
    const pressed = reports.map((one, i) =>
      i === 20 || i === 21 || i === 60 ? { ...one, alarmFlags: 1, positioned: i !== 20 } : one,
    );
    const { findings, kinds } = judgeAll(smallPlan({ trips: [{ id: 't', line: STRAIGHT }] }), pressed);
    expect(findings.map(brief)).toEqual(['sos P1 100-']);
    expect(kinds).toEqual(['opened sos']);
    const later = drive([4_900, 0], [{ standS: 900 }], { startS: 600 });
    const closed = judgeAll(smallPlan({ trips: [{ id: 't', line: STRAIGHT }] }), [...pressed, ...later]);
    expect(closed.findings.map(brief)).toEqual(['sos P1 100-305']);
    expect(closed.kinds).toEqual(['opened sos', 'closed sos']);
  });

  it('needs no run and no plan for the vehicle', () => {
    const free = smallPlan({ trips: [{ id: 't', line: STRAIGHT, vehicle: 'other' }] });
    expect(judgeAll(free, [{ ...reports[0]!, alarmFlags: 1 }]).findings.map(brief)).toEqual(['sos P1 0-']);
  });
});
