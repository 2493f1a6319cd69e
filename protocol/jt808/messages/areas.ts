import {
  choice,
  count,
  latitude,
  list,
  longitude,
  text,
  time,
  u8,
  u16,
  u32,
  values,
  when,
} from '../describe/build.ts';
import type { BitName } from '../describe/field.ts';
import { ALL, message } from '../describe/message-description.ts';

/** Areas and routes that terminals watch themselves: JT/T 808-2013 tables 56 to 70; 2019 adds night speed and name. */

/** Area attribute: JT/T 808-2013 table 58. */
export const AREA_BITS: readonly BitName[] = [
  { bit: 0, name: 'timeRule' },
  { bit: 1, name: 'speedRule' },
  { bit: 2, name: 'enterToDriver' },
  { bit: 3, name: 'enterToPlatform' },
  { bit: 4, name: 'leaveToDriver' },
  { bit: 5, name: 'leaveToPlatform' },
  { bit: 6, name: 'south' },
  { bit: 7, name: 'west' },
  { bit: 8, name: 'doorOpeningForbidden' },
  { bit: 14, name: 'communicationOff' },
  { bit: 15, name: 'collectGnssDetail' },
];

const OPERATIONS = { 0: 'replace', 1: 'append', 2: 'modify' } as const;
const SOUTH = { field: 'attr', bit: 6 } as const;
const WEST = { field: 'attr', bit: 7 } as const;

const ATTRIBUTE = u16('attr', { views: [{ kind: 'names', name: 'attributes', bits: AREA_BITS }] });
const TIMES = when('attr', { bit: 0 }, [time('startTime', 'window'), time('endTime', 'window')]);
const SPEEDS = when('attr', { bit: 1 }, [
  u16('maxSpeedKmh', { unit: 'km/h' }),
  u8('overspeedDurationS', { unit: 's' }),
]);
const NIGHT = when('attr', { bit: 1 }, [u16('nightMaxSpeedKmh', { unit: 'km/h' })], { since: '2019' });
const NAME = text('name', { prefix: 2 }, { since: '2019' });

const CIRCLES = [
  u8('op', { labels: OPERATIONS }),
  count('areas', 1),
  count('areas', 1, { role: 'packet', until: '2011' }),
  list('areas', { field: 'areas' }, [
    u32('id'),
    ATTRIBUTE,
    latitude('lat', SOUTH),
    longitude('lon', WEST),
    u32('radiusM', { unit: 'm' }),
    TIMES,
    SPEEDS,
    NIGHT,
    NAME,
  ]),
] as const;

const RECTANGLES = [
  u8('op', { labels: OPERATIONS }),
  count('areas', 1),
  count('areas', 1, { role: 'packet', until: '2011' }),
  list('areas', { field: 'areas' }, [
    u32('id'),
    ATTRIBUTE,
    latitude('latTopLeft', SOUTH),
    longitude('lonTopLeft', WEST),
    latitude('latBottomRight', SOUTH),
    longitude('lonBottomRight', WEST),
    TIMES,
    SPEEDS,
    NIGHT,
    NAME,
  ]),
] as const;

const POLYGON = [
  u32('id'),
  ATTRIBUTE,
  TIMES,
  SPEEDS,
  count('vertices', 2),
  count('vertices', 1, { role: 'packet', until: '2011' }),
  list('vertices', { field: 'vertices' }, [latitude('lat', SOUTH), longitude('lon', WEST)]),
  NIGHT,
  NAME,
] as const;

const ROUTE = [
  u32('id'),
  u16('attr', {
    note: 'bits: 0 time rule, 2 enter to driver, 3 enter to platform, 4 leave to driver, 5 leave to platform',
  }),
  TIMES,
  count('points', 2),
  count('points', 1, { role: 'packet', until: '2011' }),
  list('points', { field: 'points' }, [
    u32('pointId'),
    u32('sectionId'),
    latitude('lat', { field: 'attr', bit: 2 }),
    longitude('lon', { field: 'attr', bit: 3 }),
    u8('widthM', { unit: 'm' }),
    u8('attr', { note: 'bits: 0 travel time, 1 speed limit, 2 south, 3 west' }),
    when('attr', { bit: 0 }, [u16('tooLongS', { unit: 's' }), u16('tooShortS', { unit: 's' })]),
    when('attr', { bit: 1 }, [u16('maxSpeedKmh', { unit: 'km/h' }), u8('overspeedDurationS', { unit: 's' })]),
    when('attr', { bit: 1 }, [u16('nightMaxSpeedKmh', { unit: 'km/h' })], { since: '2019' }),
  ]),
  NAME,
] as const;

const down = { direction: 'down', reply: 0x0001 } as const;
const IDS = [values('ids', { prefix: 1 }, u32('id'))] as const;

export const setCircles = message({
  ...down,
  id: 0x8600,
  name: 'set circles',
  zh: '设置圆形区域',
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 tables 56 and 57', fields: CIRCLES }],
});

export const deleteCircles = message({
  ...down,
  id: 0x8601,
  name: 'delete circles',
  zh: '删除圆形区域',
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 59 (no ids: all)', fields: IDS }],
});

export const setRectangles = message({
  ...down,
  id: 0x8602,
  name: 'set rectangles',
  zh: '设置矩形区域',
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 tables 60 and 61', fields: RECTANGLES }],
});

export const deleteRectangles = message({
  ...down,
  id: 0x8603,
  name: 'delete rectangles',
  zh: '删除矩形区域',
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 62 (no ids: all)', fields: IDS }],
});

export const setPolygon = message({
  ...down,
  id: 0x8604,
  name: 'set polygon',
  zh: '设置多边形区域',
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 tables 63 and 64', fields: POLYGON }],
});

export const deletePolygons = message({
  ...down,
  id: 0x8605,
  name: 'delete polygons',
  zh: '删除多边形区域',
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 65 (no ids: all)', fields: IDS }],
});

export const setRoute = message({
  ...down,
  id: 0x8606,
  name: 'set route',
  zh: '设置路线',
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 tables 66 to 69', fields: ROUTE }],
});

export const deleteRoutes = message({
  ...down,
  id: 0x8607,
  name: 'delete routes',
  zh: '删除路线',
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 70 (no ids: all)', fields: IDS }],
});

const QUERY_TYPES = { 1: 'circles', 2: 'rectangles', 3: 'polygons', 4: 'routes' } as const;

export const queryAreas = message({
  id: 0x8608,
  name: 'query areas or routes',
  zh: '查询区域或线路数据',
  direction: 'down',
  reply: 0x0608,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2019, message 0x8608 (table not known; no ids: all)',
      fields: [u8('queryType', { labels: QUERY_TYPES }), values('ids', { prefix: 4 }, u32('id'))],
    },
  ],
});

/** The printed table says little of what follows the count; terminals send the bodies of the messages that set them. */
export const areasAnswer = message({
  id: 0x0608,
  name: 'areas or routes',
  zh: '查询区域或线路数据应答',
  direction: 'up',
  reply: null,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2019, message 0x0608 (table not known)',
      fields: [
        u8('queryType', { labels: QUERY_TYPES }),
        choice('content', 'queryType', {
          1: [list('messages', { prefix: 4 }, CIRCLES)],
          2: [list('messages', { prefix: 4 }, RECTANGLES)],
          3: [list('messages', { prefix: 4 }, POLYGON)],
          4: [list('messages', { prefix: 4 }, ROUTE)],
        }),
      ],
    },
  ],
});
