import { distanceM } from '../../geometry/distance.ts';
import type { LonLat } from '../../geometry/point.ts';
import { readTable, type Table } from '../table.ts';
import { parseWktLine } from '../wkt.ts';
import type { Detour } from './amendments.ts';
import type { AmendmentReading } from './context.ts';
import { readSpan } from './instants.ts';
import { rowIds } from './row-id.ts';

export const DETOURS = {
  file: 'detours.csv',
  required: ['line'],
  optional: ['id', 'trip_id', 'route_id', 'from', 'to', 'on_dispatch', 'note'],
} as const satisfies Table<string>;

export const DETOURS_ID = [...DETOURS.required, 'trip_id', 'route_id', 'from', 'to'] as const;

/** Longer than any way round. [D] */
const LONGEST_M = 100_000;

export function readDetours({ source, context }: AmendmentReading): Detour[] {
  const detours: Detour[] = [];
  const idOf = rowIds(DETOURS_ID);
  readTable(source, DETOURS, (row) => {
    const line = parseWktLine(row.needed('line'));
    if (typeof line === 'string' && row.text('line') !== '') row.fail('line', line);
    if (typeof line !== 'string' && lengthM(line) > LONGEST_M)
      row.fail('line', `is longer than ${LONGEST_M / 1000} km`);
    const tripId = row.optionalReference('trip_id', context.trips, 'trips.txt with stops');
    const routeId = row.optionalReference('route_id', context.routes, 'routes.txt');
    if (tripId === null && routeId === null)
      row.fail('route_id', 'is blank, and so is trip_id: one of them says whose detour it is');
    detours.push({
      id: idOf(row),
      note: row.text('note'),
      tripId,
      routeId,
      line: typeof line === 'string' ? [] : line,
      onDispatch: row.oneOf('on_dispatch', ['0', '1'], '0') === '1',
      ...readSpan(row, 'from', 'to', context.clock),
    });
  });
  return detours;
}

function lengthM(line: readonly LonLat[]): number {
  let metres = 0;
  for (let i = 1; i < line.length; i++) metres += distanceM(line[i - 1]!, line[i]!);
  return metres;
}
