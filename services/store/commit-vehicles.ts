import type { CopyRows } from './copy-rows.ts';
import type { Session } from './database.ts';
import type { VehicleWrite } from './store.ts';

const COLUMNS = ['vehicle_key', 'epoch', 'contact', 'progress', 'plan_version', 'contact_at', 'last_time'];
const VALUE_COLUMNS = COLUMNS.slice(2);

/** As in `vehicle_state`, nothing is compressed or moved out of the row. */
const STAGE = `
create temporary table if not exists staged_vehicle with (toast_tuple_target = 8160) on commit delete rows as
select ${COLUMNS.join(', ')} from vehicle_state with no data;
alter table pg_temp.staged_vehicle
  alter contact set storage main, alter progress set storage main`;
const STAGED = `pg_temp.staged_vehicle (${COLUMNS.join(', ')})`;

/** The fence: a row is written only under an epoch that is not older than its own. */
const WRITE = `
update vehicle_state v
set epoch = s.epoch, ${VALUE_COLUMNS.map((name) => `${name} = s.${name}`).join(', ')}
from pg_temp.staged_vehicle s
where v.vehicle_key = s.vehicle_key and v.epoch <= s.epoch`;

const KEEP_JUDGES = `
insert into judge_state (vehicle_key, judge)
select * from unnest($1::int[], $2::text[])
on conflict (vehicle_key) do update set judge = excluded.judge`;

/** Asked in the same transaction, so what was written is held and what was not can only be further ahead. */
const REFUSED = `
select s.vehicle_key as "vehicleKey"
from pg_temp.staged_vehicle s left join vehicle_state v using (vehicle_key)
where v.vehicle_key is null or v.epoch > s.epoch`;

/** Writes the vehicles whose epoch still holds and returns the keys of the others. */
export async function writeVehicles(
  session: Session,
  vehicles: readonly VehicleWrite[],
  rows: CopyRows,
): Promise<ReadonlySet<number>> {
  if (vehicles.length === 0) return new Set();
  rows.reset();
  for (const vehicle of vehicles) writeVehicle(rows, vehicle);
  await session.once('staged_vehicle', () => session.run(STAGE).then(() => undefined));
  await session.copy(STAGED, rows.finish());
  const written = await session.run(WRITE, []);
  const refused = written === vehicles.length ? [] : await session.rows<{ vehicleKey: number }>(REFUSED, []);
  const keys = new Set(refused.map((row) => row.vehicleKey));
  await keepJudges(
    session,
    vehicles.filter((vehicle) => vehicle.judge !== null && !keys.has(vehicle.vehicleKey)),
  );
  return keys;
}

async function keepJudges(session: Session, vehicles: readonly VehicleWrite[]): Promise<void> {
  if (vehicles.length === 0) return;
  await session.run(KEEP_JUDGES, [
    vehicles.map((vehicle) => vehicle.vehicleKey),
    vehicles.map((vehicle) => JSON.stringify(vehicle.judge)),
  ]);
}

function writeVehicle(rows: CopyRows, vehicle: VehicleWrite): void {
  rows.row(COLUMNS.length);
  rows.int4(vehicle.vehicleKey);
  rows.int4(vehicle.epoch);
  rows.text(vehicle.contact && JSON.stringify(vehicle.contact));
  rows.text(vehicle.progress && JSON.stringify(vehicle.progress));
  rows.text(vehicle.planVersion);
  rows.timestamp(vehicle.contact?.lastReceivedAt ?? null);
  rows.timestamp(vehicle.last?.time ?? null);
}
