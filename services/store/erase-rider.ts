import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { Database, Session } from './database.ts';
import type { DataCipher } from './personal-files.ts';
import type { FileDiff } from './store.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const RIDERS = 'riders.csv';
const PART_BYTES = 4 * 1024 * 1024;

/** `riders.csv` without the rows of one child; null where there are none. */
export function withoutRider(text: string, rider: string): string | null {
  const rows: string[][] = parse(text, { relax_column_count: true, skip_empty_lines: true, bom: true });
  const [header = [], ...rest] = rows;
  const column = header.findIndex((name) => name.trim().toLowerCase() === 'rider_id');
  const kept = rest.filter((row) => row[column]?.trim() !== rider);
  if (column < 0 || kept.length === rest.length) return null;
  return `${[header, ...kept].map((row) => row.map(csvCell).join(',')).join('\n')}\n`;
}

const csvCell = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export interface Erased {
  readonly planVersions: number;
  readonly planChanges: number;
  readonly guardians: number;
  readonly notices: number;
  readonly boardings: number;
}

/**
 * Removes who a child is from everything that is kept: its rows of every version of the plan, what changes of the plan
 * hold of it, the tie to its guardians (with their addresses, where no other child is left), its notices. What the law
 * wants kept, boardings and the audit trail among it, stays under ids that lead to nobody. One transaction.
 */
export function eraseRider(database: Database, cipher: DataCipher, rider: string): Promise<Erased> {
  const pseudonym = `erased-${randomUUID()}`;
  return database.transaction(
    async (session) => ({
      planVersions: await scrubVersions(session, cipher, rider),
      planChanges: await scrubChanges(session, cipher, rider),
      guardians: await untieGuardians(session, rider),
      notices: await removeNotices(session, rider),
      boardings: await renameBoardings(session, rider, pseudonym),
    }),
    ERASE_TIMEOUT_MS,
  );
}

const ERASE_TIMEOUT_MS = 300_000;

async function scrubVersions(session: Session, cipher: DataCipher, rider: string): Promise<number> {
  const versions = await session.rows<{ version: string }>(
    'select distinct version from plan_file where name = $1 order by version',
    [RIDERS],
  );
  let scrubbed = 0;
  for (const { version } of versions) {
    const parts = await session.rows<{ keyId: string | null; content: Buffer }>(
      'select key_id as "keyId", content from plan_file where version = $1 and name = $2 order by part for update',
      [version, RIDERS],
    );
    const whole = Buffer.concat(parts.map((part) => part.content));
    const context = `${version}/${RIDERS}`;
    const keyId = parts[0]!.keyId;
    const zipped = keyId === null ? whole : cipher.open(whole, context, keyId);
    const text = withoutRider((await decompress(zipped)).toString('utf8'), rider);
    if (text === null) continue;
    const sealed = cipher.seal(await compress(text), context);
    await writeParts(session, version, RIDERS, cipher.keyId, sealed);
    scrubbed += 1;
  }
  return scrubbed;
}

/** Puts other bytes in the place of a plan's file. */
export async function writeParts(
  session: Session,
  version: string,
  name: string,
  keyId: string,
  sealed: Buffer,
): Promise<void> {
  await session.run('delete from plan_file where version = $1 and name = $2', [version, name]);
  for (let part = 0; part === 0 || part * PART_BYTES < sealed.length; part++) {
    await session.run(
      'insert into plan_file (version, name, part, key_id, content) values ($1, $2, $3, $4, $5)',
      [version, name, part, keyId, sealed.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)],
    );
  }
}

/** Does `work` while rows of the table may be changed, which its trigger refuses otherwise. Holds up its writers. */
export async function withoutTrigger<T>(
  session: Session,
  table: string,
  trigger: string,
  work: () => Promise<T>,
): Promise<T> {
  await session.run(`alter table ${table} disable trigger ${trigger}`);
  const result = await work();
  await session.run(`alter table ${table} enable trigger ${trigger}`);
  return result;
}

async function scrubChanges(session: Session, cipher: DataCipher, rider: string): Promise<number> {
  const rows = await session.rows<{ seq: number; version: string; sealed: Buffer; keyId: string }>(
    'select seq, version, sealed, key_id as "keyId" from plan_change where sealed is not null order by seq',
    [],
  );
  const changed: { seq: number; sealed: Buffer }[] = [];
  for (const { seq, version, sealed, keyId } of rows) {
    const context = `${version}/change`;
    const diffs = JSON.parse(cipher.open(sealed, context, keyId).toString('utf8')) as FileDiff[];
    const other = (row: { readonly [column: string]: string }) => row.rider_id !== rider;
    const kept = diffs.map((diff) => ({
      ...diff,
      removed: diff.removed.filter(other),
      added: diff.added.filter(other),
    }));
    const count = (list: readonly FileDiff[]) =>
      list.reduce((sum, diff) => sum + diff.removed.length + diff.added.length, 0);
    if (count(kept) === count(diffs)) continue;
    changed.push({ seq, sealed: cipher.seal(Buffer.from(JSON.stringify(kept)), context) });
  }
  if (changed.length === 0) return 0;
  await withoutTrigger(session, 'plan_change', 'plan_change_append_only', async () => {
    for (const { seq, sealed } of changed) {
      await session.run('update plan_change set sealed = $2, key_id = $3 where seq = $1', [
        seq,
        sealed,
        cipher.keyId,
      ]);
    }
  });
  return changed.length;
}

async function untieGuardians(session: Session, rider: string): Promise<number> {
  const tied = await session.rows<{ id: string; left: number }>(
    `update account set rider_ids = array_remove(rider_ids, $1) where $1 = any (rider_ids)
     returning id, cardinality(rider_ids) as left`,
    [rider],
  );
  const alone = tied.filter(({ left }) => left === 0).map(({ id }) => id);
  if (alone.length > 0) {
    // Nobody's guardian any more: what is kept of them was kept for the child.
    await session.run(
      `update account set disabled = true, display_name = '' where id = any($1) and role = 'guardian'`,
      [alone],
    );
    for (const table of ['notify_settings', 'notify_address', 'push_subscription'])
      await session.run(`delete from ${table} where user_id = any($1)`, [alone]);
  }
  return tied.length;
}

async function removeNotices(session: Session, rider: string): Promise<number> {
  await session.run('delete from notify_absence where rider = $1', [rider]);
  return session.run('delete from notification where rider = $1', [rider]);
}

/** What was counted stays counted; whose it was is gone. */
async function renameBoardings(session: Session, rider: string, pseudonym: string): Promise<number> {
  const rows = await session.rows<{ row: unknown }>(
    'select to_jsonb(b) as row from boarding_event b where rider = $1',
    [rider],
  );
  if (rows.length === 0) return 0;
  await session.run('delete from boarding_event where rider = $1', [rider]);
  return session.run(
    `insert into boarding_event
     select (jsonb_populate_record(null::boarding_event, r || jsonb_build_object('rider', $2::text))).*
     from jsonb_array_elements($1::jsonb) r`,
    [JSON.stringify(rows.map(({ row }) => row)), pseudonym],
  );
}
