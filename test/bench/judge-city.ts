import { destination } from '../../geo/geometry/distance.ts';
import type { LonLat } from '../../geo/geometry/point.ts';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';

/** 2026-03-02 07:00 in Changzhou, when every first run begins. */
export const MORNING = Date.UTC(2026, 2, 1, 23, 0, 0);
const ORIGIN: LonLat = [119.7, 31.5];
const LINE_M = 12_000;
/** A bend this often, as drawn roads have. */
const BEND_M = 40;
const STOP_EVERY_M = 1_200;
const STOPS = LINE_M / STOP_EVERY_M + 1;
const DWELL_S = 15;
const PACE_MS = 32 / 3.6;
/** From one end to the other with its stops. */
export const RUN_S = Math.ceil(LINE_M / PACE_MS) + STOPS * DWELL_S;
/** Runs follow one another with this pause. */
const TURN_S = 300;

export interface CitySize {
  readonly routes: number;
  readonly buses: number;
  readonly fences: number;
  readonly runs: number;
}

/** A made-up city with every register there is: its buses drive their routes to and fro, run after run. */
export function cityPlan({ routes, buses, fences, runs }: CitySize): Plan {
  const table = (header: string): string[] => [header];
  const shapes = table('shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence');
  const stops = table('stop_id,stop_name,stop_lat,stop_lon');
  const trips = table('route_id,service_id,trip_id,shape_id');
  const times = table('trip_id,stop_id,stop_sequence,arrival_time,departure_time');
  const routeRows = table('route_id,agency_id,route_short_name,route_type');
  const vehicles = table(
    'vehicle_id,plate,plate_colour,terminal_phone,terminal_version,seats,school_bus_type,operator_id,district',
  );
  const permits = table(
    'permit_no,vehicle_id,route_ids,driver_ids,valid_from,valid_to,morning_window,afternoon_window,status',
  );
  const people = table('person_id,role,name,licence_no,licence_valid_to,card_no,phone');
  const duties = table('service_date,trip_id,vehicle_id,driver_id,escort_id');
  const schools = table('school_id,name,district,lat,lon,geofence');
  const riders = table('rider_id,school_id,name,grade,trip_id,stop_id,guardian phones');

  for (let r = 0; r < routes; r++) {
    routeRows.push(`r${r},a,${r},3`);
    for (const way of [0, 1]) {
      for (let i = 0; i <= LINE_M / BEND_M; i++) {
        const [lon, lat] = onLine(r, way === 0 ? i * BEND_M : LINE_M - i * BEND_M);
        shapes.push(`s${r}-${way},${lat},${lon},${i + 1}`);
      }
    }
    for (let s = 0; s < STOPS; s++) {
      const [lon, lat] = onLine(r, s * STOP_EVERY_M);
      stops.push(`p${r}-${s},p${r}-${s},${lat},${lon}`);
    }
    const [lon, lat] = onLine(r, LINE_M);
    if (r % 20 === 0) schools.push(`c${r},c${r},d,${lat},${lon},`);
  }
  for (let b = 0; b < buses; b++) {
    const r = routeOf(b, routes, buses);
    vehicles.push(`b${b},苏D${b},yellow,${13_900_000_000 + b},2019,40,dedicated,a,d`);
    permits.push(`n${b},b${b},r${r},v${b},2026-01-01,2026-12-31,,,valid`);
    people.push(`v${b},driver,v${b},l${b},2027-01-01,,`, `e${b},escort,e${b},,,,`);
    for (let run = 0; run < runs; run++) {
      const way = run % 2;
      const trip = `t${b}-${run}`;
      trips.push(`r${r},school-days,${trip},s${r}-${way}`);
      for (let s = 0; s < STOPS; s++) {
        const arrivalS = 7 * 3600 + run * (RUN_S + TURN_S) + s * (STOP_EVERY_M / PACE_MS + DWELL_S);
        const stop = way === 0 ? s : STOPS - 1 - s;
        times.push(`${trip},p${r}-${stop},${s + 1},${clock(arrivalS)},${clock(arrivalS + DWELL_S)}`);
        if (run === 0 && s < STOPS - 1) riders.push(`k${b}-${s},c${r - (r % 20)},k,1,${trip},p${r}-${stop},`);
      }
      duties.push(`20260302,${trip},b${b},v${b},e${b}`);
    }
  }
  const [widthM, heightM] = [LINE_M, Math.max(routes * 30, 3_000)];
  const features = Array.from({ length: fences }, (_, i) => {
    const east = (i * 977) % widthM;
    const north = (i * 7_919) % heightM;
    const ring = [
      [east, north + 400],
      [east + 80, north + 400],
      [east + 80, north + 480],
      [east, north + 480],
      [east, north + 400],
    ].map(([e, n]) => at(e!, n!));
    return {
      type: 'Feature',
      properties: { kind: i % 2 === 0 ? 'school' : 'depot', name: `f${i}` },
      geometry: { type: 'Polygon', coordinates: [ring] },
    };
  });
  const files = new Map([
    [
      'agency.txt',
      'agency_id,agency_name,agency_url,agency_timezone\na,a,https://example.org,Asia/Shanghai\n',
    ],
    [
      'calendar.txt',
      'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nschool-days,1,1,1,1,1,0,0,20260101,20261231\n',
    ],
    ['fences.geojson', JSON.stringify({ type: 'FeatureCollection', features })],
    ...Object.entries({
      'routes.txt': routeRows,
      'shapes.txt': shapes,
      'stops.txt': stops,
      'trips.txt': trips,
      'stop_times.txt': times,
      'vehicles.csv': vehicles,
      'permits.csv': permits,
      'people.csv': people,
      'duties.csv': duties,
      'schools.csv': schools,
      'riders.csv': riders,
    }).map(([name, rows]): [string, string] => [name, `${rows.join('\n')}\n`]),
  ]);
  if (fences === 0) files.delete('fences.geojson');
  const built = buildPlan(files, 'city');
  if (built.ok) return built.plan;
  const [first] = built.problems;
  throw new Error(
    `the city's plan does not build: ${first?.file}:${first?.line} ${first?.column} ${first?.reason}`,
  );
}

const routeOf = (bus: number, routes: number, buses: number): number => Math.floor((bus * routes) / buses);

/** What the bus reports so many seconds after seven: on its way, at its stops, waiting to turn. */
export function cityReport(bus: number, second: number, { routes, buses, runs }: CitySize): Report {
  const cycle = RUN_S + TURN_S;
  const run = Math.min(Math.floor(second / cycle), runs - 1);
  const into = second - run * cycle;
  const leg = STOP_EVERY_M / PACE_MS + DWELL_S;
  const stop = Math.min(Math.floor(into / leg), STOPS - 1);
  const movingS = Math.max(into - stop * leg - DWELL_S, 0);
  const alongM = Math.min(stop * STOP_EVERY_M + movingS * PACE_MS, LINE_M);
  const moves = movingS > 0 && alongM < LINE_M;
  const out = run % 2 === 0;
  const [lon, lat] = onLine(routeOf(bus, routes, buses), out ? alongM : LINE_M - alongM);
  const time = MORNING + second * 1000;
  return {
    vehicle: `b${bus}`,
    time,
    receivedAt: time + 300,
    // A metre or two of noise, other for each bus and second.
    lat: lat + (((bus * 31 + second * 17) % 7) - 3) * 5e-6,
    lon: lon + (((bus * 13 + second * 29) % 7) - 3) * 5e-6,
    positioned: true,
    speedKmh: moves ? 32 : 0,
    recorderSpeedKmh: null,
    directionDeg: out ? 90 : 270,
    altitudeM: 5,
    accOn: true,
    alarmFlags: 0,
    statusFlags: 3,
    satellites: 11,
    mileageKm: 20_000 + (run * LINE_M + alongM) / 1_000,
    backfill: false,
    serial: second & 0xffff,
  };
}

/** A place on a route: eastward with a gentle wave, routes 30 m apart. */
function onLine(route: number, alongM: number): LonLat {
  return at(alongM, route * 30 + 12 * Math.sin(alongM / 120));
}

function at(eastM: number, northM: number): LonLat {
  return destination(destination(ORIGIN, northM, 0), eastM, 90);
}

function clock(seconds: number): string {
  const s = Math.round(seconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
