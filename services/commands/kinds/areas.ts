import { type Static, Type } from 'typebox';
import type { Version } from '../../../protocol/jt808/message.ts';
import { type CommandMessage, kind } from '../command-kind.ts';

const WEEK_S = 7 * 86_400;
/** Of a terminal's memory and of one request. */
const MAX_AREAS = 100;
const MAX_VERTICES = 500;
/** 0x8600 and 0x8602 count their areas in one byte; few at a time also keeps the message in few packets. */
const AREAS_AT_ONCE = 20;

const Id = Type.Integer({ minimum: 1, maximum: 0xffffffff });
const Lat = Type.Number({ minimum: -90, maximum: 90 });
const Lon = Type.Number({ minimum: -180, maximum: 180 });
const Clock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'HH:MM, every day' });

const Rule = {
  id: Id,
  name: Type.String({ maxLength: 50 }),
  from: Type.Optional(Clock),
  to: Type.Optional(Clock),
  maxSpeedKmh: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  overspeedDurationS: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
  tellDriver: Type.Optional(Type.Boolean({ description: 'When it is entered and left' })),
  tellPlatform: Type.Optional(Type.Boolean({ description: 'When it is entered and left' })),
};
const closed = { additionalProperties: false } as const;

const Circle = Type.Object(
  { ...Rule, lat: Lat, lon: Lon, radiusM: Type.Integer({ minimum: 10, maximum: 100_000 }) },
  closed,
);
const Rectangle = Type.Object({ ...Rule, north: Lat, west: Lon, south: Lat, east: Lon }, closed);
const Polygon = Type.Object(
  {
    ...Rule,
    vertices: Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: '[lon, lat]' }), {
      minItems: 3,
      maxItems: MAX_VERTICES,
    }),
  },
  closed,
);
const RoutePoint = Type.Object(
  {
    lat: Lat,
    lon: Lon,
    widthM: Type.Integer({ minimum: 1, maximum: 255 }),
    maxSpeedKmh: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'To the next point' })),
  },
  closed,
);
const Route = Type.Object(
  {
    id: Id,
    name: Type.String({ maxLength: 50 }),
    tellDriver: Type.Optional(Type.Boolean()),
    tellPlatform: Type.Optional(Type.Boolean()),
    overspeedDurationS: Type.Optional(Type.Integer({ minimum: 1, maximum: 255 })),
    points: Type.Array(RoutePoint, { minItems: 2, maxItems: MAX_VERTICES }),
  },
  closed,
);

export const AreasFields = Type.Object({
  planVersion: Type.Optional(Type.String({ description: 'Of the plan that they were taken from' })),
  circles: Type.Array(Circle, { maxItems: MAX_AREAS }),
  rectangles: Type.Array(Rectangle, { maxItems: MAX_AREAS }),
  polygons: Type.Array(Polygon, { maxItems: MAX_AREAS }),
  routes: Type.Array(Route, { maxItems: 20 }),
});
export type Areas = Static<typeof AreasFields>;
type AreaRule = Pick<
  Static<typeof Circle>,
  'id' | 'name' | 'from' | 'to' | 'maxSpeedKmh' | 'overspeedDurationS' | 'tellDriver' | 'tellPlatform'
>;

const DEFAULT_OVERSPEED_S = 10;
/** Any day, as a recurring window has it: the date part is zero (JT/T 808-2013 table 58). */
const daily = (clock: string): string => `${clock}:00`;

/** Attribute and what it announces. Bits of JT/T 808-2013 table 58; the signs are the writer's. */
function ruleFields(rule: AreaRule, version: Version) {
  const { id, name, from, to, maxSpeedKmh, overspeedDurationS, tellDriver, tellPlatform } = rule;
  const timed = from !== undefined && to !== undefined;
  const attr =
    (timed ? 1 : 0) |
    (maxSpeedKmh === undefined ? 0 : 0b10) |
    (tellDriver ? 0b010100 : 0) |
    (tellPlatform ? 0b101000 : 0);
  return {
    id,
    attr,
    ...(timed ? { startTime: daily(from), endTime: daily(to) } : {}),
    ...(maxSpeedKmh === undefined
      ? {}
      : { maxSpeedKmh, overspeedDurationS: overspeedDurationS ?? DEFAULT_OVERSPEED_S }),
    ...(version === '2019'
      ? { ...(maxSpeedKmh === undefined ? {} : { nightMaxSpeedKmh: maxSpeedKmh }), name }
      : {}),
  };
}

const SOUTH = 0x40;
const WEST = 0x80;
const hemisphere = (lat: number, lon: number): number => (lat < 0 ? SOUTH : 0) | (lon < 0 ? WEST : 0);

/** The first of several replaces what the terminal has, the others add to it. */
function inTurns<T>(msgId: number, all: readonly T[], made: (one: T) => object): CommandMessage[] {
  const messages: CommandMessage[] = [];
  for (let i = 0; i < all.length; i += AREAS_AT_ONCE) {
    const areas = all.slice(i, i + AREAS_AT_ONCE).map(made);
    messages.push({ msgId, body: { op: i === 0 ? 0 : 1, areas } });
  }
  return messages;
}

const deleteAll = (msgId: number): CommandMessage => ({ msgId, body: { ids: [] } });

/** What the terminal had before goes, so that an area dropped from the plan does not stay on the bus. */
export const setAreas = kind({
  type: 'set_areas',
  group: 'areas',
  summary: 'Sets the areas and routes that the terminal watches by itself, in place of those it had',
  right: 'configure',
  fields: AreasFields,
  msgIds: [0x8600, 0x8601, 0x8602, 0x8603, 0x8604, 0x8605, 0x8606, 0x8607],
  expiresInS: WEEK_S,
  messages: ({ circles, rectangles, polygons, routes }, version) => [
    ...(circles.length === 0
      ? [deleteAll(0x8601)]
      : inTurns(0x8600, circles, (circle) => {
          const { id, attr, ...rest } = ruleFields(circle, version);
          const { lat, lon, radiusM } = circle;
          return { id, attr: attr | hemisphere(lat, lon), lat, lon, radiusM, ...rest };
        })),
    ...(rectangles.length === 0
      ? [deleteAll(0x8603)]
      : inTurns(0x8602, rectangles, (rectangle) => {
          const { id, attr, ...rest } = ruleFields(rectangle, version);
          const { north, west, south, east } = rectangle;
          return {
            id,
            attr: attr | hemisphere(north, west),
            latTopLeft: north,
            lonTopLeft: west,
            latBottomRight: south,
            lonBottomRight: east,
            ...rest,
          };
        })),
    deleteAll(0x8605),
    ...polygons.map((polygon) => {
      const { attr, ...rest } = ruleFields(polygon, version);
      const vertices = polygon.vertices.map(([lon = 0, lat = 0]) => ({ lat, lon }));
      const first = vertices[0] ?? { lat: 0, lon: 0 };
      return {
        msgId: 0x8604,
        body: { ...rest, attr: attr | hemisphere(first.lat, first.lon), vertices },
      };
    }),
    deleteAll(0x8607),
    ...routes.map((route) => ({ msgId: 0x8606, body: routeBody(route, version) })),
  ],
});

function routeBody(route: Static<typeof Route>, version: Version): { [field: string]: unknown } {
  const { id, name, tellDriver, tellPlatform, overspeedDurationS = DEFAULT_OVERSPEED_S, points } = route;
  return {
    id,
    attr: (tellDriver ? 0b010100 : 0) | (tellPlatform ? 0b101000 : 0),
    points: points.map(({ lat, lon, widthM, maxSpeedKmh }, i) => ({
      pointId: i + 1,
      sectionId: i + 1,
      lat,
      lon,
      widthM,
      attr: (maxSpeedKmh === undefined ? 0 : 0b10) | (lat < 0 ? 0b100 : 0) | (lon < 0 ? 0b1000 : 0),
      ...(maxSpeedKmh === undefined
        ? {}
        : {
            maxSpeedKmh,
            overspeedDurationS,
            ...(version === '2019' ? { nightMaxSpeedKmh: maxSpeedKmh } : {}),
          }),
    })),
    ...(version === '2019' ? { name } : {}),
  };
}

const AREA_KINDS = ['circles', 'rectangles', 'polygons', 'routes'] as const;
const Which = Type.Enum([...AREA_KINDS]);
const DELETES = { circles: 0x8601, rectangles: 0x8603, polygons: 0x8605, routes: 0x8607 } as const;

export const deleteAreas = kind({
  type: 'delete_areas',
  group: 'areas',
  summary: 'Deletes areas or routes of one kind from the terminal: those named, or all',
  right: 'configure',
  fields: Type.Object({ which: Which, ids: Type.Optional(Type.Array(Id, { maxItems: 125 })) }),
  msgIds: Object.values(DELETES),
  expiresInS: WEEK_S,
  messages: ({ which, ids = [] }) => [{ msgId: DELETES[which], body: { ids } }],
});

export const readAreas = kind({
  type: 'read_areas',
  group: 'areas',
  summary: 'Asks which areas or routes the terminal has',
  right: 'command',
  fields: Type.Object({ which: Which, ids: Type.Optional(Type.Array(Id, { maxItems: 125 })) }),
  msgIds: [0x8608],
  editions: ['2019'],
  expiresInS: 86_400,
  messages: ({ which, ids = [] }) => [
    { msgId: 0x8608, body: { queryType: AREA_KINDS.indexOf(which) + 1, ids } },
  ],
});
