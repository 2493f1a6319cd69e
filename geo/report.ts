import type { VehicleEvent } from './vehicle-event.ts';

/**
 * One position report of one vehicle, as the rules see it: a plain value with no trace of the wire.
 * Whoever reads a terminal, a CSV track or the database makes one of these.
 */
export interface Report {
  /** `vehicle_id` of the plan; `terminal:<phone>` where the terminal is not on the register. */
  readonly vehicle: string;
  /** Event time: the terminal's own GNSS time, milliseconds since the epoch. */
  readonly time: number;
  /** When the platform received it, milliseconds since the epoch. A recorded track without it says `time`. */
  readonly receivedAt: number;
  /** WGS-84 degrees. Meaningless (and never used) where `positioned` is false. */
  readonly lat: number;
  readonly lon: number;
  /** The terminal says it has a fix (JT/T 808 status bit 1). */
  readonly positioned: boolean;
  /** GNSS speed; null where the source has none. */
  readonly speedKmh: number | null;
  /** Speed of the driving recorder (JT/T 808 item 0x03). */
  readonly recorderSpeedKmh: number | null;
  /** 0 north, clockwise, below 360. */
  readonly directionDeg: number | null;
  readonly altitudeM: number | null;
  /** Ignition (JT/T 808 status bit 0); null where the source does not say. */
  readonly accOn: boolean | null;
  /** JT/T 808 alarm and status words, unsigned 32 bit; 0 where the source has none. */
  readonly alarmFlags: number;
  readonly statusFlags: number;
  /** Satellites used (JT/T 808 item 0x31). */
  readonly satellites: number | null;
  /** Odometer (JT/T 808 item 0x01). */
  readonly mileageKm: number | null;
  /** Uploaded from the terminal's memory after a blind area (JT/T 808 0x0704 type 1). */
  readonly backfill: boolean;
  /** Message serial number; decides nothing, shown in evidence. */
  readonly serial: number | null;
  /** What it tells beside its position; absent where that is nothing. */
  readonly events?: readonly VehicleEvent[];
  /**
   * It tells its events and nothing else: no position, no ignition, no alarm word. `positioned` is false, the words are
   * 0, and a later event of the same millisecond is moved on by one, since these tell reports apart.
   */
  readonly eventsOnly?: true;
}

/** What a report says at the least: who and when. Everything else is unknown of it, until it is said. */
export function bareReport(known: Pick<Report, 'vehicle' | 'time'> & Partial<Report>): Report {
  return {
    receivedAt: known.time,
    lat: 0,
    lon: 0,
    positioned: false,
    speedKmh: null,
    recorderSpeedKmh: null,
    directionDeg: null,
    altitudeM: null,
    accOn: null,
    alarmFlags: 0,
    statusFlags: 0,
    satellites: null,
    mileageKm: null,
    backfill: false,
    serial: null,
    ...known,
  };
}

/** A report that is nothing but events: what the platform itself, a terminal or a person has to say of a vehicle. */
export const eventReport = (
  vehicle: string,
  time: number,
  receivedAt: number,
  events: readonly VehicleEvent[],
): Report => bareReport({ vehicle, time, receivedAt, events, eventsOnly: true });
