import type { Database } from './database.ts';

/** Partitions are days of China Standard Time, which is what people ask for and what retention counts in. */
const ZONE_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

export interface PositionDaysOptions {
  /** A report older than this gets no partition. */
  readonly pastDays?: number;
  /** Nor does one that is more than this ahead of the clock. */
  readonly futureDays?: number;
  readonly now?: () => number;
}

export const POSITION_DAYS_DEFAULTS = { pastDays: 3_660, futureDays: 3 } as const;

/** The days for which `positions` has a partition, made as reports of a new day come. */
export interface PositionDays {
  /** Whether a report of that time may be stored: wrong clocks must not make partitions without end. */
  allows(time: number): boolean;
  /** Makes the partitions that these times lack. */
  ensure(times: Iterable<number>): Promise<void>;
  /** Forgets which partitions there are: one has been dropped. */
  forget(): void;
}

export const dayOf = (time: number): number => Math.floor((time + ZONE_OFFSET_MS) / DAY_MS);
const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
export const partitionOf = (day: number): string => `positions_${dateOf(day).replaceAll('-', '')}`;
const startOf = (day: number): string => `${dateOf(day)} 00:00:00+08`;

/** Serialises the making of partitions between processes. */
const PARTITION_LOCK = 0x6275_7364;

export function makePositionDays(database: Database, options: PositionDaysOptions = {}): PositionDays {
  const { pastDays, futureDays } = { ...POSITION_DAYS_DEFAULTS, ...options };
  const now = options.now ?? Date.now;
  const known = new Set<number>();

  const make = (day: number) =>
    database.transaction(async (session) => {
      const partition = partitionOf(day);
      await session.rows('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
      const found = await session.rows<{ found: boolean }>('select to_regclass($1) is not null as found', [
        partition,
      ]);
      if (found[0]?.found) return;
      // Made apart and then attached: `create ... partition of` would wait for every reader and writer, and hold them up.
      await session.run(`create table ${partition} (like positions including defaults)`);
      await session.run(
        `alter table positions attach partition ${partition}
         for values from ('${startOf(day)}') to ('${startOf(day + 1)}')`,
      );
    });

  return {
    allows: (time) => time >= now() - pastDays * DAY_MS && time < now() + futureDays * DAY_MS,
    async ensure(times) {
      const missing = new Set<number>();
      for (const time of times) {
        const day = dayOf(time);
        if (!known.has(day)) missing.add(day);
      }
      for (const day of missing) {
        await make(day);
        known.add(day);
      }
    },
    forget: () => known.clear(),
  };
}
