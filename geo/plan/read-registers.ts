import { parseList, parseWindow } from './cells.ts';
import type { Permit, Person, Route, School, Vehicle } from './plan.ts';
import { quoted } from './problems.ts';
import { type PlanSource, type Row, readTable, type Table } from './table.ts';
import { parseWktPolygon } from './wkt.ts';

export const VEHICLES = {
  file: 'vehicles.csv',
  required: ['vehicle_id'],
  optional: [
    'plate',
    'plate_colour',
    'terminal_phone',
    'terminal_version',
    'seats',
    'school_bus_type',
    'operator_id',
    'district',
    'inputs',
    'inspection_valid_to',
    'insurance_valid_to',
    'retired_on',
  ],
} as const satisfies Table<string>;

export const PEOPLE = {
  file: 'people.csv',
  required: ['person_id', 'role'],
  optional: ['name', 'licence_no', 'licence_valid_to', 'card_no', 'phone'],
} as const satisfies Table<string>;

export const PERMITS = {
  file: 'permits.csv',
  required: ['permit_no', 'vehicle_id', 'valid_from', 'valid_to', 'status'],
  optional: ['route_ids', 'school_ids', 'driver_ids', 'morning_window', 'afternoon_window'],
} as const satisfies Table<string>;

export const SCHOOLS = {
  file: 'schools.csv',
  required: ['school_id', 'name', 'lat', 'lon'],
  optional: ['district', 'geofence', 'level'],
} as const satisfies Table<string>;

const SCHOOL_LEVELS = ['infant', 'primary', 'middle', 'primary_middle', 'high'] as const;

/** Seats of the largest bus there is, generously. */
const MOST_SEATS = 300;
/** A terminal's phone is at most 20 BCD digits (JT/T 808-2019). */
const MOST_PHONE_DIGITS = 20;

/** Item 0x2A of JT/T 808 has 16 bits. */
const LAST_INPUT = 15;

/** A terminal's number as both sides compare it: 12 digits in one version, 20 in another, so without leading zeros. */
export function phoneKey(phone: string): string {
  return phone.replace(/^0+/, '');
}

export function readVehicles(source: PlanSource): {
  vehicles: Map<string, Vehicle>;
  vehicleByPhone: Map<string, Vehicle>;
} {
  const vehicles = new Map<string, Vehicle>();
  const vehicleByPhone = new Map<string, Vehicle>();
  const plates = new Map<string, string>();
  readTable(source, VEHICLES, (row) => {
    const id = row.newId('vehicle_id', vehicles);
    const vehicle: Vehicle = {
      id: id ?? '',
      plate: row.text('plate'),
      plateColour: row.text('plate_colour'),
      terminalPhone: row.text('terminal_phone'),
      terminalVersion: row.oneOf('terminal_version', ['', '2011', '2013', '2019'], ''),
      seats: row.optionalInteger('seats', 1, MOST_SEATS),
      schoolBusType: row.oneOf('school_bus_type', ['dedicated', 'non_dedicated', 'none'], 'none'),
      operatorId: row.textOrNull('operator_id'),
      ...inputsOf(row),
      district: row.textOrNull('district'),
      inspectedUntil: row.optionalDate('inspection_valid_to'),
      insuredUntil: row.optionalDate('insurance_valid_to'),
      retiredOn: row.optionalDate('retired_on'),
    };
    const plate = `${vehicle.plate} ${vehicle.plateColour}`;
    const samePlate = plates.get(plate);
    if (vehicle.plate !== '' && samePlate !== undefined) {
      row.fail('plate', `${quoted(vehicle.plate)} is already the plate of vehicle ${quoted(samePlate)}`);
    }
    plates.set(plate, vehicle.id);
    if (vehicle.terminalPhone !== '') {
      const phone = phoneKey(vehicle.terminalPhone);
      const samePhone = vehicleByPhone.get(phone);
      if (
        !/^\d+$/.test(vehicle.terminalPhone) ||
        vehicle.terminalPhone.length > MOST_PHONE_DIGITS ||
        phone === ''
      ) {
        row.fail('terminal_phone', `${quoted(vehicle.terminalPhone)} is not a number of at most 20 digits`);
      } else if (samePhone) {
        const owner = quoted(samePhone.id);
        row.fail(
          'terminal_phone',
          `${quoted(vehicle.terminalPhone)} is already the terminal of vehicle ${owner}`,
        );
      } else vehicleByPhone.set(phone, vehicle);
    }
    if (id !== null) vehicles.set(id, vehicle);
  });
  return { vehicles, vehicleByPhone };
}

/** `hazard;stop_sign=4;lamp=5`: the numbers are bits of item 0x2A. */
function inputsOf(row: Row<'inputs'>): Pick<Vehicle, 'inputs'> {
  const wired = parseList(row.text('inputs'));
  if (wired.length === 0) return {};
  const inputs: { hazard: boolean; stopSign: number | null; lamp: number | null } = {
    hazard: false,
    stopSign: null,
    lamp: null,
  };
  for (const one of wired) {
    const bit = /^(?:stop_sign|lamp)=(\d{1,2})$/.exec(one)?.[1];
    if (one === 'hazard') inputs.hazard = true;
    else if (bit === undefined || Number(bit) > LAST_INPUT)
      row.fail(
        'inputs',
        `${quoted(one)} is none of hazard, stop_sign=N, lamp=N with N from 0 to ${LAST_INPUT}`,
      );
    else if (one.startsWith('lamp')) inputs.lamp = Number(bit);
    else inputs.stopSign = Number(bit);
  }
  return { inputs };
}

export function readPeople(source: PlanSource): {
  people: Map<string, Person>;
  peopleByCard: Map<string, Person>;
} {
  const people = new Map<string, Person>();
  const peopleByCard = new Map<string, Person>();
  const cards = new Map<string, string>();
  readTable(source, PEOPLE, (row) => {
    const id = row.newId('person_id', people);
    const person: Person = {
      id: id ?? '',
      role: row.oneOf('role', ['driver', 'escort'], null),
      name: row.text('name'),
      licenceNo: row.text('licence_no'),
      licenceValidTo: row.optionalDate('licence_valid_to'),
      cardNo: row.text('card_no'),
      phone: row.text('phone'),
    };
    const sameCard = cards.get(person.cardNo);
    if (person.cardNo !== '' && sameCard !== undefined) {
      row.fail('card_no', `${quoted(person.cardNo)} is already the card of person ${quoted(sameCard)}`);
    }
    cards.set(person.cardNo, person.id);
    if (id === null) return;
    people.set(id, person);
    if (person.licenceNo !== '') peopleByCard.set(person.licenceNo, person);
    if (person.cardNo !== '') peopleByCard.set(person.cardNo, person);
  });
  return { people, peopleByCard };
}

/** `vehicles`, `people` and `schools` are null where the plan has no such file: their ids are then taken as they are. */
export function readPermits(
  source: PlanSource,
  vehicles: ReadonlyMap<string, Vehicle> | null,
  people: ReadonlyMap<string, Person> | null,
  routes: ReadonlyMap<string, Route>,
  schools: ReadonlyMap<string, School> | null,
): Permit[] {
  const permits = new Map<string, Permit>();
  readTable(source, PERMITS, (row) => {
    const no = row.newId('permit_no', permits);
    const driverIds = row.references('driver_ids', people, PEOPLE.file);
    for (const id of driverIds) {
      if (people?.get(id)?.role === 'escort')
        row.fail('driver_ids', `${quoted(id)} is an escort in people.csv`);
    }
    const permit: Permit = {
      no: no ?? '',
      vehicleId: vehicles ? row.reference('vehicle_id', vehicles, VEHICLES.file) : row.needed('vehicle_id'),
      routeIds: row.references('route_ids', routes, 'routes.txt'),
      schoolIds: row.references('school_ids', schools, SCHOOLS.file),
      driverIds,
      validFrom: row.date('valid_from'),
      validTo: row.date('valid_to'),
      morningWindow: dayWindow(row, 'morning_window'),
      afternoonWindow: dayWindow(row, 'afternoon_window'),
      status: row.oneOf('status', ['valid', 'suspended', 'revoked'], null),
    };
    if (permit.validTo !== '' && permit.validTo < permit.validFrom)
      row.fail('valid_to', 'is before valid_from');
    if (no !== null) permits.set(no, permit);
  });
  return [...permits.values()];
}

function dayWindow<C extends string>(row: Row<C>, column: C): readonly [number, number] | null {
  const text = row.text(column);
  if (text === '') return null;
  const window = parseWindow(text);
  if (window !== null && window[0] < window[1]) return window;
  row.fail(column, `${quoted(text)} is not a window of one day (06:30-08:00)`);
  return null;
}

export function readSchools(source: PlanSource): Map<string, School> {
  const schools = new Map<string, School>();
  readTable(source, SCHOOLS, (row) => {
    const id = row.newId('school_id', schools);
    const [lon, lat] = row.place('lon', 'lat');
    const wkt = row.text('geofence');
    const geofence = wkt === '' ? null : parseWktPolygon(wkt);
    if (typeof geofence === 'string') row.fail('geofence', geofence);
    const school: School = {
      id: id ?? '',
      name: row.needed('name'),
      level: row.text('level') === '' ? null : row.oneOf('level', SCHOOL_LEVELS, null),
      district: row.textOrNull('district'),
      lat,
      lon,
      geofence: typeof geofence === 'string' ? null : geofence,
    };
    if (id !== null) schools.set(id, school);
  });
  return schools;
}

export const RIDERS = {
  file: 'riders.csv',
  required: ['rider_id', 'trip_id', 'stop_id'],
  optional: ['school_id', 'name', 'grade', 'guardian_phones'],
} as const satisfies Table<string>;

/** What the index keeps of the riders: numbers and ids of them, and no person. */
export interface Riders {
  /** Trip, then stop, to the number of riders. */
  readonly countOf: Map<string, Map<string, number>>;
  /** Trip, then rider, to the stop. */
  readonly rosterOf: Map<string, Map<string, string>>;
  /** Trip to the schools of its riders. */
  readonly schoolsOf: Map<string, Set<string>>;
}

/** `stopsOf` has the stops of every trip (none where they are faulty); `schools` is null where the plan has no such file. */
export function readRiders(
  source: PlanSource,
  stopsOf: (tripId: string) => ReadonlySet<string> | null,
  schools: ReadonlyMap<string, School> | null,
): Riders {
  const countOf = new Map<string, Map<string, number>>();
  const schoolsOf = new Map<string, Set<string>>();
  const rosterOf = new Map<string, Map<string, string>>();
  readTable(source, RIDERS, (row) => {
    // Reasons name ids alone: what a pupil is called and who may be rung up stays out of logs.
    const riderId = row.needed('rider_id');
    const tripId = row.reference('trip_id', { has: (id) => stopsOf(id) !== null }, 'trips.txt with stops');
    const stopId = row.needed('stop_id');
    const schoolId = row.optionalReference('school_id', schools, SCHOOLS.file);
    const stops = stopsOf(tripId);
    if (stops && stops.size > 0 && stopId !== '' && !stops.has(stopId)) {
      row.fail('stop_id', `${quoted(stopId)} is not a stop of trip ${quoted(tripId)}`);
    }
    for (const phone of parseList(row.text('guardian_phones'))) {
      if (!/^\+?[\d -]{3,20}$/.test(phone))
        row.fail('guardian_phones', 'holds something that is not a phone number');
    }
    const roster = rosterOf.get(tripId) ?? new Map<string, string>();
    if (roster.has(riderId)) row.fail('rider_id', `${quoted(riderId)} is on trip ${quoted(tripId)} twice`);
    rosterOf.set(tripId, roster.set(riderId, stopId));
    const counts = countOf.get(tripId) ?? new Map<string, number>();
    countOf.set(tripId, counts.set(stopId, (counts.get(stopId) ?? 0) + 1));
    if (schoolId !== null) schoolsOf.set(tripId, (schoolsOf.get(tripId) ?? new Set()).add(schoolId));
  });
  return { countOf, rosterOf, schoolsOf };
}
