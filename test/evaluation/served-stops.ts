import type { Finding } from '../../geo/finding.ts';
import { distanceM } from '../../geo/geometry/distance.ts';
import type { Plan, StopTime } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import { UNPLANNED_STOP } from '../../geo/rules/unplanned-stop.ts';
import type { RecordedDay } from './recorded-day.ts';

/** By the raw fixes alone, without any matching: slower than this, this near to a stop, is having served it. */
const SERVED_BELOW_KMH = 5;
const NEAR_M = 50;
/** Standing where no stop is: the raw fixes stay within this of each other, and this far from every stop of the trip. */
const SAME_PLACE_M = 60;
const AWAY_M = 80;

/**
 * The day with a roster that expects a pupil at every stop that the recorded bus truly served. It is made from the fixes
 * and the agency's own word on the trip, not from our matching: so every skipped stop that is found there is a false one.
 */
export function withServedRoster(day: RecordedDay): RecordedDay {
  const rosterByTrip = new Map<string, Map<string, string>>();
  for (const [trip, reports] of reportsByTrip(day)) {
    const roster = new Map<string, string>();
    const stops = day.plan.trips.get(trip)?.stopTimes ?? [];
    stops.forEach(({ stopId }, i) => {
      const served = reports.some(
        (r) => isSlow(r) && fromStopM(day.plan, stopId, r) <= NEAR_M && isAbout(day, r, stops, i),
      );
      if (served) roster.set(`rider of ${stopId}`, stopId);
    });
    if (roster.size > 0) rosterByTrip.set(trip, roster);
  }
  const ridersByTrip = new Map(
    [...rosterByTrip].map(([trip, roster]) => [trip, new Map([...roster.values()].map((stop) => [stop, 1]))]),
  );
  const registers = { ...day.plan.registers, riders: true };
  return { ...day, plan: { ...day.plan, registers, rosterByTrip, ridersByTrip } };
}

/** What the raw fixes say against a finding about stops and time; null where they do not. */
export function contradiction(day: RecordedDay, finding: Finding): string | null {
  const own = day.reports.filter((report) => report.vehicle === finding.vehicle);
  const during = own.filter(
    ({ time }) => time >= finding.start && time < (finding.end ?? Number.POSITIVE_INFINITY),
  );
  const { reason, stop } = finding.evidence;
  switch (finding.rule) {
    case 'skipped_stop':
      return finding.severity === 'P2' ? 'the bus stood at the stop' : null;
    case 'unplanned_stop': {
      const [first] = during;
      if (first === undefined) return 'no fix';
      const creptM = (r: Report): number =>
        Math.max(SAME_PLACE_M, ((r.time - first.time) / 60_000) * UNPLANNED_STOP.creepMPerMin);
      if (during.some((r) => distanceM([first.lon, first.lat], [r.lon, r.lat]) > creptM(r)))
        return 'it moved';
      const stops = finding.trip === null ? [] : (day.plan.trips.get(finding.trip)?.stopTimes ?? []);
      const atStop = stops.some(({ stopId }) => fromStopM(day.plan, stopId, first) <= AWAY_M);
      return reason === 'unplanned' && atStop ? 'at a stop' : null;
    }
    case 'off_schedule': {
      if (reason !== 'early_departure') return null;
      const planned =
        finding.start + (Number(finding.evidence.earlyS) + Number(finding.evidence.betweenFixesS)) * 1000;
      const stops = finding.trip === null ? [] : (day.plan.trips.get(finding.trip)?.stopTimes ?? []);
      const i = stops.findIndex((one) => one.sequence === Number(finding.evidence.stopSequence));
      const later = own.some(
        (r) =>
          r.time > planned - 60_000 &&
          r.time < planned + 600_000 &&
          day.tripOf.get(r) === finding.trip &&
          fromStopM(day.plan, String(stop), r) <= NEAR_M &&
          isAbout(day, r, stops, i),
      );
      return later ? 'the bus was still there' : null;
    }
    default:
      return null;
  }
}

/** By the agency's own word the report was at the stop or at the one before; where it says nothing, it may have been. */
function isAbout(day: RecordedDay, report: Report, stops: readonly StopTime[], i: number): boolean {
  const sequence = day.sequenceOf?.get(report);
  const at = stops[i];
  if (sequence === undefined || at === undefined) return at !== undefined;
  // The feed moves on to the next stop a little before the bus has left.
  return sequence >= at.sequence && sequence <= (stops[i + 1]?.sequence ?? at.sequence);
}

function reportsByTrip(day: RecordedDay): Map<string, Report[]> {
  const found = new Map<string, Report[]>();
  for (const [report, trip] of day.tripOf) {
    const list = found.get(trip);
    if (list) list.push(report);
    else found.set(trip, [report]);
  }
  return found;
}

const isSlow = ({ speedKmh }: Report): boolean => speedKmh !== null && speedKmh < SERVED_BELOW_KMH;

function fromStopM(plan: Plan, stopId: string, { lat, lon }: Report): number {
  const stop = plan.stops.get(stopId);
  return stop ? distanceM([stop.lon, stop.lat], [lon, lat]) : Number.POSITIVE_INFINITY;
}
