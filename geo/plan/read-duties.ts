import type { Person, Vehicle } from './plan.ts';
import { quoted } from './problems.ts';
import { PEOPLE, VEHICLES } from './read-registers.ts';
import type { ServiceCalendar } from './service-calendar.ts';
import { type PlanSource, type Row, readTable, type Table } from './table.ts';

export const DUTIES = {
  file: 'duties.csv',
  required: ['trip_id', 'vehicle_id'],
  optional: ['service_date', 'service_id', 'driver_id', 'escort_id'],
} as const satisfies Table<string>;

type DutyRow = Row<(typeof DUTIES.required)[number] | (typeof DUTIES.optional)[number]>;

/** Who and what drives a trip: on one date, or on every date that a service runs. Exactly one of the two is set. */
export interface Duty {
  readonly serviceDate: string | null;
  readonly serviceId: string | null;
  readonly tripId: string;
  readonly vehicleId: string | null;
  readonly driverId: string | null;
  readonly escortId: string | null;
  readonly line: number;
}

/** `vehicles` and `people` are null where the plan has no such file: their ids are then taken as they are. */
export function readDuties(
  source: PlanSource,
  trips: ReadonlyMap<string, { readonly serviceId: string }>,
  calendar: ServiceCalendar,
  vehicles: ReadonlyMap<string, Vehicle> | null,
  people: ReadonlyMap<string, Person> | null,
): Duty[] {
  const duties: Duty[] = [];
  const seen = new Set<string>();
  readTable(source, DUTIES, (row) => {
    const tripId = row.reference('trip_id', trips, 'trips.txt with stops');
    const serviceDate = row.optionalDate('service_date');
    const serviceId = row.optionalReference('service_id', calendar, 'calendar.txt or calendar_dates.txt');
    if (row.text('service_date') === '' && serviceId === null) {
      row.fail('service_date', 'is blank, and so is service_id: one of them says when');
    }
    if (row.text('service_date') !== '' && serviceId !== null) {
      row.fail('service_id', 'is filled in beside service_date: only one of them says when');
    }
    const trip = trips.get(tripId);
    if (trip && serviceDate !== null && !calendar.runs(trip.serviceId, serviceDate)) {
      row.warn(
        'service_date',
        `trip ${quoted(tripId)} does not run on ${serviceDate}: this duty binds nobody`,
      );
    }
    const duty: Duty = {
      serviceDate,
      serviceId: serviceDate === null ? serviceId : null,
      tripId,
      vehicleId: row.optionalReference('vehicle_id', vehicles, VEHICLES.file),
      driverId: crew(row, 'driver_id', 'driver', people),
      escortId: crew(row, 'escort_id', 'escort', people),
      line: row.line,
    };
    if (duty.vehicleId === null) row.warn('vehicle_id', `trip ${quoted(tripId)} has no vehicle`);
    const key = JSON.stringify([serviceDate, serviceId, tripId, duty.vehicleId]);
    if (seen.has(key)) row.fail('trip_id', `${quoted(tripId)} has this vehicle on these dates twice`);
    seen.add(key);
    duties.push(duty);
  });
  return duties;
}

function crew(
  row: DutyRow,
  column: 'driver_id' | 'escort_id',
  role: Person['role'],
  people: ReadonlyMap<string, Person> | null,
): string | null {
  const id = row.optionalReference(column, people, PEOPLE.file);
  const person = id === null ? undefined : people?.get(id);
  if (person && person.role !== role)
    row.fail(column, `${quoted(person.id)} is ${person.role} in people.csv`);
  return id;
}
