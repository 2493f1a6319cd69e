import { eventReport } from '../../geo/report.ts';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';
import {
  decodeLocation,
  type LocationCore,
  TELLS_EVENTS,
  TELLS_SIGNALS,
} from '../../protocol/jt808/index.ts';
import { askForAttachments } from './ask-for-attachments.ts';
import type { OwedAck } from './owed-ack.ts';
import { reportOf, timeFault } from './report-of.ts';
import type { Session } from './session.ts';
import { terminalEvents } from './terminal-events.ts';
import type { VehicleLane } from './vehicle-lane.ts';

/** A location and how it came. */
export interface Location {
  readonly core: LocationCore;
  /** Its bytes, which lie in a buffer that is used again. */
  readonly body: Uint8Array;
  readonly serial: number;
  /** Uploaded from memory after a blind area. */
  readonly backfill: boolean;
  /** Sent as it was made, so that it tells how right the terminal's clock is. */
  readonly live: boolean;
}

/** That a clock cannot be put right is told once in so long. [D] */
const TELL_CLOCK_MS = 60_000;
const NO_BODY = new Uint8Array(0);
const NOT_POSITIONED = 2;

/** Gives a location to its vehicle's lane: dated, its items read, its bytes kept as they came. */
export function takeLocation(session: Session, lane: VehicleLane, location: Location, ack: OwedAck): void {
  const { world } = session;
  const { core, serial, backfill } = location;
  const receivedAt = lane.nextReceivedAt(world.now());
  const errorMs = core.timeMs === null ? 0 : lane.clock.errorOf(core.timeMs, receivedAt, location.live);
  const time = core.timeMs === null || errorMs === null ? core.timeMs : core.timeMs - errorMs;
  const fault = timeFault(time, receivedAt);
  const body = Buffer.from(location.body);
  if (fault !== null || time === null) {
    keepAside(session, lane, fault ?? '', body, receivedAt, ack);
    if (errorMs === null && core.timeMs !== null) tellOfClock(lane, core.timeMs, receivedAt);
    return;
  }
  const report = reportOf(core, time, lane.vehicle, receivedAt, backfill, serial);
  if (!report.positioned) {
    const why = (core.statusFlags & NOT_POSITIONED) === 0 ? 'not_positioned' : 'absurd_position';
    world.counts.reports.add(why);
  }
  if (core.tells === 0 && errorMs === 0 && session.toTell === null) {
    lane.take({ report, body, ack });
    return;
  }
  if (world.attachments && (core.tells & TELLS_EVENTS) !== 0)
    askForAttachments(session, world.attachments, body);
  if (errorMs) world.counts.reports.add('clock_corrected');
  const events = eventsOf(session, lane, core, body, errorMs ?? 0);
  lane.take({ report: events === undefined ? report : { ...report, events }, body, ack });
}

function eventsOf(
  session: Session,
  lane: VehicleLane,
  core: LocationCore,
  body: Uint8Array,
  errorMs: number,
): readonly VehicleEvent[] | undefined {
  const { world, toTell } = session;
  session.toTell = null;
  let told: readonly VehicleEvent[] | undefined;
  if (core.tells !== 0) {
    const signals = (core.tells & TELLS_SIGNALS) !== 0;
    const inputs = signals ? (world.rules.plan?.vehicles.get(lane.vehicle)?.inputs ?? null) : null;
    if ((core.tells & TELLS_EVENTS) !== 0 || inputs !== null)
      told = terminalEvents(decodeLocation(body, '2019') ?? {}, inputs);
  }
  if (toTell !== null) told = [toTell, ...(told ?? [])];
  if (errorMs === 0) return told;
  const clock: VehicleEvent = { kind: 'clock', offsetS: errorMs / 1000, corrected: true };
  return [clock, ...(told ?? [])];
}

function keepAside(
  { world, phone, remote }: Session,
  lane: VehicleLane,
  detail: string,
  frame: Uint8Array,
  receivedAt: number,
  ack: OwedAck,
): void {
  world.counts.reports.add('bad_time');
  world.log.warn('bad_time', { fault: detail, phone, vehicle: lane.vehicle });
  const row = { receivedAt, phone, remote, reason: 'bad_time', detail, frame };
  world.batchers.any.addQuarantine(row, ack);
}

/** The report itself is kept aside, so that its clock is wrong is said in a report of its own. */
function tellOfClock(lane: VehicleLane, time: number, receivedAt: number): void {
  // One alone is a terminal that has just been switched on.
  if (lane.clock.undated < 2 || receivedAt - lane.clock.toldAt < TELL_CLOCK_MS) return;
  lane.clock.toldAt = receivedAt;
  const offsetS = Math.round((time - receivedAt) / 1000);
  tell(lane, receivedAt, { kind: 'clock', offsetS, corrected: false });
}

/** Puts what the platform itself has seen of a terminal among its reports, after all that were judged. */
export function tell(lane: VehicleLane, receivedAt: number, event: VehicleEvent): void {
  const time = Math.max(receivedAt, lane.judged?.time ?? 0);
  const report = eventReport(lane.vehicle, time, receivedAt, [event]);
  lane.take({ report, body: NO_BODY, ack: null });
}
