import { seededRandom } from '../seeded-random.ts';
import { BUSES, type DistrictBus, ESCORT_BUS, GUARDIAN_BUS, tripsOf } from './district-fleet.ts';
import type { RoutePattern } from './district-timetable.ts';

export interface DistrictPerson {
  readonly id: string;
  readonly role: 'driver' | 'escort';
  readonly name: string;
  readonly phone: string;
}

export interface RiderRow {
  readonly riderId: string;
  readonly schoolId: string;
  readonly name: string;
  readonly grade: string;
  readonly tripId: string;
  readonly stopId: string;
  readonly guardianPhones: string;
}

/** Crews of a bus take turns of two hours, so that nobody drives for over six hours a day or four at a stretch. */
export const CREWS = 4;
const TURN_S = 2 * 3600;
const RIDERS_PER_BUS = 12;
/** Of these, so many ride on every run of the day, so that none is without pupils whatever the hour. */
const ALWAYS_ABOARD = 3;

const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕'];
const GIVEN = [...'安宁远帆晨曦禾清雨泽松月林岚川舟平和乐知行书言景明子涵若云溪桐枫柏一诺思齐嘉木'];

export function driverId(bus: DistrictBus, crew: number): string {
  return `D${bus.id.slice(1)}${crew + 1}`;
}

export function escortId(bus: DistrictBus, crew: number): string {
  return bus.id === ESCORT_BUS ? `E${bus.id.slice(1)}1` : `E${bus.id.slice(1)}${crew + 1}`;
}

export function crewAt(startS: number): number {
  return Math.floor(startS / TURN_S) % CREWS;
}

function names(seed: string): () => string {
  const random = seededRandom(seed);
  const one = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
  return () => one(SURNAMES) + one(GIVEN) + (random() < 0.7 ? one(GIVEN) : '');
}

export function districtPeople(): DistrictPerson[] {
  const name = names('district crews');
  const people = new Map<string, DistrictPerson>();
  for (const bus of BUSES) {
    for (let crew = 0; crew < CREWS; crew++) {
      const phone = (kind: number) => `1000001${kind}${bus.id.slice(1)}${crew}`;
      const driver = driverId(bus, crew);
      people.set(driver, { id: driver, role: 'driver', name: name(), phone: phone(1) });
      const escort = escortId(bus, crew);
      people.set(escort, { id: escort, role: 'escort', name: name(), phone: phone(2) });
    }
  }
  return [...people.values()];
}

/** The child that the demo's guardian has. */
export const GUARDIAN_RIDER = `P${GUARDIAN_BUS.slice(1)}01`;

/** Pupils ride to school at about seven and home at about four; some, for the demo, on every run. */
export function districtRiders(patternOf: (bus: DistrictBus, direction: 0 | 1) => RoutePattern): RiderRow[] {
  const name = names('district pupils');
  const random = seededRandom('district pupils stops');
  return BUSES.flatMap((bus) => {
    const trips = tripsOf(bus);
    const morning = trips.find((trip) => trip.direction === 0 && trip.startS >= 6.5 * 3600)!;
    const afternoon = trips.find((trip) => trip.direction === 1 && trip.startS >= 16 * 3600)!;
    const stops = patternOf(bus, 0).stops.slice(0, -1);
    return Array.from({ length: RIDERS_PER_BUS }, (_, k) => {
      const riderId = `P${bus.id.slice(1)}${String(k + 1).padStart(2, '0')}`;
      const rider = {
        riderId,
        schoolId: bus.route.schoolId,
        name: name(),
        grade: String(1 + Math.floor(random() * 6)),
        // One child of the village itself, so that there are pupils aboard from the first stop on.
        stopId: stops[k === 1 ? 0 : Math.floor(random() * stops.length)]!.stop.id,
        guardianPhones: `1000002${bus.id.slice(1)}${String(k).padStart(2, '0')}`,
      };
      const onTrips = k < ALWAYS_ABOARD ? trips : [morning, afternoon];
      return onTrips.map((trip): RiderRow => ({ ...rider, tripId: trip.id }));
    }).flat();
  });
}
