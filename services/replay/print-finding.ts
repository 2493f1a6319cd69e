import type { Finding } from '../../geo/finding.ts';
import { chinaTime } from '../../geo/judge/time-text.ts';

/** A finding as one line of JSON, the public contract's fields in its order. */
export function findingLine(finding: Finding): string {
  return JSON.stringify({
    id: finding.id,
    rule: finding.rule,
    vehicle: finding.vehicle,
    trip: finding.trip,
    severity: finding.severity,
    start: chinaTime(finding.start),
    end: finding.end === null ? null : chinaTime(finding.end),
    lat: finding.lat,
    lon: finding.lon,
    late: finding.late,
    evidence: finding.evidence,
  });
}
