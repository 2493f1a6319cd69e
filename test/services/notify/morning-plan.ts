import { amendPlan, buildPlanInSteps, type PlanBase } from '../../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { bareReport } from '../../../geo/report.ts';

/** Tuesday 24 November 2026 in Changzhou. */
export const at = (clock: string): number => Date.parse(`2026-11-24T${clock}:00+08:00`);
export const DATE = '20261124';

export const BUSES = 25;
export const STOPS = 10;
export const RIDERS_AT_STOP = 5;
const START = at('07:00');
const LEG_M = 1_600;
const PACE_MS = 8;
const STAY_S = 20;
/** From one stop to the next, standing there included. */
export const LEG_S = LEG_M / PACE_MS + STAY_S;
const M_PER_DEGREE = 111_195;

const lonOf = (bus: number): number => 119.6 + bus * 0.03;
const latOf = (alongM: number): number => 31.6 + alongM / M_PER_DEGREE;

const clock = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');

export const tripOf = (bus: number): string => `T${bus}`;
export const riderOf = (bus: number, stop: number, n: number): string => `K${bus}-${stop}-${n}`;
/** When the timetable has the bus at a stop. */
export const plannedAt = (stop: number): number => START + stop * LEG_S * 1000;

/** Buses that drive north, each along its own line, ten stops to a school; children at all stops but first and last. */
export function morningFiles(): Map<string, string> {
  const rows: { [file: string]: string[] } = {
    'agency.txt': [
      'agency_id,agency_name,agency_url,agency_timezone',
      'A,校车,https://a.example,Asia/Shanghai',
    ],
    'routes.txt': ['route_id,agency_id,route_short_name,route_long_name,route_type'],
    'stops.txt': ['stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station'],
    'trips.txt': ['route_id,service_id,trip_id,trip_headsign,direction_id'],
    'stop_times.txt': ['trip_id,arrival_time,departure_time,stop_id,stop_sequence'],
    'calendar.txt': [
      'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date',
      'ALL,1,1,1,1,1,1,1,20260101,20271231',
    ],
    'vehicles.csv': [
      'vehicle_id,plate,plate_colour,terminal_phone,terminal_version,seats,school_bus_type,operator_id,district',
    ],
    'schools.csv': ['school_id,name,district,lat,lon,geofence'],
    'duties.csv': ['service_id,trip_id,vehicle_id,driver_id,escort_id'],
    'riders.csv': ['rider_id,school_id,name,grade,trip_id,stop_id,guardian_phones'],
  };
  for (let bus = 0; bus <= BUSES; bus++) {
    rows['vehicles.csv']!.push(
      `V${bus},苏D${String(bus).padStart(5, '0')},yellow,0139${bus},2013,60,dedicated,A,D1`,
    );
    if (bus === BUSES) break;
    const end = latOf((STOPS - 1) * LEG_M).toFixed(6);
    rows['routes.txt']!.push(`R${bus},A,${bus},${bus}号线,3`);
    rows['schools.csv']!.push(`S${bus},学校${bus},D1,${end},${lonOf(bus)},`);
    rows['stops.txt']!.push(`S${bus},学校${bus},${end},${lonOf(bus)},1,`);
    rows['trips.txt']!.push(`R${bus},ALL,${tripOf(bus)},学校${bus},0`);
    rows['duties.csv']!.push(`ALL,${tripOf(bus)},V${bus},,`);
    for (let stop = 0; stop < STOPS; stop++) {
      const id = `P${bus}-${stop}`;
      const parent = stop === STOPS - 1 ? `S${bus}` : '';
      rows['stops.txt']!.push(
        `${id},站${bus}-${stop},${latOf(stop * LEG_M).toFixed(6)},${lonOf(bus)},0,${parent}`,
      );
      const arrival = 7 * 3600 + stop * LEG_S;
      rows['stop_times.txt']!.push(
        `${tripOf(bus)},${clock(arrival)},${clock(arrival + STAY_S)},${id},${stop + 1}`,
      );
      if (stop === 0 || stop === STOPS - 1) continue;
      for (let n = 0; n < RIDERS_AT_STOP; n++)
        rows['riders.csv']!.push(`${riderOf(bus, stop, n)},S${bus},孩子,2,${tripOf(bus)},${id},`);
    }
  }
  return new Map(Object.entries(rows).map(([file, lines]) => [file, `${lines.join('\n')}\n`]));
}

export function built(files: PlanFiles, version: string): { plan: Plan; base: PlanBase } {
  const steps = buildPlanInSteps(files, version);
  for (;;) {
    const step = steps.next();
    if (!step.done) continue;
    if (!step.value.ok) throw new Error(JSON.stringify(step.value.problems));
    return step.value;
  }
}

export function amended(base: PlanBase, files: PlanFiles, version: string): Plan {
  const result = amendPlan(base, files, version);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.plan;
}

/** How a bus drives: it stands for so long behind a stop, or leaves its line for a while. */
export interface Drive {
  readonly bus: number;
  readonly vehicle: string;
  readonly heldS?: { readonly afterStop: number; readonly seconds: number };
  readonly besideM?: { readonly from: number; readonly to: number; readonly metres: number };
}

/** When the bus really is at a stop. */
export const trulyAt = (drive: Drive, stop: number): number =>
  plannedAt(stop) + (drive.heldS && stop > drive.heldS.afterStop ? drive.heldS.seconds * 1000 : 0);

/** Where it is. Before its run it stands at the first stop, after it at the school. */
export function reportOf(drive: Drive, time: number, more: Partial<Report> = {}): Report {
  let drivenS = (time - START) / 1000;
  const { heldS, besideM } = drive;
  if (heldS) {
    const holdsAt = heldS.afterStop * LEG_S + STAY_S + 60;
    if (drivenS > holdsAt) drivenS = Math.max(holdsAt, drivenS - heldS.seconds);
  }
  const legs = Math.min(Math.max(drivenS, 0) / LEG_S, STOPS - 1);
  const leg = Math.floor(legs);
  const intoS = (legs - leg) * LEG_S;
  const alongM = leg * LEG_M + Math.max(0, intoS - STAY_S) * PACE_MS;
  const stands = intoS < STAY_S || drivenS < 0 || legs >= STOPS - 1;
  const beside = besideM && time >= besideM.from && time < besideM.to ? besideM.metres : 0;
  return bareReport({
    vehicle: drive.vehicle,
    time,
    lat: latOf(alongM),
    lon: lonOf(drive.bus) + beside / (M_PER_DEGREE * 0.85),
    positioned: true,
    speedKmh: stands ? 0 : PACE_MS * 3.6,
    directionDeg: 0,
    accOn: true,
    statusFlags: 3,
    ...more,
  });
}
