import {
  bits,
  bytes,
  i16,
  item,
  latitude,
  list,
  longitude,
  struct,
  time,
  u8,
  u16,
  u32,
} from '../jt808/describe/build.ts';
import { IDENTIFICATION, WIDE_IDENTIFICATION } from './identification.ts';

/** Active safety items of 0x0200: T/JSATL 12-2017, and the wider form of other provinces. */

const FLAGS = { 0: 'not applicable', 1: 'start', 2: 'end' } as const;

const VEHICLE_STATE = {
  0: 'acc',
  1: 'leftTurn',
  2: 'rightTurn',
  3: 'wipers',
  4: 'brake',
  5: 'cardInserted',
  10: 'positioned',
} as const;

/** Where and when, the same in every item. */
function circumstances(identification: typeof IDENTIFICATION | typeof WIDE_IDENTIFICATION) {
  return [
    u8('speedKmh', { unit: 'km/h' }),
    u16('altitudeM', { unit: 'm' }),
    latitude('lat', null),
    longitude('lon', null),
    time('time'),
    bits('vehicleState', 2, VEHICLE_STATE),
    struct('identification', identification),
  ] as const;
}

export const ADAS_TYPES = {
  1: 'forward collision',
  2: 'lane departure',
  3: 'following too close',
  4: 'pedestrian collision',
  5: 'frequent lane change',
  6: 'road sign limit exceeded',
  7: 'obstacle',
  16: 'road sign recognised (event)',
  17: 'active snapshot (event)',
} as const;

export const DSM_TYPES = {
  1: 'fatigue',
  2: 'phone call',
  3: 'smoking',
  4: 'distraction',
  5: 'driver abnormal',
  16: 'automatic snapshot (event)',
  17: 'driver changed (event)',
} as const;

export const BSD_TYPES = { 1: 'rear approach', 2: 'left rear approach', 3: 'right rear approach' } as const;

type Identification = typeof IDENTIFICATION | typeof WIDE_IDENTIFICATION;

const adas = (identification: Identification) =>
  struct('adas', [
    u32('alarmId'),
    u8('flag', { labels: FLAGS }),
    u8('type', { labels: ADAS_TYPES }),
    u8('level'),
    u8('frontSpeedKmh', { unit: 'km/h', note: 'types 1 and 2' }),
    u8('frontDistanceS', { scale: 10, unit: 's', note: 'time headway, types 1, 2 and 4' }),
    u8('deviation', { labels: { 1: 'left', 2: 'right' }, note: 'type 2' }),
    u8('signKind', { labels: { 1: 'speed', 2: 'height', 3: 'weight' }, note: 'types 6 and 0x10' }),
    u8('signValue'),
    ...circumstances(identification),
  ]);

const dsm = (identification: Identification) =>
  struct('dsm', [
    u32('alarmId'),
    u8('flag', { labels: FLAGS }),
    u8('type', { labels: DSM_TYPES }),
    u8('level'),
    u8('fatigue', { note: '1 to 10, type 1' }),
    bytes('reservedHex', 4),
    ...circumstances(identification),
  ]);

export const TYRE_EVENTS = {
  0: 'timedReport',
  1: 'pressureHigh',
  2: 'pressureLow',
  3: 'hot',
  4: 'sensorFault',
  5: 'imbalance',
  6: 'slowLeak',
  7: 'batteryLow',
} as const;

const TYRE = [
  bits('events', 2, TYRE_EVENTS),
  u16('pressureKpa', { unit: 'kPa' }),
  i16('temperatureC', { unit: '°C' }),
  u16('batteryPercent', { unit: '%' }),
] as const;

const POSITION = 'from the left front, in Z order';

/** The position of a tyre has one byte in the field, two by the printed offsets. */
const tpms = (identification: Identification, position: typeof u8 | typeof u16) =>
  struct('tpms', [
    u32('alarmId'),
    u8('flag', { labels: FLAGS }),
    ...circumstances(identification),
    list('tyres', { prefix: 1 }, [position('position', { note: POSITION }), ...TYRE]),
  ]);

const bsd = (identification: Identification) =>
  struct('bsd', [
    u32('alarmId'),
    u8('flag', { labels: FLAGS }),
    u8('type', { labels: BSD_TYPES }),
    ...circumstances(identification),
  ]);

const JIANGSU = 'T/JSATL 12-2017';
const GUANGDONG = 'T/GDRTA 002-2020 (table not known)';

/** One name per item whatever the dialect: its length tells which it is, and the first is the one that is sent. */
export const ACTIVE_SAFETY_ITEMS = [
  item(0x64, `${JIANGSU} table 4-15`, adas(IDENTIFICATION)),
  item(0x64, GUANGDONG, adas(WIDE_IDENTIFICATION)),
  item(0x65, `${JIANGSU} table 4-17`, dsm(IDENTIFICATION)),
  item(0x65, GUANGDONG, dsm(WIDE_IDENTIFICATION)),
  item(0x66, `${JIANGSU} tables 4-18 and 4-19`, tpms(IDENTIFICATION, u8), { min: 41 }),
  item(0x66, `${JIANGSU} tables 4-18 and 4-19`, tpms(IDENTIFICATION, u16), { min: 41 }),
  item(0x66, GUANGDONG, tpms(WIDE_IDENTIFICATION, u16), { min: 65 }),
  item(0x66, GUANGDONG, tpms(WIDE_IDENTIFICATION, u8), { min: 65 }),
  item(0x67, `${JIANGSU} table 4-20`, bsd(IDENTIFICATION)),
  item(0x67, GUANGDONG, bsd(WIDE_IDENTIFICATION)),
] as const;
