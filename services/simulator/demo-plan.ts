import type { PlanFiles } from '../../geo/plan/plan.ts';
import { districtBaseMap } from './district/district-base-map.ts';
import type { DistrictBus } from './district/district-fleet.ts';
import { buildDistrict } from './district/district-timetable.ts';
import { gtfsFiles } from './district/gtfs-files.ts';
import { registerFiles } from './district/register-files.ts';

/**
 * The demo's plan: a made-up district in Changzhou's coordinates, with 6 schools, 12 routes and 40 buses whose runs
 * follow one another around the clock. The same text every time; about a megabyte.
 */
export function demoPlanFiles(): PlanFiles {
  const district = buildDistrict();
  const patterns = new Map(
    district.patterns.map((pattern) => [`${pattern.route.id} ${pattern.direction}`, pattern]),
  );
  const patternOf = (bus: DistrictBus, direction: 0 | 1) => patterns.get(`${bus.route.id} ${direction}`)!;
  return new Map([
    ...gtfsFiles(district, patternOf),
    ...registerFiles(district, patternOf),
    ['base.geojson', JSON.stringify(districtBaseMap(district.network))],
  ]);
}
