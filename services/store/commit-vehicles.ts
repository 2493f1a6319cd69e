import type { CopyRows } from './copy-rows.ts';
import type { Session, Writer } from './database.ts';
import type { VehicleSnapshot, VehicleWrite } from './store.ts';

const COLUMNS = ['vehicle_key', 'contact', 'progress', 'plan_version', 'contact_at', 'last_time'];
const VALUE_COLUMNS = COLUMNS.slice(1);

/** As in `vehicle_state` and `judge_state`, nothing is compressed or moved out of the row. */
const STAGE = `
create temporary table if not exists staged_vehicle with (toast_tuple_target = 8160) on commit delete rows as
select ${COLUMNS.map((name) => `v.${name}`).join(', ')}, j.judge
from vehicle_state v join judge_state j using (vehicle_key) with no data;
alter table pg_temp.staged_vehicle
  alter contact set storage main, alter progress set storage main, alter judge set storage main`;
const STAGED = `pg_temp.staged_vehicle (${COLUMNS.join(', ')}, judge)`;

/**
 * The fence: a vehicle is held, and with it all that this transaction writes of it, only under an epoch that is not
 * older than its own. A take-over waits for the lock, and then sees what was committed under it.
 */
const HOLD = `
with held as (
  select v.vehicle_key from unnest($1::int[], $2::int[]) as s (vehicle_key, epoch)
  join vehicle_state v using (vehicle_key)
  where v.epoch <= s.epoch
  for no key update of v)`;
const COUNT_HELD = `${HOLD} select count(*) as held from held`;
/** The same for a pipeline, where nobody looks at the answer: it fails (`NOT_ALL_HELD`) where one is not held. */
const HOLD_ALL = `${HOLD} select 1 / (count(*) = $3)::int from held`;
/** division_by_zero */
export const NOT_ALL_HELD = '22012';

/** Asked in the same transaction, so what is held stays so and what is not can only be further ahead. */
const REFUSED = `
select s.vehicle_key as "vehicleKey"
from unnest($1::int[], $2::int[]) as s (vehicle_key, epoch) left join vehicle_state v using (vehicle_key)
where v.vehicle_key is null or v.epoch > s.epoch`;

const KEEP = `
with kept as (
  update vehicle_state v
  set ${VALUE_COLUMNS.map((name) => `${name} = s.${name}`).join(', ')}
  from pg_temp.staged_vehicle s
  where v.vehicle_key = s.vehicle_key)
insert into judge_state (vehicle_key, judge)
select vehicle_key, judge from pg_temp.staged_vehicle where judge is not null
on conflict (vehicle_key) do update set judge = excluded.judge`;

/** Holds the vehicles whose epoch is still good, keeps their states, and returns the keys of the others. */
export async function writeVehicles(
  session: Session,
  vehicles: readonly VehicleWrite[],
  rows: CopyRows,
): Promise<ReadonlySet<number>> {
  if (vehicles.length === 0) return new Set();
  const fence = fenceOf(vehicles);
  const [answer] = await session.rows<{ held: number }>(COUNT_HELD, fence);
  const refused =
    answer?.held === vehicles.length ? [] : await session.rows<{ vehicleKey: number }>(REFUSED, fence);
  const keys = new Set(refused.map((row) => row.vehicleKey));
  await stageVehicles(session);
  await keep(session, vehicles, keys, rows);
  return keys;
}

/** The same where all of them are held; else the transaction fails. */
export async function writeAllVehicles(
  writer: Writer,
  vehicles: readonly VehicleWrite[],
  rows: CopyRows,
): Promise<void> {
  await writer.run(HOLD_ALL, [...fenceOf(vehicles), vehicles.length]);
  await keep(writer, vehicles, NONE, rows);
}

/** Sees to it that the connection has the table through which states go. */
export const stageVehicles = (session: Session): Promise<void> =>
  session.once('staged_vehicle', () => session.run(STAGE).then(() => undefined));

async function keep(
  writer: Writer,
  vehicles: readonly VehicleWrite[],
  refused: ReadonlySet<number>,
  rows: CopyRows,
): Promise<void> {
  rows.reset();
  for (const { vehicleKey, kept } of vehicles)
    if (kept !== null && !refused.has(vehicleKey)) writeKept(rows, vehicleKey, kept);
  if (rows.rows === 0) return;
  await writer.copy(STAGED, rows.finish());
  await writer.run(KEEP, []);
}

const NONE: ReadonlySet<number> = new Set();

const fenceOf = (vehicles: readonly VehicleWrite[]): string[] => [
  intArray(vehicles.map((vehicle) => vehicle.vehicleKey)),
  intArray(vehicles.map((vehicle) => vehicle.epoch)),
];

/** The text of an array: the driver would quote and escape each number of it. */
const intArray = (numbers: readonly number[]): string => `{${numbers.join(',')}}`;

function writeKept(rows: CopyRows, vehicleKey: number, kept: VehicleSnapshot): void {
  const { judge, contact, progress, planVersion, last } = kept;
  rows.row(COLUMNS.length + 1);
  rows.int4(vehicleKey);
  rows.text(contact && JSON.stringify(contact));
  rows.text(progress && JSON.stringify(progress));
  rows.text(planVersion);
  rows.timestamp(contact?.lastReceivedAt ?? null);
  rows.timestamp(last?.time ?? null);
  rows.text(judge && JSON.stringify(judge));
}
