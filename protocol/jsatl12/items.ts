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
import { IDENTIFICATION } from './identification.ts';

/** Active safety items of 0x0200 (T/JSATL 12-2017, annex; provinces other than Jiangsu use other widths). */

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
const CIRCUMSTANCES = [
  u8('speedKmh', { unit: 'km/h' }),
  u16('altitudeM', { unit: 'm' }),
  latitude('lat', null),
  longitude('lon', null),
  time('time'),
  bits('vehicleState', 2, VEHICLE_STATE),
  struct('identification', IDENTIFICATION),
] as const;

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

export const ACTIVE_SAFETY_ITEMS = [
  item(
    0x64,
    'T/JSATL 12-2017 table 4-15',
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
      ...CIRCUMSTANCES,
    ]),
  ),
  item(
    0x65,
    'T/JSATL 12-2017 table 4-17',
    struct('dsm', [
      u32('alarmId'),
      u8('flag', { labels: FLAGS }),
      u8('type', { labels: DSM_TYPES }),
      u8('level'),
      u8('fatigue', { note: '1 to 10, type 1' }),
      bytes('reservedHex', 4),
      ...CIRCUMSTANCES,
    ]),
  ),
  item(
    0x66,
    'T/JSATL 12-2017 table 4-18',
    struct('tpms', [
      u32('alarmId'),
      u8('flag', { labels: FLAGS }),
      ...CIRCUMSTANCES,
      list('tyres', { prefix: 1 }, [
        u8('position', { note: 'from the left front, in Z order' }),
        bits('events', 2, {
          0: 'timedReport',
          1: 'pressureHigh',
          2: 'pressureLow',
          3: 'hot',
          4: 'sensorFault',
          5: 'imbalance',
          6: 'slowLeak',
          7: 'batteryLow',
        }),
        u16('pressureKpa', { unit: 'kPa' }),
        i16('temperatureC', { unit: '°C' }),
        u16('batteryPercent', { unit: '%' }),
      ]),
    ]),
    { min: 41 },
  ),
  item(
    0x67,
    'T/JSATL 12-2017 table 4-20',
    struct('bsd', [
      u32('alarmId'),
      u8('flag', { labels: FLAGS }),
      u8('type', { labels: BSD_TYPES }),
      ...CIRCUMSTANCES,
    ]),
  ),
] as const;
