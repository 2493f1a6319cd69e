import { describe, expect, it } from 'vitest';
import { replayReports } from '../../../geo/judge/replay-reports.ts';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import { demoPlanFiles } from '../../../services/simulator/demo-plan.ts';
import { fleetReports } from '../../../services/simulator/fleet-reports.ts';
import type { Incident } from '../../../services/simulator/incidents.ts';

const files = demoPlanFiles();
const built = buildPlan(files, 'demo');
if (!built.ok) throw new Error('the demo plan does not build');
const { plan } = built;

const RULE: { readonly [kind in Incident['kind']]: string } = {
  speeding: 'speeding',
  detour: 'route_deviation',
  sos: 'sos',
  blind_area: 'terminal_offline',
  expired_permit: 'unapproved_vehicle',
  no_escort: 'missing_escort',
};

/** An ordinary school day, a Sunday night, the hour of a change of shifts, one run of a bus taking over from another. */
const HOURS = [
  '2026-03-02T07:10:00+08:00',
  '2026-03-08T02:40:00+08:00',
  '2026-11-24T16:58:00+08:00',
  '2026-11-24T01:09:00+08:00',
];

describe('the demo district', () => {
  it.each(HOURS)('shows its staged incidents and nothing else, begun at %s', (start) => {
    const startAt = Date.parse(start);
    const { reports, incidents } = fleetReports({
      plan,
      files,
      buses: null,
      intervalS: 5,
      seed: 1,
      startAt,
      durationS: 900,
      incidents: true,
    });
    const findings = replayReports(plan, reports);
    // What is wrong with the plan itself is found on each run anew.
    const found = new Set(findings.map(({ rule, vehicle }) => `${rule} ${vehicle}`));
    expect([...found].sort()).toEqual(
      incidents.map(({ kind, vehicle }) => `${RULE[kind]} ${vehicle}`).sort(),
    );
    const perRun = findings.map(({ rule, vehicle, trip }) => `${rule} ${vehicle} ${trip}`);
    expect(perRun).toEqual([...new Set(perRun)]);
  });
});
