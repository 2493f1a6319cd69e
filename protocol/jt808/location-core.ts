import { catalogueEntry } from './catalogue.ts';
import { ReadContext } from './compile/read-context.ts';
import { momentMs } from './compile/time.ts';
import type { Version } from './message.ts';
import { LOWEST_ROAD_M, type LocationBody } from './messages/location.ts';

/** Bytes of the basic part of every location (JT/T 808-2013 table 23). */
export const LOCATION_BASE_BYTES = 28;
const TIME_OFFSET = 22;

/** What ingest needs of a report, as numbers: no names, no text, nothing nested. */
export interface LocationCore {
  readonly alarmFlags: number;
  readonly statusFlags: number;
  /** Signed, 1e-6 degree. */
  readonly latE6: number;
  readonly lonE6: number;
  readonly altitudeM: number;
  readonly speedKmh: number;
  readonly directionDeg: number;
  /** Milliseconds since the epoch; null where the terminal's time is no date. */
  readonly timeMs: number | null;
  readonly recorderSpeedKmh: number | null;
  readonly satellites: number | null;
  readonly mileageKm: number | null;
  /** Items that tell more than these numbers do: a sum of `TELLS_*`, 0 for nearly all reports. */
  readonly tells: number;
}

/** Alarms and events: items 0x11 to 0x18 (those of video unless all zero), 0x64 to 0x67, 0x70. */
export const TELLS_EVENTS = 1;
/** Vehicle signals and inputs, which many terminals send with every report: items 0x25 and 0x2A. */
export const TELLS_SIGNALS = 2;

function u16(b: Uint8Array, at: number): number {
  return (b[at]! << 8) | b[at + 1]!;
}

function u32(b: Uint8Array, at: number): number {
  return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
}

/** Two's complement is taken by its magnitude, as `decodeLocation` does. */
function signed(raw: number, negative: boolean): number {
  if (raw > 0x7fffffff) return raw - 0x100000000;
  return negative && raw !== 0 ? -raw : raw;
}

function altitude(raw: number): number {
  return raw >= 0x10000 + LOWEST_ROAD_M ? raw - 0x10000 : raw;
}

/** Reads the numbers of a location body between `start` and `end`; null where it is shorter than 28 bytes. */
export function readLocationCore(b: Uint8Array, start = 0, end = b.length): LocationCore | null {
  if (end - start < LOCATION_BASE_BYTES) return null;
  const statusFlags = u32(b, start + 4);
  const time = momentMs(b, start + TIME_OFFSET);
  let recorderSpeedKmh: number | null = null;
  let satellites: number | null = null;
  let mileageKm: number | null = null;
  let tells = 0;
  let at = start + LOCATION_BASE_BYTES;
  while (at + 2 <= end) {
    const length = b[at + 1]!;
    if (at + 2 + length > end) break;
    switch (b[at]) {
      case 0x01:
        if (length === 4 && mileageKm === null) mileageKm = u32(b, at + 2) / 10;
        break;
      case 0x03:
        if (length === 2 && recorderSpeedKmh === null) recorderSpeedKmh = u16(b, at + 2) / 10;
        break;
      case 0x31:
        if (length === 1 && satellites === null) satellites = b[at + 2]!;
        break;
      case 0x14:
      case 0x15:
      case 0x16:
      case 0x17:
        if (!allZero(b, at + 2, length)) tells |= TELLS_EVENTS;
        break;
      case 0x11:
      case 0x12:
      case 0x13:
      case 0x18:
      case 0x64:
      case 0x65:
      case 0x66:
      case 0x67:
      case 0x70:
        tells |= TELLS_EVENTS;
        break;
      case 0x25:
      case 0x2a:
        tells |= TELLS_SIGNALS;
    }
    at += 2 + length;
  }
  return {
    alarmFlags: u32(b, start),
    statusFlags,
    latE6: signed(u32(b, start + 8), (statusFlags & 4) !== 0),
    lonE6: signed(u32(b, start + 12), (statusFlags & 8) !== 0),
    altitudeM: altitude(u16(b, start + 16)),
    speedKmh: u16(b, start + 18) / 10,
    directionDeg: u16(b, start + 20),
    timeMs: Number.isNaN(time) ? null : time,
    recorderSpeedKmh,
    satellites,
    mileageKm,
    tells,
  };
}

function allZero(b: Uint8Array, at: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (b[at + i] !== 0) return false;
  return true;
}

/** The time of a location body that begins at `offset`, milliseconds since the epoch; null where it is no date. */
export function locationTimeMs(body: Uint8Array, offset = 0): number | null {
  if (body.length - offset < LOCATION_BASE_BYTES) return null;
  const time = momentMs(body, offset + TIME_OFFSET);
  return Number.isNaN(time) ? null : time;
}

/** A whole location body with all its names; null where it is shorter than 28 bytes. */
export function decodeLocation(body: Uint8Array, version: Version): LocationBody | null {
  if (body.length < LOCATION_BASE_BYTES) return null;
  const layout = catalogueEntry(0x0200)!.byVersion[version][0]!;
  return layout.read(body, 0, body.length, new ReadContext()) as unknown as LocationBody;
}
