import { readTable, type Table } from '../table.ts';
import { EXCUSE_KINDS, type Excuse } from './amendments.ts';
import type { AmendmentReading } from './context.ts';
import { readSpan } from './instants.ts';
import { rowIds } from './row-id.ts';

export const EXCUSES = {
  file: 'excuses.csv',
  required: ['kind', 'from', 'to', 'by'],
  optional: ['id', 'trip_id', 'route_id', 'note'],
} as const satisfies Table<string>;

export const EXCUSES_ID = [...EXCUSES.required, 'trip_id', 'route_id'] as const;

export function readExcuses({ source, context }: AmendmentReading): Excuse[] {
  const excuses: Excuse[] = [];
  const idOf = rowIds(EXCUSES_ID);
  readTable(source, EXCUSES, (row) => {
    for (const column of ['from', 'to'] as const) row.needed(column);
    excuses.push({
      id: idOf(row),
      note: row.text('note'),
      kind: row.oneOf('kind', EXCUSE_KINDS, null),
      tripId: row.optionalReference('trip_id', context.trips, 'trips.txt with stops'),
      routeId: row.optionalReference('route_id', context.routes, 'routes.txt'),
      by: row.needed('by'),
      ...readSpan(row, 'from', 'to', context.clock),
    });
  });
  return excuses;
}
