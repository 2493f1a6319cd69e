import { type DistrictRoute, ROUTES } from './district-routes.ts';
import { SCHOOLS, WEST } from './district-schools.ts';

export interface DistrictBus {
  readonly id: string;
  readonly plate: string;
  readonly phone: string;
  readonly version: '2011' | '2013' | '2019';
  readonly seats: number;
  readonly operatorId: string;
  readonly district: string;
  readonly route: DistrictRoute;
  /** Minute of the hour at which it leaves the village; half an hour later it comes back. */
  readonly minute: number;
}

export const OPERATORS = [
  { id: 'OP1', name: '清澜校车服务有限公司' },
  { id: 'OP2', name: '禾泽客运校车分公司' },
] as const;

/** This bus goes on running after its permit ran out, and this one carries nobody to look after the pupils. */
export const EXPIRED_PERMIT_BUS = 'B37';
export const NO_ESCORT_BUS = 'B39';
/** All runs of this bus are one guardian's child's, and of this one one escort's, so that both see something at any hour. */
export const GUARDIAN_BUS = 'B02';
export const ESCORT_BUS = 'B06';

const VERSIONS = ['2013', '2019', '2011', '2013', '2019'] as const;
const SEATS = [36, 45, 56, 41];

/** Buses of a route leave evenly spread over the hour. */
export const BUSES: readonly DistrictBus[] = ROUTES.flatMap((route, r) =>
  Array.from({ length: route.buses }, (_, k) => ({
    route,
    minute: Math.floor((r * 13 + (k * 60) / route.buses) % 60),
  })),
).map(({ route, minute }, i) => {
  const number = String(i + 1).padStart(2, '0');
  const district = SCHOOLS.find((school) => school.id === route.schoolId)!.district;
  return {
    id: `B${number}`,
    plate: `苏DZ0${number}学`,
    // No mobile network in China has numbers that begin like this.
    phone: `100000000${number}`,
    version: VERSIONS[i % VERSIONS.length]!,
    seats: SEATS[i % SEATS.length]!,
    operatorId: district === WEST ? 'OP1' : 'OP2',
    district,
    route,
    minute,
  };
});

export interface DistrictTrip {
  readonly id: string;
  readonly bus: DistrictBus;
  readonly direction: 0 | 1;
  /** Seconds after midnight. */
  readonly startS: number;
}

/** Every run of a bus on one day: out in every hour, back half an hour later. */
export function tripsOf(bus: DistrictBus): DistrictTrip[] {
  return Array.from({ length: 48 }, (_, i) => {
    const startS = i * 1800 + bus.minute * 60;
    const hour = String(Math.floor(startS / 3600)).padStart(2, '0');
    const minute = String(Math.floor((startS % 3600) / 60)).padStart(2, '0');
    return { id: `${bus.id}-${hour}${minute}`, bus, direction: i % 2 === 0 ? 0 : 1, startS };
  });
}
