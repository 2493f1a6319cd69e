import { csvText } from './csv-text.ts';
import { BUSES, type DistrictBus, OPERATORS, tripsOf } from './district-fleet.ts';
import { VILLAGES } from './district-roads.ts';
import { ROUTES } from './district-routes.ts';
import { SCHOOLS } from './district-schools.ts';
import type { District, RoutePattern } from './district-timetable.ts';
import { lonLat } from './metric-frame.ts';

export const EVERY_DAY = 'DAILY';

/** The GTFS part of the demo plan. */
export function gtfsFiles(
  district: District,
  patternOf: (bus: DistrictBus, direction: 0 | 1) => RoutePattern,
): [string, string][] {
  return [
    ['agency.txt', agencies()],
    ['calendar.txt', calendar()],
    ['routes.txt', routes()],
    ['shapes.txt', shapes(district)],
    ['stops.txt', stops(district)],
    ['trips.txt', trips()],
    ['stop_times.txt', stopTimes(patternOf)],
  ];
}

function agencies(): string {
  return csvText(
    'agency_id,agency_name,agency_url,agency_timezone,agency_lang',
    OPERATORS.map((operator) => [operator.id, operator.name, 'https://example.org/', 'Asia/Shanghai', 'zh']),
  );
}

/** On every day, so that buses run whenever the demo is started. */
function calendar(): string {
  return csvText('service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date', [
    [EVERY_DAY, 1, 1, 1, 1, 1, 1, 1, '20250101', '20391231'],
  ]);
}

function routes(): string {
  return csvText(
    'route_id,agency_id,route_short_name,route_long_name,route_type,route_color',
    ROUTES.map((route) => {
      const bus = BUSES.find((b) => b.route.id === route.id)!;
      const long = `${villageName(route.villageId)} - ${schoolName(route.schoolId)}`;
      return [route.id, bus.operatorId, route.shortName, long, 3, route.colour.slice(1)];
    }),
  );
}

function shapes(district: District): string {
  return csvText(
    'shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence',
    district.patterns.flatMap((pattern) =>
      pattern.path.points.map(([lon, lat], i) => [shapeId(pattern), lat, lon, i + 1]),
    ),
  );
}

function stops(district: District): string {
  const rows = new Map<string, (string | number | null)[]>();
  for (const school of SCHOOLS) {
    const [lon, lat] = lonLat(district.network.node(school.id));
    rows.set(school.id, [school.id, school.name, lat, lon, 1, null]);
  }
  for (const { stop } of district.patterns.flatMap((pattern) => pattern.stops)) {
    const [lon, lat] = lonLat(stop.at);
    const school = SCHOOLS.find((s) => stop.id === `${s.id}-G`);
    rows.set(stop.id, [stop.id, stop.name, lat, lon, 0, school?.id ?? null]);
  }
  return csvText('stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station', [...rows.values()]);
}

function trips(): string {
  return csvText(
    'route_id,service_id,trip_id,trip_headsign,direction_id,shape_id',
    BUSES.flatMap(tripsOf).map(({ id, bus, direction }) => {
      const headsign = direction === 0 ? schoolName(bus.route.schoolId) : villageName(bus.route.villageId);
      return [bus.route.id, EVERY_DAY, id, headsign, direction, `${bus.route.id}-${direction}`];
    }),
  );
}

function stopTimes(patternOf: (bus: DistrictBus, direction: 0 | 1) => RoutePattern): string {
  return csvText(
    'trip_id,arrival_time,departure_time,stop_id,stop_sequence,timepoint',
    BUSES.flatMap(tripsOf).flatMap((trip) =>
      patternOf(trip.bus, trip.direction).stops.map(({ stop, timed }, i) => [
        trip.id,
        clock(trip.startS + timed.arrivalS),
        clock(trip.startS + timed.departureS),
        stop.id,
        i + 1,
        1,
      ]),
    ),
  );
}

export function shapeId(pattern: RoutePattern): string {
  return `${pattern.route.id}-${pattern.direction}`;
}

function clock(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
}

function villageName(id: string): string {
  return VILLAGES.find((village) => village.id === id)!.name;
}

function schoolName(id: string): string {
  return SCHOOLS.find((school) => school.id === id)!.name;
}
