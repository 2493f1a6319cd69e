import type { Finding, RuleName, Severity } from '../../geo/finding.ts';
import type { DeskState } from '../desk/handling.ts';
import type { StoredFinding } from './store.ts';

export const FINDING_COLUMNS =
  'id, vehicle, rule, trip, severity, start_at, end_at, lat, lon, late, evidence, district, school_ids, state, ' +
  'acknowledged_at, acknowledged_by, resolved_at, resolved_by, resolution, note, raised_at, ' +
  'retracted_at is not null as retracted, shadow, incident, desk';

export interface FindingRow {
  readonly id: string;
  readonly vehicle: string;
  readonly rule: RuleName;
  readonly trip: string | null;
  readonly severity: Severity;
  readonly start_at: number;
  readonly end_at: number | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly late: boolean;
  readonly evidence: Finding['evidence'];
  readonly district: string | null;
  readonly school_ids: string[];
  readonly state: StoredFinding['state'];
  readonly acknowledged_at: number | null;
  readonly acknowledged_by: string | null;
  readonly resolved_at: number | null;
  readonly resolved_by: string | null;
  readonly resolution: string | null;
  readonly note: string | null;
  readonly raised_at: number;
  readonly retracted: boolean;
  readonly shadow: boolean;
  readonly incident: string | null;
  readonly desk: DeskState | null;
}

export const readFinding = (row: FindingRow): Finding => ({
  id: row.id,
  rule: row.rule,
  vehicle: row.vehicle,
  trip: row.trip,
  severity: row.severity,
  start: row.start_at,
  end: row.end_at,
  lat: row.lat,
  lon: row.lon,
  late: row.late,
  ...(row.shadow ? { shadow: true as const } : {}),
  evidence: row.evidence,
});

export const readStoredFinding = (row: FindingRow): StoredFinding => ({
  finding: readFinding(row),
  district: row.district,
  schoolIds: row.school_ids,
  state: row.state,
  acknowledgedAt: row.acknowledged_at,
  acknowledgedBy: row.acknowledged_by,
  resolvedAt: row.resolved_at,
  resolvedBy: row.resolved_by,
  resolution: row.resolution,
  note: row.note,
  raisedAt: row.raised_at,
  retracted: row.retracted,
  ...(row.incident === null ? {} : { incident: row.incident }),
  ...(row.desk === null ? {} : { desk: row.desk }),
});
