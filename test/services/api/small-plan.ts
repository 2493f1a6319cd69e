import { buildPlan } from '../../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles } from '../../../geo/plan/plan.ts';
import type { Role, User } from '../../../services/store/store.ts';

/**
 * Two of everything: districts 武进 (D1) and 新北 (D2), a carrier (A, B), a school, a route, a bus and a child in each. Every day the
 * bus of D1 drives T1 to school from 07:00 to 07:30 and the bus of D2 drives T2; V1 also drives T1b in the afternoon.
 */
export const SMALL_PLAN: PlanFiles = new Map([
  [
    'agency.txt',
    'agency_id,agency_name,agency_url,agency_timezone\nA,校车公司,https://a.example,Asia/Shanghai\n' +
      'B,新北校运,https://b.example,Asia/Shanghai\n',
  ],
  [
    'routes.txt',
    'route_id,agency_id,route_short_name,route_long_name,route_type,route_color\n' +
      'R1,A,1,一号线,3,FF0000\nR2,B,2,二号线,3,\n',
  ],
  [
    'stops.txt',
    'stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n' +
      'S1,青禾小学,31.730,119.900,1,\nS2,新桥小学,31.830,119.900,1,\n' +
      'A1,花园新村,31.700,119.900,0,\nA2,湖滨路口,31.710,119.900,0,\nG1,青禾小学门口,31.730,119.900,0,S1\n' +
      'B1,薛家站,31.800,119.900,0,\nB2,龙城大道,31.810,119.900,0,\nG2,新桥小学门口,31.830,119.900,0,S2\n',
  ],
  [
    'trips.txt',
    'route_id,service_id,trip_id,trip_headsign,direction_id\n' +
      'R1,ALL,T1,青禾小学,0\nR1,ALL,T1b,花园新村,1\nR2,ALL,T2,新桥小学,0\n',
  ],
  [
    'stop_times.txt',
    'trip_id,arrival_time,departure_time,stop_id,stop_sequence\n' +
      'T1,07:00:00,07:00:00,A1,1\nT1,07:10:00,07:10:00,A2,2\nT1,07:30:00,07:30:00,G1,3\n' +
      'T1b,16:00:00,16:00:00,G1,1\nT1b,16:20:00,16:20:00,A2,2\nT1b,16:30:00,16:30:00,A1,3\n' +
      'T2,07:00:00,07:00:00,B1,1\nT2,07:10:00,07:10:00,B2,2\nT2,07:30:00,07:30:00,G2,3\n',
  ],
  [
    'calendar.txt',
    'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n' +
      'ALL,1,1,1,1,1,1,1,20260101,20271231\n',
  ],
  [
    'vehicles.csv',
    'vehicle_id,plate,plate_colour,terminal_phone,terminal_version,seats,school_bus_type,operator_id,district\n' +
      'V1,苏D00001,yellow,013900000001,2013,36,dedicated,A,D1\n' +
      'V2,苏D00002,yellow,013900000002,2019,36,dedicated,B,D2\n',
  ],
  [
    'permits.csv',
    'permit_no,vehicle_id,route_ids,driver_ids,valid_from,valid_to,morning_window,afternoon_window,status\n' +
      'P1,V1,R1,DR1,20260101,20271231,06:30-08:30,,valid\nP2,V2,R2,DR2,20260101,20271231,,,valid\n',
  ],
  [
    'people.csv',
    'person_id,role,name,licence_no,licence_valid_to,card_no,phone\n' +
      'DR1,driver,王师傅,L1,20301231,C1,13900001111\nDR2,driver,李师傅,L2,20301231,C2,13900002222\n' +
      'ES1,escort,赵老师,,,C3,13900003333\nES2,escort,钱老师,,,C4,13900004444\n',
  ],
  [
    'duties.csv',
    'service_id,trip_id,vehicle_id,driver_id,escort_id\n' +
      'ALL,T1,V1,DR1,ES1\nALL,T1b,V1,DR1,ES1\nALL,T2,V2,DR2,ES2\n',
  ],
  [
    'schools.csv',
    'school_id,name,district,lat,lon,geofence\n' +
      'S1,青禾小学,D1,31.730,119.900,\nS2,新桥小学,D2,31.830,119.900,\n',
  ],
  [
    'riders.csv',
    'rider_id,school_id,name,grade,trip_id,stop_id,guardian_phones\n' +
      'K1,S1,小明,2,T1,A2,13800000001;13800000009\nK1,S1,小明,2,T1b,A2,13800000001\n' +
      'K3,S1,小丽,3,T1,A1,13800000003\nK2,S2,小红,1,T2,B2,13800000002\n',
  ],
  [
    'fences.geojson',
    JSON.stringify({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { kind: 'speed_zone', speed_limit_kmh: 30, name: '校门前' },
          geometry: {
            type: 'Polygon',
            coordinates: [
              [
                [119.89, 31.72],
                [119.91, 31.72],
                [119.91, 31.74],
                [119.89, 31.74],
                [119.89, 31.72],
              ],
            ],
          },
        },
      ],
    }),
  ],
]);

export function smallPlan(version = 'small-1'): Plan {
  const result = buildPlan(SMALL_PLAN, version);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

/** A moment of Tuesday 24 November 2026 in Changzhou. */
export const at = (clock: string): number => Date.parse(`2026-11-24T${clock}:00+08:00`);

export function someone(role: Role, more: Partial<User> = {}): User {
  return {
    id: `u-${more.login ?? role}`,
    login: role,
    displayName: role,
    role,
    district: null,
    providerId: null,
    schoolId: null,
    riderIds: [],
    personId: null,
    language: 'zh',
    disabled: false,
    ...more,
  };
}

/** Everybody who belongs to D1, A, S1, K1 and V1, and their opposites. */
export const PEOPLE = {
  admin: someone('admin'),
  police1: someone('police', { login: 'police1', district: 'D1' }),
  police2: someone('police', { login: 'police2', district: 'D2' }),
  policeAll: someone('police', { login: 'policeAll' }),
  transport1: someone('transport', { login: 'transport1', district: 'D1' }),
  transport2: someone('transport', { login: 'transport2', district: 'D2' }),
  transportAll: someone('transport', { login: 'transportAll' }),
  education1: someone('education', { login: 'education1', district: 'D1' }),
  education2: someone('education', { login: 'education2', district: 'D2' }),
  provider1: someone('provider', { login: 'provider1', providerId: 'A' }),
  provider2: someone('provider', { login: 'provider2', providerId: 'B' }),
  providerNone: someone('provider', { login: 'providerNone' }),
  school1: someone('school', { login: 'school1', schoolId: 'S1' }),
  school2: someone('school', { login: 'school2', schoolId: 'S2' }),
  schoolNone: someone('school', { login: 'schoolNone' }),
  guardian1: someone('guardian', { login: 'guardian1', riderIds: ['K1'] }),
  guardian2: someone('guardian', { login: 'guardian2', riderIds: ['K2'] }),
  guardianNone: someone('guardian', { login: 'guardianNone' }),
  escort1: someone('escort', { login: 'escort1', personId: 'ES1' }),
  escort2: someone('escort', { login: 'escort2', personId: 'ES2' }),
  escortNone: someone('escort', { login: 'escortNone' }),
} as const satisfies { readonly [name: string]: User };

export type Who = keyof typeof PEOPLE;
