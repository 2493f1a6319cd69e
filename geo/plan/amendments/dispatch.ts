import { parseInteger, parseList, parseTime } from '../cells.ts';
import { quoted } from '../problems.ts';
import { PEOPLE, VEHICLES } from '../read-registers.ts';
import { type Row, readTable, type Table } from '../table.ts';
import { type Detour, DISPATCH_ACTIONS, type Dispatch } from './amendments.ts';
import type { AmendmentContext, AmendmentReading } from './context.ts';
import { instant } from './instants.ts';
import { rowIds } from './row-id.ts';

export const DISPATCH = {
  file: 'dispatch.csv',
  required: ['service_date', 'trip_id', 'action'],
  optional: ['id', 'value', 'at', 'by', 'note'],
} as const satisfies Table<string>;

export const DISPATCH_ID = [...DISPATCH.required, 'value', 'at'] as const;

type DispatchRow = Row<(typeof DISPATCH.required)[number] | (typeof DISPATCH.optional)[number]>;

/** A run starts at most this much earlier or later than planned; more is another run. [D] */
export const MOST_MOVED_MIN = 360;

/** In order of `at`, rows of one instant as they stand in the file. */
export function readDispatch({ source, context }: AmendmentReading, detours: readonly Detour[]): Dispatch[] {
  const rows: Dispatch[] = [];
  const idOf = rowIds(DISPATCH_ID);
  const detourIds = new Set(detours.map((detour) => detour.id));
  readTable(source, DISPATCH, (row) => {
    const action = row.oneOf('action', DISPATCH_ACTIONS, null);
    const tripId = row.reference('trip_id', context.trips, 'trips.txt with stops');
    checkValue(row, action, tripId, context, detourIds);
    rows.push({
      id: idOf(row),
      note: row.text('note'),
      serviceDate: row.date('service_date'),
      tripId,
      action,
      value: row.text('value'),
      at: instant(row, 'at', context.clock, false) ?? 0,
      by: row.text('by'),
    });
  });
  return rows.sort((a, b) => a.at - b.at);
}

function checkValue(
  row: DispatchRow,
  action: Dispatch['action'],
  tripId: string,
  { trips, vehicles, people }: AmendmentContext,
  detours: ReadonlySet<string>,
): void {
  const value = row.text('value');
  switch (action) {
    case 'vehicle':
      if (value === '') row.fail('value', 'is blank; it takes a vehicle');
      else row.optionalReference('value', vehicles, VEHICLES.file);
      return;
    case 'driver':
    case 'escort': {
      const person = people?.get(row.optionalReference('value', people, PEOPLE.file) ?? '');
      if (person && person.role !== action)
        row.fail('value', `${quoted(value)} is ${person.role} in people.csv`);
      return;
    }
    case 'cancel':
      if (value !== '') row.fail('value', 'a cancelled run takes none');
      return;
    case 'merge':
      if (row.reference('value', trips, 'trips.txt with stops') === tripId)
        row.fail('value', 'is the trip itself');
      return;
    case 'split': {
      const [vehicle, driver, escort, ...rest] = parseList(value);
      if (vehicle === undefined || rest.length > 0)
        row.fail('value', 'takes the second vehicle, and after it its driver and its escort: V2;D2;E2');
      else if (vehicles && !vehicles.has(vehicle))
        row.fail('value', `${quoted(vehicle)} is not in ${VEHICLES.file}`);
      for (const person of [driver, escort]) {
        if (person !== undefined && people && !people.has(person))
          row.fail('value', `${quoted(person)} is not in ${PEOPLE.file}`);
      }
      return;
    }
    case 'early': {
      const minutes = parseInteger(value);
      if (minutes === null ? parseTime(value) === null : Math.abs(minutes) > MOST_MOVED_MIN)
        row.fail(
          'value',
          `takes minutes earlier, at most ${MOST_MOVED_MIN}, or the time it starts at (15:20)`,
        );
      return;
    }
    case 'detour':
      row.reference('value', detours, 'detours.csv');
  }
}
