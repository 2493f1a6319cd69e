import type { Report } from '../../geo/report.ts';
import type { LocationCore } from '../../protocol/jt808/index.ts';

/** 2000-01-01 00:00 +08:00: terminals without a clock say 2000 or earlier. */
const EARLIEST = Date.UTC(1999, 11, 31, 16);
/** A clock further ahead than this is wrong. */
const AHEAD_MS = 300_000;

const ACC_ON = 1;
const POSITIONED = 2;

/** Why the time of a report cannot be used, or null. */
export function timeFault(time: number | null, receivedAt: number): string | null {
  if (time === null) return 'not a date';
  if (time < EARLIEST) return 'before 2000';
  if (time > receivedAt + AHEAD_MS) return `${Math.round((time - receivedAt) / 1_000)} s ahead of the clock`;
  return null;
}

/**
 * The report the rules see. A position that cannot be (a latitude past the pole, 0/0 at sea off Africa) does not count
 * as one, whatever the status word says; the body keeps it as received.
 */
export function reportOf(
  core: LocationCore,
  time: number,
  vehicle: string,
  receivedAt: number,
  backfill: boolean,
  serial: number,
): Report {
  const { statusFlags, directionDeg } = core;
  const lat = core.latE6 / 1e6;
  const lon = core.lonE6 / 1e6;
  const possible = lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 && !(lat === 0 && lon === 0);
  return {
    vehicle,
    time,
    receivedAt,
    lat,
    lon,
    positioned: possible && (statusFlags & POSITIONED) !== 0,
    speedKmh: core.speedKmh,
    recorderSpeedKmh: core.recorderSpeedKmh,
    directionDeg: directionDeg < 360 ? directionDeg : null,
    altitudeM: core.altitudeM,
    accOn: (statusFlags & ACC_ON) !== 0,
    alarmFlags: core.alarmFlags,
    statusFlags,
    satellites: core.satellites,
    mileageKm: core.mileageKm,
    backfill,
    serial,
  };
}
