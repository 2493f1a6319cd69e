import { csvText } from './csv-text.ts';
import { districtFences } from './district-fences.ts';
import { BUSES, type DistrictBus, EXPIRED_PERMIT_BUS, NO_ESCORT_BUS, tripsOf } from './district-fleet.ts';
import { CREWS, crewAt, districtPeople, districtRiders, driverId, escortId } from './district-people.ts';
import { SCHOOLS, schoolGrounds } from './district-schools.ts';
import type { District, RoutePattern } from './district-timetable.ts';
import { EVERY_DAY } from './gtfs-files.ts';
import { lonLat } from './metric-frame.ts';

/** The registers beside GTFS: vehicles, permits, people, duties, schools, riders and fences. */
export function registerFiles(
  district: District,
  patternOf: (bus: DistrictBus, direction: 0 | 1) => RoutePattern,
): [string, string][] {
  return [
    ['vehicles.csv', vehicles()],
    ['permits.csv', permits()],
    ['people.csv', people()],
    ['duties.csv', duties()],
    ['schools.csv', schools(district)],
    ['riders.csv', riders(patternOf)],
    ['fences.geojson', fences(district)],
  ];
}

export const VEHICLES_HEADER =
  'vehicle_id,plate,plate_colour,terminal_phone,terminal_version,seats,school_bus_type,operator_id,district';

function vehicles(): string {
  return csvText(
    VEHICLES_HEADER,
    BUSES.map((bus) => [
      bus.id,
      bus.plate,
      'yellow',
      bus.phone,
      bus.version,
      bus.seats,
      'dedicated',
      bus.operatorId,
      bus.district,
    ]),
  );
}

function permits(): string {
  return csvText(
    'permit_no,vehicle_id,route_ids,driver_ids,valid_from,valid_to,morning_window,afternoon_window,status',
    BUSES.map((bus) => {
      const drivers = Array.from({ length: CREWS }, (_, crew) => driverId(bus, crew)).join(';');
      const span = bus.id === EXPIRED_PERMIT_BUS ? ['20240901', '20250831'] : ['20250101', '20391231'];
      return [
        `校牌${bus.id.slice(1).padStart(4, '0')}`,
        bus.id,
        bus.route.id,
        drivers,
        ...span,
        null,
        null,
        'valid',
      ];
    }),
  );
}

function people(): string {
  return csvText(
    'person_id,role,name,licence_no,licence_valid_to,card_no,phone',
    districtPeople().map((person) => {
      const driver = person.role === 'driver';
      return [
        person.id,
        person.role,
        person.name,
        driver ? `DEMO-${person.id}` : null,
        driver ? '20391231' : null,
        `CARD-${person.id}`,
        person.phone,
      ];
    }),
  );
}

function duties(): string {
  return csvText(
    'service_id,trip_id,vehicle_id,driver_id,escort_id',
    BUSES.flatMap(tripsOf).map(({ id, bus, startS }) => {
      const crew = crewAt(startS);
      const escort = bus.id === NO_ESCORT_BUS ? null : escortId(bus, crew);
      return [EVERY_DAY, id, bus.id, driverId(bus, crew), escort];
    }),
  );
}

function schools(district: District): string {
  return csvText(
    'school_id,name,district,lat,lon,geofence',
    SCHOOLS.map((school) => {
      const gate = district.network.node(school.id);
      const [lon, lat] = lonLat(gate);
      const ring = schoolGrounds(school, gate)
        .map((point) => lonLat(point).join(' '))
        .join(', ');
      return [school.id, school.name, school.district, lat, lon, `POLYGON((${ring}))`];
    }),
  );
}

function riders(patternOf: (bus: DistrictBus, direction: 0 | 1) => RoutePattern): string {
  return csvText(
    'rider_id,school_id,name,grade,trip_id,stop_id,guardian_phones',
    districtRiders(patternOf).map((row) => [
      row.riderId,
      row.schoolId,
      row.name,
      row.grade,
      row.tripId,
      row.stopId,
      row.guardianPhones,
    ]),
  );
}

function fences(district: District): string {
  const features = districtFences(district.network).map(
    (fence): GeoJSON.Feature => ({
      type: 'Feature',
      id: fence.id,
      properties: {
        id: fence.id,
        name: fence.name,
        kind: fence.kind,
        ...(fence.speedLimitKmh === null ? {} : { speed_limit_kmh: fence.speedLimitKmh }),
        ...(fence.motorway ? { road_class: 'motorway' } : {}),
      },
      geometry: fence.geometry,
    }),
  );
  return JSON.stringify({ type: 'FeatureCollection', features });
}
