import type { PlanFiles } from '../../geo/plan/plan.ts';

/** Buses share so many lines. */
const LINES = 40;
const LINE_POINTS = 61;
/** Between two points of a line, metres. */
const STEP_M = 500;
const STOPS = 12;
const M_PER_DEG_LAT = 111_200;
const M_PER_DEG_LON = 94_500;

export const SPEED_KMH = 36;
/** Event time from one report of a bus to its next. */
export const REPORT_EVERY_S = 5;
const M_PER_REPORT = (SPEED_KMH / 3.6) * REPORT_EVERY_S;
/** Reports of one bus until it is at the end of its line. */
export const REPORTS_PER_RUN = Math.floor(((LINE_POINTS - 1) * STEP_M) / M_PER_REPORT);

export const phoneOfBus = (bus: number): string => String(13_800_000_000 + bus);

/** [lat, lon] of a point of a line: a long bend, so that matching has something to do. */
function linePoint(line: number, point: number): readonly [number, number] {
  const bend = point / 12 + line;
  const lat = 31.6 + line * 0.004 + (point * STEP_M * Math.sin(bend / 4) * 0.3) / M_PER_DEG_LAT;
  return [lat, 119.8 + (point * STEP_M * 0.95) / M_PER_DEG_LON];
}

/** Where a bus is at its n-th report; at the end of its line it stays. */
export function placeOf(bus: number, report: number): { lat: number; lon: number } {
  const along = Math.min(report, REPORTS_PER_RUN) * (M_PER_REPORT / STEP_M);
  const point = Math.min(Math.floor(along), LINE_POINTS - 2);
  const [lat0, lon0] = linePoint(bus % LINES, point);
  const [lat1, lon1] = linePoint(bus % LINES, point + 1);
  const share = along - point;
  return { lat: lat0 + (lat1 - lat0) * share, lon: lon0 + (lon1 - lon0) * share };
}

/** A plan under which every bus is on a run of its own, with permit, driver and escort, from `start` on. */
export function benchPlanFiles(buses: number, start: number): PlanFiles {
  const lines = Array.from({ length: LINES }, (_, i) => i);
  const points = Array.from({ length: LINE_POINTS }, (_, i) => i);
  const stops = Array.from({ length: STOPS }, (_, i) => Math.round((i * (LINE_POINTS - 1)) / (STOPS - 1)));
  const fleet = Array.from({ length: buses }, (_, i) => i);
  const startS = (Math.floor(start / 1_000) + 8 * 3_600) % 86_400;
  const clock = (point: number) => {
    const s = startS + Math.round((point * STEP_M) / (SPEED_KMH / 3.6));
    return [s / 3_600, (s / 60) % 60, s % 60].map((n) => String(Math.floor(n)).padStart(2, '0')).join(':');
  };
  const rows = (header: string, lines: readonly string[]) => [header, ...lines, ''].join('\n');
  const at = (line: number, point: number) =>
    linePoint(line, point)
      .map((n) => n.toFixed(6))
      .join(',');
  return new Map([
    [
      'agency.txt',
      rows('agency_id,agency_name,agency_url,agency_timezone', ['A,A,https://example.org/,Asia/Shanghai']),
    ],
    [
      'calendar.txt',
      rows('service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date', [
        'DAILY,1,1,1,1,1,1,1,20250101,20391231',
      ]),
    ],
    [
      'routes.txt',
      rows(
        'route_id,agency_id,route_short_name,route_long_name,route_type',
        lines.map((l) => `R${l},A,${l},Line ${l},3`),
      ),
    ],
    [
      'shapes.txt',
      rows(
        'shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence',
        lines.flatMap((l) => points.map((p) => `L${l},${at(l, p)},${p + 1}`)),
      ),
    ],
    [
      'stops.txt',
      rows(
        'stop_id,stop_name,stop_lat,stop_lon',
        lines.flatMap((l) => stops.map((p) => `L${l}-${p},Stop ${p},${at(l, p)}`)),
      ),
    ],
    [
      'trips.txt',
      rows(
        'route_id,service_id,trip_id,shape_id',
        fleet.map((b) => `R${b % LINES},DAILY,T${b},L${b % LINES}`),
      ),
    ],
    [
      'stop_times.txt',
      rows(
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
        fleet.flatMap((b) =>
          stops.map((p, i) => `T${b},${clock(p)},${clock(p)},L${b % LINES}-${p},${i + 1}`),
        ),
      ),
    ],
    [
      'vehicles.csv',
      rows(
        'vehicle_id,plate,plate_colour,terminal_phone,terminal_version,seats,school_bus_type,operator_id,district',
        fleet.map((b) => `B${b},B${b},yellow,${phoneOfBus(b)},2013,36,dedicated,A,D${b % 5}`),
      ),
    ],
    [
      'permits.csv',
      rows(
        'permit_no,vehicle_id,route_ids,driver_ids,valid_from,valid_to,status',
        fleet.map((b) => `P${b},B${b},R${b % LINES},D${b},20250101,20391231,valid`),
      ),
    ],
    [
      'people.csv',
      rows(
        'person_id,role,name,licence_no,licence_valid_to,card_no,phone',
        fleet.flatMap((b) => [
          `D${b},driver,D${b},L${b},20391231,C${b},1${b}`,
          `E${b},escort,E${b},,,K${b},2${b}`,
        ]),
      ),
    ],
    [
      'duties.csv',
      rows(
        'service_id,trip_id,vehicle_id,driver_id,escort_id',
        fleet.map((b) => `DAILY,T${b},B${b},D${b},E${b}`),
      ),
    ],
  ]);
}
