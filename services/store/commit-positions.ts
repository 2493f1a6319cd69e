import type { CopyRows } from './copy-rows.ts';
import type { Session, Writer } from './database.ts';
import { REPORT_COLUMN_NAMES, writeDigest, writeReport } from './report-columns.ts';
import type { PositionRow } from './store.ts';

const COLUMNS = ['vehicle_key', 'digest', ...REPORT_COLUMN_NAMES, 'body'];
const COLUMN_LIST = COLUMNS.join(', ');

const STAGE = `
create temporary table if not exists staged_position on commit delete rows as
select ${COLUMN_LIST} from positions with no data`;

const INSERT = `
insert into positions (${COLUMN_LIST})
select ${COLUMN_LIST} from pg_temp.staged_position
on conflict do nothing`;

/**
 * The newest event time known to be stored of each vehicle. A report that is newer cannot have been stored before,
 * so it is copied straight into its partition at half the cost; any other goes through a staging table, where one
 * already stored is passed over. A wrong guess ends in a unique violation and the slower way: never in a wrong row.
 */
export type NewestStored = Map<number, number>;

export interface SplitPositions {
  readonly newer: readonly PositionRow[];
  readonly perhapsStored: readonly PositionRow[];
}

export function splitPositions(positions: readonly PositionRow[], newest: NewestStored): SplitPositions {
  const newer: PositionRow[] = [];
  const perhapsStored: PositionRow[] = [];
  for (const row of positions) {
    const known = newest.get(row.vehicleKey);
    if (known !== undefined && row.report.time > known) {
      newest.set(row.vehicleKey, row.report.time);
      newer.push(row);
    } else perhapsStored.push(row);
  }
  return { newer, perhapsStored };
}

export async function writePositions(
  writer: Writer,
  { newer, perhapsStored }: SplitPositions,
  accepts: (vehicleKey: number) => boolean,
  rows: PositionBuffers,
): Promise<void> {
  writeRows(rows.newer, newer, accepts);
  if (rows.newer.rows > 0) await writer.copy(`positions (${COLUMN_LIST})`, rows.newer.finish());
  writeRows(rows.perhapsStored, perhapsStored, accepts);
  if (rows.perhapsStored.rows === 0) return;
  await writer.copy(`pg_temp.staged_position (${COLUMN_LIST})`, rows.perhapsStored.finish());
  await writer.run(INSERT, []);
}

/** Sees to it that the connection has the table through which reports go that may be stored already. */
export const stagePositions = (session: Session): Promise<void> =>
  session.once('staged_position', () => session.run(STAGE).then(() => undefined));

export interface PositionBuffers {
  readonly newer: CopyRows;
  readonly perhapsStored: CopyRows;
}

function writeRows(
  rows: CopyRows,
  positions: readonly PositionRow[],
  accepts: (vehicleKey: number) => boolean,
): void {
  rows.reset();
  for (const { vehicleKey, report, body } of positions) {
    if (!accepts(vehicleKey)) continue;
    rows.row(COLUMNS.length);
    rows.int4(vehicleKey);
    writeDigest(rows, report);
    writeReport(rows, report);
    rows.bytes(body);
  }
}
