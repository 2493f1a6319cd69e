import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';
import { TerminalClock } from '../ingest/terminal-clock.ts';
import { terminalEvents } from '../ingest/terminal-events.ts';
import type { OnBadRow } from './read-csv-track.ts';
import { placeFault, readTime, rowReport } from './track-row.ts';

type Fields = { readonly [key: string]: unknown };

/**
 * Reads JSON Lines: either what `busguard decode` prints, of which locations (0x0200, 0x0704) become reports and the
 * rest is passed over, or objects with `vehicle`, `time`, `lat`, `lon` and any other field of a report.
 */
export function readJsonlTrack(text: string, plan: Plan, onBadRow: OnBadRow): Report[] {
  const reports: Report[] = [];
  const plates = new Map<string, string>();
  const clocks = new Map<string, TerminalClock>();
  const clockOf = (phone: string): TerminalClock => {
    const clock = clocks.get(phone) ?? new TerminalClock(null);
    clocks.set(phone, clock);
    return clock;
  };
  let line = 0;
  for (const row of text.split('\n')) {
    line++;
    if (row.trim() === '') continue;
    const fields = parse(row);
    if (fields === null) {
      onBadRow(line, 'not a JSON object');
      continue;
    }
    const bad = (reason: string): void => onBadRow(line, reason);
    if ('ok' in fields || 'msgId' in fields) decoded(fields, plan, plates, clockOf, reports, bad);
    else {
      const report = plain(fields, String(fields.vehicle ?? ''), bad);
      if (report) reports.push(report);
    }
  }
  return reports;
}

function decoded(
  fields: Fields,
  plan: Plan,
  plates: Map<string, string>,
  clockOf: (phone: string) => TerminalClock,
  reports: Report[],
  bad: (reason: string) => void,
): void {
  if (fields.ok === false) {
    bad(`not decoded: ${String(fields.error)}`);
    return;
  }
  const body = objectOf(fields.body);
  const phone = String(fields.phone ?? '').replace(/^0+/, '');
  if (body === null) return;
  if (fields.msgId === '0x0100' && typeof body.plate === 'string' && body.plate !== '')
    plates.set(phone, body.plate);
  const vehicle = vehicleOf(phone, plan, plates);
  const items = fields.msgId === '0x0200' ? [body] : fields.msgId === '0x0704' ? listOf(body.items) : [];
  const blind = fields.msgId === '0x0704' && (body.batchType === 1 || body.batchType === 'blind area');
  for (const item of items) {
    const location = objectOf(item);
    if (location === null || !('lat' in location)) {
      bad('a location that could not be read');
      continue;
    }
    const dated = datedBy(clockOf(phone), location.time, fields.receivedAt, fields.msgId === '0x0200');
    if (dated === null) {
      bad(`time is far ahead of its receipt: ${String(location.time)}`);
      continue;
    }
    const told = terminalEvents(location, plan.vehicles.get(vehicle)?.inputs ?? null) ?? [];
    const report = plain(
      {
        ...location,
        ...statusOf(location),
        time: dated.time,
        receivedAt: fields.receivedAt,
        events: [...dated.events, ...told],
        backfill: blind,
        serial: fields.serial,
      },
      vehicle,
      bad,
    );
    if (report) reports.push(report);
  }
}

/** As at the ingest port, where the file says when reports were received; null where one cannot be dated. */
function datedBy(
  clock: TerminalClock,
  time: unknown,
  receivedAt: unknown,
  live: boolean,
): { readonly time: unknown; readonly events: readonly VehicleEvent[] } | null {
  const sent = timeOf(time);
  const received = timeOf(receivedAt);
  if (sent === null || received === null) return { time, events: [] };
  const errorMs = clock.errorOf(sent, received, live);
  if (errorMs === null) return null;
  if (errorMs === 0) return { time, events: [] };
  return { time: sent - errorMs, events: [{ kind: 'clock', offsetS: errorMs / 1000, corrected: true }] };
}

/** As at the ingest port: the register decides, and where a plan has none every terminal is accepted. */
function vehicleOf(phone: string, plan: Plan, plates: ReadonlyMap<string, string>): string {
  const known = plan.vehicleByPhone.get(phone);
  if (known) return known.id;
  return (plan.registers.vehicles ? undefined : plates.get(phone)) ?? `terminal:${phone}`;
}

function statusOf(location: Fields): Fields {
  const status = objectOf(location.status) ?? {};
  const extras = objectOf(location.extras) ?? {};
  return {
    accOn: status.accOn,
    positioned: status.positioned,
    recorderSpeedKmh: extras.recorderSpeedKmh,
    satellites: extras.satellites,
    mileageKm: extras.mileageKm,
  };
}

function plain(fields: Fields, vehicle: string, bad: (reason: string) => void): Report | null {
  const time = timeOf(fields.time);
  const receivedAt = timeOf(fields.receivedAt ?? fields.received_at) ?? time;
  const { lat, lon } = fields;
  const fault =
    vehicle === ''
      ? 'vehicle is empty'
      : time === null
        ? `time is not a time: ${String(fields.time)}`
        : placeFault(lat, lon);
  if (fault !== null || time === null || receivedAt === null) {
    bad(fault ?? 'no time');
    return null;
  }
  const direction = numberOf(fields.directionDeg ?? fields.bearing);
  const positioned = booleanOf(fields.positioned);
  return rowReport({
    vehicle,
    time,
    receivedAt,
    lat: lat as number,
    lon: lon as number,
    ...(positioned === null ? {} : { positioned: positioned && !(lat === 0 && lon === 0) }),
    speedKmh: numberOf(fields.speedKmh ?? fields.speed_kmh),
    recorderSpeedKmh: numberOf(fields.recorderSpeedKmh),
    directionDeg: direction === null || direction < 0 || direction >= 360 ? null : direction,
    altitudeM: numberOf(fields.altitudeM),
    accOn: booleanOf(fields.accOn),
    alarmFlags: numberOf(fields.alarmFlags) ?? 0,
    statusFlags: numberOf(fields.statusFlags) ?? 0,
    satellites: numberOf(fields.satellites),
    mileageKm: numberOf(fields.mileageKm),
    backfill: fields.backfill === true,
    serial: numberOf(fields.serial),
    ...eventsOf(fields.events),
    ...(fields.eventsOnly === true ? { eventsOnly: true as const } : {}),
  });
}

/** As they were stored or told; what has no kind is none. */
function eventsOf(value: unknown): Pick<Report, 'events'> {
  const events = listOf(value).filter((one) => typeof objectOf(one)?.kind === 'string');
  return events.length === 0 ? {} : { events: events as readonly VehicleEvent[] };
}

function parse(row: string): Fields | null {
  try {
    return objectOf(JSON.parse(row));
  } catch {
    return null;
  }
}

const objectOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
const booleanOf = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);
const timeOf = (value: unknown): number | null =>
  typeof value === 'number' ? value : typeof value === 'string' ? readTime(value) : null;
