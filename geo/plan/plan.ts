import type { Amendments } from './amendments/amendments.ts';
import type { PlanBase } from './build-plan.ts';

/**
 * The plan: what is meant to happen. GTFS plus the registers of vehicles, permits, people, duties, schools,
 * riders and fences. Immutable and indexed once; a new version replaces it whole.
 * Times of day are seconds after noon minus 12 h of the service date (GTFS), so they may pass 86,400.
 */
export interface Plan {
  /** Names this version in findings; a content hash, given by whoever loads the plan. */
  readonly version: string;
  /** IANA name from agency.txt, e.g. `Asia/Shanghai`. */
  readonly timeZone: string;
  /** Which optional registers the plan holds. A rule that needs an absent register stays silent. */
  readonly registers: {
    readonly vehicles: boolean;
    readonly permits: boolean;
    readonly people: boolean;
    readonly duties: boolean;
    readonly schools: boolean;
    readonly riders: boolean;
    readonly fences: boolean;
  };
  readonly agencies: ReadonlyMap<string, Agency>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly trips: ReadonlyMap<string, Trip>;
  readonly stops: ReadonlyMap<string, Stop>;
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly vehicles: ReadonlyMap<string, Vehicle>;
  readonly vehicleByPhone: ReadonlyMap<string, Vehicle>;
  readonly permitsByVehicle: ReadonlyMap<string, readonly Permit[]>;
  readonly people: ReadonlyMap<string, Person>;
  /** People by what their card says: `licence_no` and `card_no`. */
  readonly peopleByCard: ReadonlyMap<string, Person>;
  readonly schools: ReadonlyMap<string, School>;
  /** Riders expected per trip: `stop_id` to number of riders. Names stay out of the index. */
  readonly ridersByTrip: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Who rides on a trip and from or to which stop: trip to `rider_id` to `stop_id`. Ids, and no person. */
  readonly rosterByTrip: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly fences: readonly Fence[];
  /** What was changed since: numbers of rules, orders, detours, excuses, school days, dispatch. */
  readonly amendments: Amendments;
  /** Is the service of `serviceId` on, on the date `YYYYMMDD`? (calendar.txt and calendar_dates.txt) */
  serviceRuns(serviceId: string, serviceDate: string): boolean;
  /** Runs bound to the vehicle by duties.csv whose time span, widened by `marginS` both ways, holds `time`. In order of start. */
  dutiesAt(vehicle: string, time: number, marginS: number): readonly Run[];
  /** Every planned run of the plan, duty or none, whose widened span holds `time`. In order of start. */
  runsAt(time: number, marginS: number): readonly Run[];
}

export interface Agency {
  readonly id: string;
  readonly name: string;
}

export interface Route {
  readonly id: string;
  readonly agencyId: string | null;
  readonly shortName: string;
  readonly longName: string;
  readonly type: number;
  /** `#rrggbb`, or null. */
  readonly colour: string | null;
  /** A road through the country (column `corridor` = `rural`): the corridor is wider. Absent in a city. */
  readonly rural?: boolean;
}

export interface Stop {
  readonly id: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  /** GTFS location_type; 1 is a station, here a school. */
  readonly locationType: number;
  readonly parent: string | null;
}

export interface StopTime {
  readonly stopId: string;
  readonly sequence: number;
  readonly arrivalS: number;
  readonly departureS: number;
  /** Distance along the trip's shape, metres; projected in order, so loops are told apart. */
  readonly alongM: number;
  readonly timepoint: boolean;
}

export interface Trip {
  readonly id: string;
  readonly routeId: string;
  readonly serviceId: string;
  readonly headsign: string;
  /** GTFS direction_id, or null. */
  readonly direction: 0 | 1 | null;
  readonly shapeId: string;
  readonly stopTimes: readonly StopTime[];
  readonly startS: number;
  readonly endS: number;
  /** Schools this run serves: of its stops, of their parents, and of the riders on it. */
  readonly schoolIds: readonly string[];
}

/** A trip's line. Where the feed has no shape the straight lines between its stops are one, and `drawn` is false. */
export interface Shape {
  readonly id: string;
  /** [lon, lat] pairs, WGS-84. */
  readonly points: readonly (readonly [number, number])[];
  /** Metres from the first point, one for each point. */
  readonly alongM: Float64Array;
  readonly lengthM: number;
  readonly drawn: boolean;
}

/** One trip on one service date. */
export interface Run {
  readonly trip: Trip;
  /** `YYYYMMDD` */
  readonly serviceDate: string;
  /** Planned first departure and last arrival, milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** From duties.csv; null where nothing is assigned or the run has no duty row. */
  readonly vehicleId: string | null;
  readonly driverId: string | null;
  readonly escortId: string | null;
}

export interface Vehicle {
  readonly id: string;
  readonly plate: string;
  readonly plateColour: string;
  readonly terminalPhone: string;
  readonly terminalVersion: string;
  readonly seats: number | null;
  readonly schoolBusType: 'dedicated' | 'non_dedicated' | 'none';
  /** What is wired to its terminal's inputs; absent where the register does not say: nothing is judged by them then. */
  readonly inputs?: VehicleInputs;
  readonly operatorId: string | null;
  readonly district: string | null;
  /** Last days, `YYYYMMDD`, on which the safety inspection and the carrier's insurance hold; null where not known. */
  readonly inspectedUntil: string | null;
  readonly insuredUntil: string | null;
  /** First day on which it is a school bus no more; null while it is one. */
  readonly retiredOn: string | null;
}

/** Inputs of a terminal that are declared wired. */
export interface VehicleInputs {
  /** Both indicators together are the hazard lights (JT/T 808 item 0x25, bits 2 and 3). */
  readonly hazard: boolean;
  /** Bits of item 0x2A: the stop sign put out, the marker lamp lit. Null where not wired. */
  readonly stopSign: number | null;
  readonly lamp: number | null;
}

export interface Permit {
  readonly no: string;
  readonly vehicleId: string;
  readonly routeIds: readonly string[];
  /** Schools it is for; empty for those of its routes. */
  readonly schoolIds: readonly string[];
  readonly driverIds: readonly string[];
  /** Dates `YYYYMMDD`, both included. */
  readonly validFrom: string;
  readonly validTo: string;
  /** Seconds after midnight [from, to], or null. */
  readonly morningWindow: readonly [number, number] | null;
  readonly afternoonWindow: readonly [number, number] | null;
  readonly status: 'valid' | 'suspended' | 'revoked';
}

export interface Person {
  readonly id: string;
  readonly role: 'driver' | 'escort';
  readonly name: string;
  readonly licenceNo: string;
  readonly licenceValidTo: string | null;
  readonly cardNo: string;
  readonly phone: string;
}

/** Of the pupils of a school: kindergarten, primary, both compulsory stages, and above. */
export type SchoolLevel = 'infant' | 'primary' | 'middle' | 'primary_middle' | 'high';

export interface School {
  readonly id: string;
  readonly name: string;
  readonly level: SchoolLevel | null;
  readonly district: string | null;
  readonly lat: number;
  readonly lon: number;
  /** Rings of [lon, lat], outer first, or null. */
  readonly geofence: readonly (readonly (readonly [number, number])[])[] | null;
}

export interface Fence {
  readonly id: string;
  readonly name: string;
  /**
   * `fuel_station`: no refuelling with pupils aboard. `queue_area`: where buses are known to wait, as at a signal or a
   * gate. `platform`: a public bus platform, where pupils may get on and off. `tunnel` and `no_signal`: where no
   * satellite is heard, or no network.
   */
  readonly kind:
    | 'school'
    | 'depot'
    | 'forbidden'
    | 'danger_section'
    | 'speed_zone'
    | 'fuel_station'
    | 'queue_area'
    | 'platform'
    | 'tunnel'
    | 'no_signal';
  readonly geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon | GeoJSON.LineString | GeoJSON.MultiLineString;
  readonly speedLimitKmh: number | null;
  /** `speed_zone` on a motorway (property `road_class` = `motorway`): the 80 km/h regime applies with pupils aboard. */
  readonly motorway: boolean;
  /** Of a section without a sign (property `road_class`): the statutory limit applies. */
  readonly roadClass?: RoadClass;
  /** `no_signal`: how long buses are usually unheard there (property `usual_gap_s`). */
  readonly usualGapS?: number;
  /** Seconds after midnight [from, to]; empty means always. */
  readonly windows: readonly (readonly [number, number])[];
  /** What vehicles must keep to, while its windows are on; absent where nothing (a forbidden area is `never_inside`). */
  readonly keep?: 'never_inside' | 'only_inside';
  /** ISO weekdays (1 is Monday) on which it is on; absent means every day. */
  readonly weekdays?: readonly number[];
  /** Vehicles that it is for; absent means all. */
  readonly vehicles?: readonly string[];
}

/** Roads without a sign, as 道路交通安全法实施条例 Art. 45 tells them apart: in a city or outside, by their middle line and lanes. */
export type RoadClass =
  | 'city_no_centre_line'
  | 'highway_no_centre_line'
  | 'city_one_lane'
  | 'highway_one_lane';

/** What is wrong with one cell of a plan file. `line` counts the header as 1. */
export interface PlanProblem {
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly reason: string;
}

/** The files of a plan by name (`stops.txt`, `permits.csv`, `fences.geojson`), decoded as UTF-8 without a byte order mark. */
export type PlanFiles = ReadonlyMap<string, string>;

export type PlanResult =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** What `amendPlan` builds on. */
      readonly base: PlanBase;
      readonly warnings: readonly PlanProblem[];
    }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] };
