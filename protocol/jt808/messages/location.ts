import { ACTIVE_SAFETY_ITEMS } from '../../jsatl12/items.ts';
import { VIDEO_ITEMS } from '../../jt1078/items.ts';
import {
  bits,
  count,
  i16,
  item,
  items,
  latitude,
  list,
  longitude,
  struct,
  time,
  u8,
  u16,
  u32,
  values,
  when,
} from '../describe/build.ts';
import type { BodyOf } from '../describe/field.ts';
import { ALL, message, SINCE_2013 } from '../describe/message-description.ts';
import { ALARM_BITS, DOOR_BITS, LOADS, STATUS_BITS } from './alarm-bits.ts';

const AREA_TYPES = { 0: 'none', 1: 'circle', 2: 'rectangle', 3: 'polygon', 4: 'route' } as const;

/** Item 0x25: JT/T 808-2013 table 31. */
export const VEHICLE_SIGNALS = {
  0: 'lowBeam',
  1: 'highBeam',
  2: 'rightTurn',
  3: 'leftTurn',
  4: 'brake',
  5: 'reverse',
  6: 'fog',
  7: 'outline',
  8: 'horn',
  9: 'airConditioning',
  10: 'neutral',
  11: 'retarder',
  12: 'abs',
  13: 'heater',
  14: 'clutch',
} as const;

/** Item 0x2A: JT/T 808-2013 table 32. What the other bits are wired to is the vehicle's. */
export const INPUTS = { 0: 'deepSleep', 1: 'sleep' } as const;

/** Additional items of 0x0200: JT/T 808-2013 tables 27 to 32, with what 2019 added. */
export const LOCATION_ITEMS = [
  item(0x01, 'JT/T 808-2013 table 27', u32('mileageKm', { scale: 10, unit: 'km' })),
  item(0x02, 'JT/T 808-2013 table 27', u16('fuelL', { scale: 10, unit: 'L' })),
  item(0x03, 'JT/T 808-2013 table 27', u16('recorderSpeedKmh', { scale: 10, unit: 'km/h' })),
  item(0x30, 'JT/T 808-2013 table 27', u8('signalStrength')),
  item(0x31, 'JT/T 808-2013 table 27', u8('satellites')),
  item(0x04, 'JT/T 808-2013 table 27', u16('alarmEventId')),
  item(
    0x05,
    'JT/T 808-2019, item 0x05 (table not known)',
    values('tyrePressure', 'rest', u8('pressure', { none: 0xff, note: 'unit in doubt: "Pa" is printed' })),
    { min: 1 },
  ),
  item(0x06, 'JT/T 808-2019, item 0x06 (table not known)', i16('cabinTemperatureC', { unit: '°C' })),
  item(
    0x11,
    'JT/T 808-2013 table 28',
    struct('overspeedArea', [
      u8('type', { labels: AREA_TYPES }),
      when('type', { not: [0] }, [u32('areaId')]),
    ]),
    [1, 5],
  ),
  item(
    0x12,
    'JT/T 808-2013 table 29',
    struct('areaInOut', [
      u8('type', { labels: AREA_TYPES }),
      u32('areaId'),
      u8('direction', { labels: { 0: 'in', 1: 'out' } }),
    ]),
  ),
  item(
    0x13,
    'JT/T 808-2013 table 30',
    struct('routeTime', [
      u32('sectionId'),
      u16('timeS', { unit: 's' }),
      u8('result', { labels: { 0: 'too short', 1: 'too long' } }),
    ]),
  ),
  ...VIDEO_ITEMS,
  item(0x25, 'JT/T 808-2013 table 31', bits('vehicleSignals', 4, VEHICLE_SIGNALS)),
  item(0x2a, 'JT/T 808-2013 table 32', bits('io', 2, INPUTS)),
  item(0x2b, 'JT/T 808-2013 table 27', struct('analog', [u16('ad1'), u16('ad0')])),
  ...ACTIVE_SAFETY_ITEMS,
] as const;

/** No road is lower (the Dead Sea, and a margin for GNSS); a WORD that reads lower is a large altitude. */
export const LOWEST_ROAD_M = -500;

/** The 28 bytes that every location begins with: JT/T 808-2013 table 23. */
export const LOCATION_BASE = [
  u32('alarmFlags', { views: [{ kind: 'names', name: 'alarms', bits: ALARM_BITS }] }),
  u32('statusFlags', {
    views: [
      {
        kind: 'object',
        name: 'status',
        bits: STATUS_BITS,
        parts: [
          { kind: 'word', name: 'load', shift: 8, mask: 3, words: LOADS },
          { kind: 'set', name: 'doors', bits: DOOR_BITS },
        ],
      },
    ],
  }),
  latitude('lat', { field: 'statusFlags', bit: 2 }),
  longitude('lon', { field: 'statusFlags', bit: 3 }),
  u16('altitudeM', {
    unit: 'm',
    negativeFrom: LOWEST_ROAD_M,
    note: 'terminals below sea level write it signed',
  }),
  u16('speedKmh', { scale: 10, unit: 'km/h' }),
  u16('directionDeg', { unit: '°', note: '0 is north, clockwise' }),
  time('time'),
] as const;

export const LOCATION = [...LOCATION_BASE, items('extras', LOCATION_ITEMS)] as const;

/** What 0x0200 says in its status word. */
export interface LocationStatus {
  readonly accOn: boolean;
  readonly positioned: boolean;
  readonly south: boolean;
  readonly west: boolean;
  readonly inOperation: boolean;
  readonly encrypted: boolean;
  /** 2019. */
  readonly forwardCollision?: boolean;
  readonly laneDeparture?: boolean;
  readonly moving?: boolean;
  readonly load: (typeof LOADS)[number];
  readonly oilCut: boolean;
  readonly powerCut: boolean;
  readonly doorLocked: boolean;
  /** Doors that are open: front, middle, rear, driver, other. */
  readonly doors: readonly string[];
  readonly gps: boolean;
  readonly beidou: boolean;
  readonly glonass: boolean;
  readonly galileo: boolean;
}

/** Names and status of the flags, beside what the fields say themselves. */
export interface LocationViews {
  readonly alarms: readonly string[];
  readonly status: LocationStatus;
}

export type LocationBody = BodyOf<typeof LOCATION> & LocationViews;
export type LocationExtras = LocationBody['extras'];

/** JT/T 808-2013 8.18. */
export const locationReport = message({
  id: 0x0200,
  name: 'location report',
  zh: '位置信息汇报',
  direction: 'up',
  reply: 0x8001,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 23', fields: LOCATION }],
});

export const locationQuery = message({
  id: 0x8201,
  name: 'query location',
  zh: '位置信息查询',
  direction: 'down',
  reply: 0x0201,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 8.19 (empty)', fields: [] }],
});

export const locationAnswer = message({
  id: 0x0201,
  name: 'location query reply',
  zh: '位置信息查询应答',
  direction: 'up',
  reply: null,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 table 33',
      fields: [u16('responseSerial'), struct('location', LOCATION)],
    },
    { versions: ['2011'], source: 'JT/T 808-2011 table 24', fields: [struct('location', LOCATION)] },
  ],
});

export const tracking = message({
  id: 0x8202,
  name: 'temporary tracking',
  zh: '临时位置跟踪控制',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 34',
      fields: [
        u16('intervalS', { unit: 's', note: '0 stops it; nothing follows then' }),
        u32('validityS', { unit: 's', absent: 'allowed' }),
      ],
    },
  ],
});

export const locationBatch = message({
  id: 0x0704,
  name: 'batch location upload',
  zh: '定位数据批量上传',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 tables 76 and 77',
      fields: [
        count('items', 2),
        u8('batchType', { labels: { 0: 'normal', 1: 'blind area' } }),
        list('items', 'rest', LOCATION, { entryLength: 2, keepUnreadable: true }),
      ],
    },
  ],
});
