import type { Database } from './database.ts';

/** Serialises the making of partitions between processes. */
const PARTITION_LOCK = 0x6275_7365;

/** `YYYY-MM-DD` of the date `YYYYMMDD`. */
export const dashed = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;

const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

const partitionOf = (table: string, day: string): string => `${table}_${day.replaceAll('-', '')}`;

/** A table in one partition for each date of its column; those that are needed are made, and old ones dropped whole. */
export interface DatedTable {
  /** Makes the partitions that these days (`YYYY-MM-DD`) lack. Not within a transaction. */
  ensure(days: Iterable<string>): Promise<void>;
  forget(): void;
}

export function makeDatedTable(database: Database, table: string): DatedTable {
  const known = new Set<string>();
  return {
    async ensure(days) {
      for (const day of days) {
        if (known.has(day)) continue;
        if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new RangeError(`${day} is no date`);
        const name = partitionOf(table, day);
        await database.transaction(async (session) => {
          await session.rows('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
          const found = await session.rows<{ found: boolean }>(
            'select to_regclass($1) is not null as found',
            [name],
          );
          if (found[0]?.found) return;
          await session.run(`create table ${name} (like ${table} including defaults including constraints)`);
          await session.run(
            `alter table ${table} attach partition ${name} for values from ('${day}') to ('${nextDay(day)}')`,
          );
        });
        known.add(day);
      }
    },
    forget: () => known.clear(),
  };
}

const PARTITIONS = `
select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = to_regclass($1) order by c.relname`;

/** Drops the partitions of days before this one; returns their names. Each waits `lockTimeoutMs` for its readers. */
export async function dropDaysBefore(
  database: Database,
  table: string,
  day: string,
  lockTimeoutMs: number,
): Promise<string[]> {
  const oldestKept = partitionOf(table, day);
  const partitions = await database.rows<{ name: string }>(PARTITIONS, [table]);
  const old = partitions.map((row) => row.name).filter((name) => name < oldestKept);
  for (const name of old) {
    await database.transaction(async (session) => {
      await session.run(`set local lock_timeout = ${lockTimeoutMs}`);
      await session.run(`drop table ${name}`);
    });
  }
  return old;
}
