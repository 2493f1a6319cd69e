import { buildPlan } from '../../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles, PlanProblem } from '../../../geo/plan/plan.ts';

/** Lines of a file, with the last one ended. */
export const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;

/** A village, two stops on the way and a school; one bus, its crew and one child. Nothing in it is wrong. */
const SMALL_PLAN: { readonly [file: string]: string } = {
  'agency.txt': lines('agency_id,agency_name,agency_timezone', 'OP,校车公司,Asia/Shanghai'),
  'routes.txt': lines('route_id,agency_id,route_short_name,route_type,route_color', 'R1,OP,校1线,3,D73A49'),
  'stops.txt': lines(
    'stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station',
    'A,柳湾村,31.80,119.90,0,',
    'B,桥头,31.80,119.91,0,',
    'C,路口,31.80,119.92,0,',
    'G,校门,31.80,119.93,0,S1',
    'S1,青禾小学,31.801,119.93,1,',
  ),
  'shapes.txt': lines(
    'shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence',
    'L1,31.80,119.90,1',
    'L1,31.80,119.915,2',
    'L1,31.80,119.93,3',
  ),
  'calendar.txt': lines(
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date',
    'WEEK,1,1,1,1,1,0,0,20260901,20270115',
  ),
  'calendar_dates.txt': lines('service_id,date,exception_type', 'WEEK,20261001,2', 'WEEK,20261010,1'),
  'trips.txt': lines(
    'trip_id,route_id,service_id,trip_headsign,direction_id,shape_id',
    'T1,R1,WEEK,青禾小学,0,L1',
  ),
  'stop_times.txt': lines(
    'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
    'T1,06:40:00,06:40:00,A,1',
    'T1,06:45:00,06:45:30,B,2',
    'T1,06:50:00,06:50:30,C,3',
    'T1,07:00:00,07:00:00,G,4',
  ),
  'vehicles.csv': lines(
    'vehicle_id,plate,plate_colour,terminal_phone,terminal_version,seats,school_bus_type,operator_id,district',
    'V1,苏D00001学,yellow,013912345678,2013,36,dedicated,OP,武进区',
  ),
  'permits.csv': lines(
    'permit_no,vehicle_id,route_ids,driver_ids,valid_from,valid_to,morning_window,afternoon_window,status',
    'P1,V1,R1,D1,2026-09-01,2027-08-31,06:00-08:00,15:30-18:30,valid',
  ),
  'people.csv': lines(
    'person_id,role,name,licence_no,licence_valid_to,card_no,phone',
    'D1,driver,李岚清,L1,20300101,C1,',
    'E1,escort,郑嘉一,,,C2,',
  ),
  'duties.csv': lines('service_id,service_date,trip_id,vehicle_id,driver_id,escort_id', 'WEEK,,T1,V1,D1,E1'),
  'schools.csv': lines(
    'school_id,name,district,lat,lon,geofence',
    'S1,青禾小学,武进区,31.801,119.93,"POLYGON((119.929 31.8, 119.931 31.8, 119.931 31.802, 119.929 31.802, 119.929 31.8))"',
  ),
  'riders.csv': lines(
    'rider_id,school_id,name,grade,trip_id,stop_id,guardian_phones',
    'K1,S1,吕乐安,3,T1,A,13900000001;13900000002',
    'K2,S1,马帆,4,T1,A,',
    'K3,S1,何禾言,4,T1,B,',
  ),
  'fences.geojson': JSON.stringify({
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: {
          kind: 'speed_zone',
          name: '学校门前',
          speed_limit_kmh: 30,
          windows: '06:30-08:00;16:00-18:00',
        },
        geometry: {
          type: 'LineString',
          coordinates: [
            [119.929, 31.8],
            [119.931, 31.8],
          ],
        },
      },
    ],
  }),
};

/** The small plan with files replaced (text), edited (a function of the text) or taken out (null). */
export function smallFiles(
  changes: { readonly [file: string]: string | null | ((text: string) => string) } = {},
): PlanFiles {
  const files = new Map(Object.entries(SMALL_PLAN));
  for (const [file, change] of Object.entries(changes)) {
    if (change === null) files.delete(file);
    else files.set(file, typeof change === 'string' ? change : change(files.get(file) ?? ''));
  }
  return files;
}

export function planOf(files: PlanFiles): Plan {
  const result = buildPlan(files, 'test');
  if (!result.ok) throw new Error(`does not build: ${JSON.stringify(result.problems, null, 1)}`);
  return result.plan;
}

export function problemsOf(files: PlanFiles): readonly PlanProblem[] {
  const result = buildPlan(files, 'test');
  if (result.ok) throw new Error('builds, though it should not');
  return result.problems;
}

export function warningsOf(files: PlanFiles): readonly PlanProblem[] {
  const result = buildPlan(files, 'test');
  if (!result.ok) throw new Error(`does not build: ${JSON.stringify(result.problems, null, 1)}`);
  return result.warnings;
}
