import { isShort } from '../judge/fence-index.ts';
import type { WeatherOrder } from '../plan/amendments/amendments.ts';
import type { Fence, RoadClass } from '../plan/plan.ts';

/** Limits by law. */
export interface LegalSpeeds {
  /** With pupils aboard. 校车安全管理条例 Art. 35 [L1-35]. */
  readonly motorwayKmh: number;
  readonly otherRoadKmh: number;
  readonly dangerSectionKmh: number;
  /** Without a sign, whoever is aboard. 道路交通安全法实施条例 Art. 45 [L4-45]. */
  readonly cityNoCentreLineKmh: number;
  readonly highwayNoCentreLineKmh: number;
  readonly cityOneLaneKmh: number;
  readonly highwayOneLaneKmh: number;
}

/** The limit that a road without a sign has by its class. */
export const UNSIGNED: { readonly [roadClass in RoadClass]: keyof LegalSpeeds } = {
  city_no_centre_line: 'cityNoCentreLineKmh',
  highway_no_centre_line: 'highwayNoCentreLineKmh',
  city_one_lane: 'cityOneLaneKmh',
  highway_one_lane: 'highwayOneLaneKmh',
};

/** The limit that applies at a place, and where it comes from. */
export interface SpeedLimit {
  readonly kmh: number;
  readonly from: LimitSource;
  /** `fence_id` of the zone or section, or null. */
  readonly fence: string | null;
  /** The weather order that it is by, or null. */
  readonly order: WeatherOrder | null;
  readonly motorway: boolean;
  /** On a danger section too short for three fixes. */
  readonly short: boolean;
}

export type LimitSource =
  | 'motorway'
  | 'other_road'
  | 'danger_section'
  | 'posted'
  | 'unsigned'
  | 'weather_order';

/** Limits that hold only with pupils aboard. */
export const NEEDS_PUPILS: ReadonlySet<string> = new Set([
  'motorway',
  'other_road',
  'danger_section',
  'weather_order',
]);

export const LIMIT_ARTICLES: { readonly [from in LimitSource]: string } = {
  motorway: '校车安全管理条例 Art. 35: 80 km/h on motorways with pupils aboard',
  other_road: '校车安全管理条例 Art. 35: 60 km/h on other roads with pupils aboard',
  danger_section: '校车安全管理条例 Art. 35: 20 km/h on dangerous sections with pupils aboard',
  weather_order: '校车安全管理条例 Art. 35: the limit ordered for bad weather with pupils aboard',
  unsigned: '道路交通安全法实施条例 Art. 45: the limit of a road without a sign',
  posted: 'posted limit of the section (校车安全管理条例 Art. 35: the lower limit holds)',
};

const NO_ORDERS: readonly WeatherOrder[] = [];

/**
 * The lowest of what applies: the regime, danger sections, weather orders, posted limits. Where a motorway and another road both fit,
 * as a viaduct above a street, the motorway is believed: a violation must hold on the fastest road it could be on.
 */
export function speedLimitAt(
  fences: readonly Fence[],
  carrying: boolean,
  legal: LegalSpeeds,
  orders: readonly WeatherOrder[] = NO_ORDERS,
): SpeedLimit | null {
  let motorway: Fence | null = null;
  for (const fence of fences) {
    if (fence.kind === 'speed_zone' && fence.motorway) motorway = fence;
  }
  let limit: SpeedLimit | null = null;
  if (carrying) {
    limit = motorway
      ? {
          kmh: legal.motorwayKmh,
          from: 'motorway',
          fence: motorway.id,
          order: null,
          motorway: true,
          short: false,
        }
      : {
          kmh: legal.otherRoadKmh,
          from: 'other_road',
          fence: null,
          order: null,
          motorway: false,
          short: false,
        };
  }
  const posted = postedLimit(fences, motorway !== null);
  if (posted?.speedLimitKmh != null && (limit === null || posted.speedLimitKmh < limit.kmh)) {
    limit = {
      kmh: posted.speedLimitKmh,
      from: 'posted',
      fence: posted.id,
      order: null,
      motorway: posted.motorway,
      short: false,
    };
  }
  const unsigned = posted === null && motorway === null ? unsignedRoad(fences, legal) : null;
  if (unsigned !== null && (limit === null || unsigned.kmh < limit.kmh)) {
    limit = {
      kmh: unsigned.kmh,
      from: 'unsigned',
      fence: unsigned.fence,
      order: null,
      motorway: false,
      short: false,
    };
  }
  for (const fence of fences) {
    if (fence.kind !== 'danger_section') continue;
    // Without pupils aboard the section binds only by a limit of its own.
    const kmh = carrying
      ? Math.min(legal.dangerSectionKmh, fence.speedLimitKmh ?? legal.dangerSectionKmh)
      : fence.speedLimitKmh;
    if (kmh === null || (limit !== null && kmh >= limit.kmh)) continue;
    limit = {
      kmh,
      from: carrying ? 'danger_section' : 'posted',
      fence: fence.id,
      order: null,
      motorway: false,
      short: isShort(fence),
    };
  }
  for (const order of orders) {
    if (!carrying || (limit !== null && order.limitKmh >= limit.kmh)) continue;
    limit = {
      kmh: order.limitKmh,
      from: 'weather_order',
      fence: null,
      order,
      motorway: limit?.motorway ?? false,
      short: false,
    };
  }
  return limit;
}

/** The fastest road without a sign that it could be on; null where none is declared. */
function unsignedRoad(
  fences: readonly Fence[],
  legal: LegalSpeeds,
): { readonly kmh: number; readonly fence: string } | null {
  let fastest: { readonly kmh: number; readonly fence: string } | null = null;
  for (const { roadClass, id } of fences) {
    if (roadClass === undefined) continue;
    const kmh = legal[UNSIGNED[roadClass]];
    if (fastest === null || kmh > fastest.kmh) fastest = { kmh, fence: id };
  }
  return fastest;
}

/** Zones that are areas lie one in the other and the lowest holds; zones that are lines lie side by side and the highest does. */
function postedLimit(fences: readonly Fence[], onMotorway: boolean): Fence | null {
  let area: Fence | null = null;
  let line: Fence | null = null;
  for (const fence of fences) {
    if (fence.kind !== 'speed_zone' || fence.speedLimitKmh === null || fence.motorway !== onMotorway)
      continue;
    if (fence.geometry.type.endsWith('Polygon')) {
      if (area === null || fence.speedLimitKmh < area.speedLimitKmh!) area = fence;
    } else if (line === null || fence.speedLimitKmh > line.speedLimitKmh!) line = fence;
  }
  if (area === null || line === null) return area ?? line;
  return line.speedLimitKmh! < area.speedLimitKmh! ? line : area;
}
