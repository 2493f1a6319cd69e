import { describe, expect, it } from 'vitest';
import { brief, drive, judgeAll } from '../judge/drive.ts';
import { smallPlan } from '../judge/small-plan.ts';

const line = [
  [0, 0],
  [5_000, 0],
] as const;
const people = [
  { id: 'driver', role: 'driver' as const },
  { id: 'escort', role: 'escort' as const },
];
const reports = drive([0, 0], [{ to: [4_900, 0], kmh: 30 }]);
const found = (spec: Partial<Parameters<typeof smallPlan>[0]>) =>
  judgeAll(smallPlan({ trips: [{ id: 't', line }], ...spec }), reports).findings;

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
    const known = smallPlan({ trips: [{ id: 't', line }], vehicles: ['bus'] });
    const { findings, kinds } = judgeAll(known, strange);
    expect(findings.map(brief)).toEqual(['unapproved_vehicle P2 0-']);
    expect(kinds).toEqual(['opened unapproved_vehicle']);
    expect(judgeAll(smallPlan({ trips: [{ id: 't', line }] }), strange).findings).toEqual([]);
  });
});

describe('missing escort', () => {
  it('is quiet where an escort of the register is assigned, and where the roster names no crew at all', () => {
    expect(found({ people })).toEqual([]);
    expect(found({})).toEqual([]);
    expect(found({ trips: [{ id: 't', line, driver: null, escort: null }] })).toEqual([]);
  });

  it('finds a roster that names a driver and no escort, even without a register of people', () => {
    const findings = found({ trips: [{ id: 't', line, escort: null }] });
    expect(findings.map((f) => [f.rule, f.evidence.reason])).toEqual([['missing_escort', 'none_assigned']]);
  });

  it.each([
    ['none_assigned', null],
    ['not_on_register', 'nobody'],
    ['not_an_escort', 'driver'],
  ])('finds %s a minute after the bus drives with pupils, until the run ends', (reason, escort) => {
    const findings = found({ people, trips: [{ id: 't', line, escort }] });
    expect(findings.map((f) => [brief(f), f.evidence.reason])).toEqual([['missing_escort P2 15-', reason]]);
    const toTheEnd = judgeAll(
      smallPlan({ people, trips: [{ id: 't', line, escort }] }),
      drive([0, 0], [{ to: [5_000, 0], kmh: 30 }, { standS: 60 }]),
    ).findings;
    expect(toTheEnd[0]!.end).not.toBeNull();
  });

  it('follows a change of the roster at once', async () => {
    const { makeJudge } = await import('../../../geo/judge/make-judge.ts');
    const before = makeJudge(smallPlan({ people, trips: [{ id: 't', line, escort: null }] }));
    const after = makeJudge(smallPlan({ version: 'small-2', people, trips: [{ id: 't', line }] }));
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
    const { findings, kinds } = judgeAll(smallPlan({ trips: [{ id: 't', line }] }), pressed);
    expect(findings.map(brief)).toEqual(['sos P1 100-']);
    expect(kinds).toEqual(['opened sos']);
    const later = drive([4_900, 0], [{ standS: 900 }], { startS: 600 });
    const closed = judgeAll(smallPlan({ trips: [{ id: 't', line }] }), [...pressed, ...later]);
    expect(closed.findings.map(brief)).toEqual(['sos P1 100-305']);
    expect(closed.kinds).toEqual(['opened sos', 'closed sos']);
  });

  it('needs no run and no plan for the vehicle', () => {
    const free = smallPlan({ trips: [{ id: 't', line, vehicle: 'other' }] });
    expect(judgeAll(free, [{ ...reports[0]!, alarmFlags: 1 }]).findings.map(brief)).toEqual(['sos P1 0-']);
  });
});
