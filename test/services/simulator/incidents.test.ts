import { describe, expect, it } from 'vitest';
import type { RuleName } from '../../../geo/finding.ts';
import { replayReports } from '../../../geo/judge/replay-reports.ts';
import { buildPlan } from '../../../geo/plan/build-plan.ts';
import { demoPlanFiles } from '../../../services/simulator/demo-plan.ts';
import { fleetReports } from '../../../services/simulator/fleet-reports.ts';
import type { Incident } from '../../../services/simulator/incidents.ts';

const files = demoPlanFiles();
const built = buildPlan(files, 'demo');
if (!built.ok) throw new Error('the demo plan is not valid');
const { plan } = built;

const RULE: Record<Incident['kind'], RuleName> = {
  speeding: 'speeding',
  detour: 'route_deviation',
  sos: 'sos',
  blind_area: 'terminal_offline',
  expired_permit: 'unapproved_vehicle',
  no_escort: 'missing_escort',
};

function judged(start: string, durationS: number, intervalS: number, seed: number, incidents = true) {
  const startAt = Date.parse(start);
  const fleet = fleetReports({ plan, files, buses: null, intervalS, seed, incidents, startAt, durationS });
  return { startAt, ...fleet, findings: replayReports(plan, fleet.reports) };
}

/** Findings that the plan itself causes come once for each run of their bus; the others once. */
const ONCE_A_RUN: ReadonlySet<string> = new Set(['unapproved_vehicle', 'missing_escort']);

describe('the staged incidents', () => {
  const STARTS = ['00:00', '03:10', '07:30', '12:00', '23:50'];
  it.each(STARTS)('are found, each by its rule, and nothing else is: %s, 15 minutes', (hour) => {
    const { findings, incidents } = judged(`2026-11-24T${hour}:00+08:00`, 900, 10, 1);
    expect(incidents.map((incident) => incident.kind).sort()).toEqual(Object.keys(RULE).sort());
    const expected = incidents.map((incident) => `${RULE[incident.kind]} ${incident.vehicle}`).sort();
    const found = findings.map((finding) => `${finding.rule} ${finding.vehicle}`);
    expect([...new Set(found)].sort()).toEqual(expected);
    for (const name of expected) {
      const times = found.filter((other) => other === name).length;
      if (!ONCE_A_RUN.has(name.split(' ')[0]!)) expect([name, times]).toEqual([name, 1]);
    }
    const runs = findings.filter((finding) => ONCE_A_RUN.has(finding.rule)).map((f) => `${f.rule} ${f.trip}`);
    expect(new Set(runs).size).toBe(runs.length);
  });

  it('begin within two minutes of the start', () => {
    const { findings, startAt } = judged('2026-11-24T16:20:00+08:00', 900, 5, 7);
    const first = new Map<string, number>();
    for (const finding of [...findings].reverse()) first.set(finding.rule, finding.start - startAt);
    expect(first.size).toBe(6);
    for (const afterMs of first.values()) expect(afterMs).toBeLessThan(120_000);
  });

  it('stay alone for an hour', () => {
    const { findings, incidents } = judged('2026-11-24T07:30:00+08:00', 3600, 10, 1);
    const known = new Set(incidents.map((incident) => `${RULE[incident.kind]} ${incident.vehicle}`));
    for (const finding of findings) expect(known).toContain(`${finding.rule} ${finding.vehicle}`);
    expect(findings.filter((finding) => !ONCE_A_RUN.has(finding.rule)).length).toBe(4);
  });

  it('leave, when not asked for, only what the plan itself has wrong', () => {
    const { findings, incidents } = judged('2026-11-24T09:00:00+08:00', 900, 10, 1, false);
    expect(incidents).toEqual([]);
    expect(new Set(findings.map((finding) => finding.rule))).toEqual(ONCE_A_RUN);
  });

  it('are the same for the same seed and start', () => {
    const once = judged('2026-11-24T18:45:00+08:00', 120, 10, 3);
    const again = judged('2026-11-24T18:45:00+08:00', 120, 10, 3);
    expect(again.incidents).toEqual(once.incidents);
    expect(again.reports).toEqual(once.reports);
  });
});
