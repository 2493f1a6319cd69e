import type { Logger } from 'pino';
import { localDay } from '../api/time.ts';
import { timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import { dropDaysBefore } from './dated-table.ts';
import { dayOf, partitionOf } from './position-days.ts';

export interface RetentionOptions {
  /** Days of positions kept, today not counted. The benchmark is six months (道路运输车辆动态监督管理办法, Art. 25). */
  readonly positionDays?: number;
  /** Days that a judge's checkpoints are kept: as long as a blind area may be uploaded late. */
  readonly checkpointDays?: number;
  /** Days that what could not be decoded is kept. */
  readonly quarantineDays?: number;
  /** Days of service whose notices are kept: no longer than what they tell of (个人信息保护法 Art. 19). */
  readonly noticeDays?: number;
}

export const RETENTION_DEFAULTS = {
  positionDays: 184,
  checkpointDays: 7,
  quarantineDays: 30,
  noticeDays: 184,
} as const;

const DAY_MS = 86_400_000;
/** Dropping waits this long for those who read the partition, then leaves it for the next time. */
const LOCK_TIMEOUT_MS = 3_000;

const PARTITIONS = `
select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'positions'::regclass order by c.relname`;

/** What holds cover of a day that goes; a row that is there already came with an earlier copy of the day. */
const KEEP_HELD = (partition: string) => `
insert into held_position select p.* from ${partition} p
where exists (select 1 from position_hold h where h.vehicle_key = p.vehicle_key and h.released_at is null
  and p.time between h.from_at and h.to_at)
on conflict do nothing`;

/** What was held once and is covered by no hold any more. */
const LET_GO = `
delete from held_position p
where not exists (select 1 from position_hold h where h.vehicle_key = p.vehicle_key and h.released_at is null
  and p.time between h.from_at and h.to_at)`;

/**
 * Drops what is older than is to be kept; returns the names of the partitions dropped. Whole days go at once, at no
 * cost to the rows that stay; what a legal hold covers is copied aside first. Findings and the audit trail are not
 * touched: they are evidence.
 */
export async function applyRetention(
  database: Database,
  now: number,
  log: Logger,
  options: RetentionOptions = {},
): Promise<string[]> {
  const { positionDays, checkpointDays, quarantineDays, noticeDays } = { ...RETENTION_DEFAULTS, ...options };
  // Names sort as their days do.
  const oldestKept = partitionOf(dayOf(now) - positionDays);
  const partitions = await database.rows<{ name: string }>(PARTITIONS, []);
  const old = partitions.map((row) => row.name).filter((name) => name < oldestKept);
  for (const name of old) {
    await database.transaction(async (session) => {
      await session.run(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
      await session.run(KEEP_HELD(name));
      await session.run(`drop table ${name}`);
    });
    log.info({ partition: name }, 'positions past their retention dropped');
  }
  await database.run(LET_GO);
  const before = (days: number) => timestamp(now - days * DAY_MS);
  await database.run('delete from checkpoint where time < $1', [before(checkpointDays)]);
  await database.run('delete from quarantine where received_at < $1', [before(quarantineDays)]);
  const oldestNotices = new Date(now - noticeDays * DAY_MS).toISOString().slice(0, 10);
  const notices = await dropDaysBefore(database, 'notification', oldestNotices, LOCK_TIMEOUT_MS);
  if (notices.length > 0) log.info({ partitions: notices.length }, 'notices past their retention dropped');
  const oldestRuns = [oldestNotices.replaceAll('-', '')];
  await database.run('delete from notify_run where service_date < $1', oldestRuns);
  await database.run('delete from notify_absence where service_date < $1', oldestRuns);
  const { date } = localDay(now - positionDays * DAY_MS, 'Asia/Shanghai');
  await database.run('delete from walk_through_photo where service_date < $1', [date]);
  await database.run('delete from boarding_event where service_date < $1', [date]);
  return old;
}
