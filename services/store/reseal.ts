import type { Database } from './database.ts';
import { withoutTrigger, writeParts } from './erase-rider.ts';
import { addressContext, subscriptionContext } from './notify-people.ts';
import type { DataCipher } from './personal-files.ts';

/** What is sealed of one kind: how many rows were sealed anew in this step, and whether there may be more. */
export interface Resealed {
  readonly kind: string;
  readonly rows: number;
}

/** Rows of one transaction; a plan's file counts as one. */
const BATCH = 200;

/** A table with a sealed column, and as what its rows are sealed. */
interface SealedTable {
  readonly kind: string;
  readonly table: string;
  readonly column: string;
  /** Which names the key that sealed it. */
  readonly keyColumn: string;
  /** Columns of its key, of which the context is made. */
  readonly key: readonly string[];
  readonly context: (key: readonly string[]) => string;
  /** Refuses changes, and is asked not to for the moment. */
  readonly trigger?: string;
}

const TABLES: readonly SealedTable[] = [
  {
    kind: 'addresses',
    table: 'notify_address',
    column: 'sealed',
    keyColumn: 'key_id',
    key: ['user_id', 'channel'],
    context: ([user = '', channel = '']) => addressContext(user, channel),
  },
  {
    kind: 'push subscriptions',
    table: 'push_subscription',
    column: 'sealed',
    keyColumn: 'key_id',
    key: ['id'],
    context: ([id = '']) => subscriptionContext(id),
  },
  {
    kind: 'changes of the plan',
    table: 'plan_change',
    column: 'sealed',
    keyColumn: 'key_id',
    key: ['seq', 'version'],
    context: ([, version = '']) => `${version}/change`,
    trigger: 'plan_change_append_only',
  },
  {
    kind: 'second factors',
    table: 'account',
    column: 'totp_secret',
    keyColumn: 'totp_key_id',
    key: ['id'],
    context: ([id = '']) => `totp/${id}`,
  },
];

/**
 * Seals everything anew that an older key sealed, some rows at a time: what is done is done, and it may be interrupted
 * and begun again. Yields after each batch. Other processes open either meanwhile, if they have both keys.
 */
export async function* reseal(database: Database, cipher: DataCipher): AsyncGenerator<Resealed> {
  for (;;) {
    const rows = await resealPlanFile(database, cipher);
    if (rows === 0) break;
    yield { kind: 'files of plans', rows };
  }
  for (const sealed of TABLES) {
    for (;;) {
      const rows = await resealRows(database, cipher, sealed);
      if (rows === 0) break;
      yield { kind: sealed.kind, rows };
    }
  }
}

/** One file of one version, all parts of it. */
async function resealPlanFile(database: Database, cipher: DataCipher): Promise<number> {
  return database.transaction(async (session) => {
    const [next] = await session.rows<{ version: string; name: string; keyId: string }>(
      `select version, name, key_id as "keyId" from plan_file where key_id <> $1 order by version, name limit 1`,
      [cipher.keyId],
    );
    if (!next) return 0;
    const { version, name, keyId } = next;
    const parts = await session.rows<{ content: Buffer }>(
      'select content from plan_file where version = $1 and name = $2 order by part for update',
      [version, name],
    );
    const context = `${version}/${name}`;
    const open = cipher.open(Buffer.concat(parts.map((part) => part.content)), context, keyId);
    await writeParts(session, version, name, cipher.keyId, cipher.seal(open, context));
    return 1;
  });
}

function resealRows(
  database: Database,
  cipher: DataCipher,
  { table, column, keyColumn, key, context, trigger }: SealedTable,
): Promise<number> {
  return database.transaction(async (session) => {
    const rows = await session.rows<{ key: string[]; keyId: string; sealed: Buffer }>(
      `select array[${key.map((name) => `${name}::text`).join(', ')}] as key, ${keyColumn} as "keyId",
         ${column} as sealed
       from ${table} where ${keyColumn} <> $1 and ${column} is not null order by ${key.join(', ')} limit ${BATCH}
       for update`,
      [cipher.keyId],
    );
    const where = key.map((name, i) => `${name}::text = $${i + 3}`).join(' and ');
    const write = async (): Promise<void> => {
      for (const row of rows) {
        const as = context(row.key);
        const sealed = cipher.seal(cipher.open(row.sealed, as, row.keyId), as);
        await session.run(`update ${table} set ${column} = $1, ${keyColumn} = $2 where ${where}`, [
          sealed,
          cipher.keyId,
          ...row.key,
        ]);
      }
    };
    if (rows.length === 0) return 0;
    if (trigger === undefined) await write();
    else await withoutTrigger(session, table, trigger, write);
    return rows.length;
  });
}
