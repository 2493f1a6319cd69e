import { storableJson, storableText, timestamp } from './column-types.ts';
import type { Session, Writer } from './database.ts';
import type { FindingWrite } from './store.ts';

const UPSERT = `
insert into finding as f (id, vehicle_key, vehicle, rule, trip, severity, start_at, end_at, lat, lon, late, evidence,
  district, school_ids, shadow, incident)
select r.id, r.vehicle_key, r.vehicle, r.rule, r.trip, r.severity, r.start_at, r.end_at, r.lat, r.lon, r.late,
  r.evidence, r.district, r.school_ids, r.shadow, nullif(r.incident, '')
from jsonb_to_recordset($1::jsonb) as r (id text, vehicle_key int, vehicle text, rule text, trip text, severity text,
  start_at timestamptz, end_at timestamptz, lat float8, lon float8, late boolean, evidence jsonb, district text,
  school_ids text[], shadow boolean, incident text)
on conflict (id) do update set
  trip = excluded.trip, severity = excluded.severity, start_at = excluded.start_at, end_at = excluded.end_at,
  lat = excluded.lat, lon = excluded.lon, late = excluded.late, evidence = excluded.evidence,
  district = excluded.district, school_ids = excluded.school_ids, retracted_at = null,
  shadow = excluded.shadow,
  incident = case when $2::jsonb ? f.id then nullif($2::jsonb ->> f.id, '') else f.incident end`;

const UNALIAS = 'delete from finding_alias where old_id = any($1)';

const RENAME = `
update finding set id = $2
where id = $1 and vehicle_key = $3 and not exists (select 1 from finding where id = $2)`;

/** Both ids are there: what was done with the old one moves to the new, unless that has been handled itself. */
const MERGE = `
update finding n set
  state = o.state, acknowledged_at = o.acknowledged_at, acknowledged_by = o.acknowledged_by,
  resolved_at = o.resolved_at, resolved_by = o.resolved_by, resolution = o.resolution, note = o.note,
  stage = o.stage, escalation = o.escalation, desk = o.desk,
  raised_at = least(n.raised_at, o.raised_at)
from finding o
where n.id = $2 and o.id = $1 and n.state = 'new' and o.vehicle_key = $3 and n.vehicle_key = $3`;
const DELETE = 'delete from finding where id = $1 and vehicle_key = $2';

const ALIAS = `
insert into finding_alias (old_id, id) values ($1, $2)
on conflict (old_id) do update set id = excluded.id`;
const REALIAS = 'update finding_alias set id = $2 where id = $1';

const RETRACT = `
update finding f set retracted_at = now()
from unnest($1::int[], $2::text[]) as r (vehicle_key, id)
where f.id = r.id and f.vehicle_key = r.vehicle_key and f.retracted_at is null`;

/** Opens and brings up to date those that replace none; the last word on an id counts. */
export async function writePlainFindings(writer: Writer, writes: readonly FindingWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await upsert(writer, [...new Map(writes.map((write) => [write.finding.id, write])).values()]);
}

export const isPlain = (write: FindingWrite): boolean => write.replaces === null;

export async function writeFindings(session: Session, writes: readonly FindingWrite[]): Promise<void> {
  if (writes.every(isPlain)) {
    await writePlainFindings(session, writes);
    return;
  }
  // A new id may replace one written a line above: in order, one by one. Rare, since only late reports do it.
  for (const write of writes) {
    if (write.replaces !== null && write.replaces !== write.finding.id) {
      await rename(session, write.replaces, write.finding.id, write.vehicleKey);
    }
    await upsert(session, [write]);
  }
}

export async function retractFindings(
  writer: Writer,
  retractions: readonly { readonly vehicleKey: number; readonly id: string }[],
): Promise<void> {
  if (retractions.length === 0) return;
  await writer.run(RETRACT, [retractions.map((r) => r.vehicleKey), retractions.map((r) => r.id)]);
}

async function upsert(writer: Writer, writes: readonly FindingWrite[]): Promise<void> {
  const rows = writes.map(({ vehicleKey, finding, district, schoolIds, incident }) => ({
    id: storableText(finding.id),
    vehicle_key: vehicleKey,
    vehicle: finding.vehicle,
    rule: finding.rule,
    trip: finding.trip,
    severity: finding.severity,
    start_at: timestamp(finding.start),
    end_at: finding.end === null ? null : timestamp(finding.end),
    lat: finding.lat,
    lon: finding.lon,
    late: finding.late,
    evidence: finding.evidence,
    district,
    school_ids: schoolIds,
    shadow: finding.shadow ?? false,
    incident: incident ?? null,
  }));
  // Those whose incident is told anew; all others keep the one that they have.
  const incidents = Object.fromEntries(
    writes.flatMap(({ finding, incident }) =>
      incident === undefined ? [] : [[storableText(finding.id), incident ?? '']],
    ),
  );
  await writer.run(UNALIAS, [rows.map((row) => row.id)]);
  await writer.run(UPSERT, [storableJson(rows), storableJson(incidents)]);
}

/** The episode goes on under another id; whoever asks for the old one is led to it. */
async function rename(session: Session, from: string, to: string, vehicleKey: number): Promise<void> {
  let moved = await session.run(RENAME, [from, to, vehicleKey]);
  if (moved === 0) {
    await session.run(MERGE, [from, to, vehicleKey]);
    moved = await session.run(DELETE, [from, vehicleKey]);
  }
  if (moved === 0) return;
  await session.run(REALIAS, [from, to]);
  await session.run(ALIAS, [from, to]);
}
