import type { Logger } from 'pino';
import { timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import { dayOf, partitionOf } from './position-days.ts';

export interface RetentionOptions {
  /** Days of positions kept, today not counted. The benchmark is six months (道路运输车辆动态监督管理办法, Art. 25). */
  readonly positionDays?: number;
  /** Days that a judge's checkpoints are kept: as long as a blind area may be uploaded late. */
  readonly checkpointDays?: number;
  /** Days that what could not be decoded is kept. */
  readonly quarantineDays?: number;
}

export const RETENTION_DEFAULTS = { positionDays: 184, checkpointDays: 7, quarantineDays: 30 } as const;

const DAY_MS = 86_400_000;
/** Dropping waits this long for those who read the partition, then leaves it for the next time. */
const LOCK_TIMEOUT_MS = 3_000;

const PARTITIONS = `
select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'positions'::regclass order by c.relname`;

/**
 * Drops what is older than is to be kept; returns the names of the partitions dropped. Whole days go at once, at no
 * cost to the rows that stay. Findings and the audit trail are not touched: they are evidence.
 */
export async function applyRetention(
  database: Database,
  now: number,
  log: Logger,
  options: RetentionOptions = {},
): Promise<string[]> {
  const { positionDays, checkpointDays, quarantineDays } = { ...RETENTION_DEFAULTS, ...options };
  // Names sort as their days do.
  const oldestKept = partitionOf(dayOf(now) - positionDays);
  const partitions = await database.rows<{ name: string }>(PARTITIONS, []);
  const old = partitions.map((row) => row.name).filter((name) => name < oldestKept);
  for (const name of old) {
    await database.transaction(async (session) => {
      await session.run(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await session.run(`drop table ${name}`);
    });
    log.info({ partition: name }, 'positions past their retention dropped');
  }
  const before = (days: number) => timestamp(now - days * DAY_MS);
  await database.run('delete from checkpoint where time < $1', [before(checkpointDays)]);
  await database.run('delete from quarantine where received_at < $1', [before(quarantineDays)]);
  return old;
}
