import { storableJson, storableText, timestamp } from './column-types.ts';
import type { Session, Writer } from './database.ts';
import type { CheckpointWrite, OutboxWrite, QuarantineWrite, SilenceWrite } from './store.ts';

const CHECKPOINTS = `
insert into checkpoint (vehicle_key, time, judge)
select * from unnest($1::int[], $2::timestamptz[], $3::text[])
on conflict (vehicle_key, time) do update set judge = excluded.judge`;

const SILENCES = `
update vehicle_state v set contact = s.contact, contact_at = s.contact_at
from unnest($1::int[], $2::timestamptz[], $3::text[], $4::timestamptz[]) as s (vehicle_key, seen, contact, contact_at)
where v.vehicle_key = s.vehicle_key and v.contact_at = s.seen
returning v.vehicle_key as "vehicleKey"`;

const QUARANTINE = `
insert into quarantine (received_at, phone, remote, reason, detail, frame)
select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])`;

const OUTBOX = `
insert into outbox (topic, key, payload)
select * from unnest($1::text[], $2::text[], $3::jsonb[])`;

export async function writeCheckpoints(writer: Writer, writes: readonly CheckpointWrite[]): Promise<void> {
  if (writes.length === 0) return;
  // The last word on a vehicle and time counts: one statement may not touch a row twice.
  const rows = [...new Map(writes.map((write) => [`${write.vehicleKey} ${write.time}`, write])).values()];
  await writer.run(CHECKPOINTS, [
    rows.map((row) => row.vehicleKey),
    rows.map((row) => timestamp(row.time)),
    rows.map((row) => JSON.stringify(row.judge)),
  ]);
}

/** Returns the vehicles whose last contact is still the one that was seen; the others are passed over. */
export async function writeSilences(
  session: Session,
  writes: readonly SilenceWrite[],
): Promise<ReadonlySet<number>> {
  if (writes.length === 0) return new Set();
  const held = await session.rows<{ vehicleKey: number }>(SILENCES, [
    writes.map((write) => write.vehicleKey),
    writes.map((write) => timestamp(write.seenLastReceivedAt)),
    writes.map((write) => JSON.stringify(write.contact)),
    writes.map((write) => timestamp(write.contact.lastReceivedAt)),
  ]);
  return new Set(held.map((row) => row.vehicleKey));
}

export async function writeQuarantine(writer: Writer, writes: readonly QuarantineWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await writer.run(QUARANTINE, [
    writes.map((write) => timestamp(write.receivedAt)),
    writes.map((write) => write.phone && storableText(write.phone)),
    writes.map((write) => storableText(write.remote)),
    writes.map((write) => storableText(write.reason)),
    writes.map((write) => storableText(write.detail)),
    writes.map((write) => Buffer.from(write.frame)),
  ]);
}

export async function writeOutbox(writer: Writer, writes: readonly OutboxWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await writer.run(OUTBOX, [
    writes.map((write) => storableText(write.topic)),
    writes.map((write) => storableText(write.key)),
    writes.map((write) => storableJson(write.payload)),
  ]);
}
