import type { PGlite } from '@electric-sql/pglite';

export interface UpkeepLimits {
  /** Bytes written between checkpoints. Without them the write-ahead log grows without end. */
  readonly checkpointEveryBytes?: number;
  /** Time between clean-ups. */
  readonly cleanEveryMs?: number;
}

export const UPKEEP_DEFAULTS = { checkpointEveryBytes: 64 * 1024 * 1024, cleanEveryMs: 600_000 } as const;

/** Rows of these tables are rewritten all the time; `positions` only grows, so it needs its summary and no more. */
const CLEAN = ['vehicle_state', 'finding', 'session', 'lease', 'terminal'].map(
  (table) => `vacuum (analyze) ${table}`,
);
const SUMMARISE = `
select brin_summarize_new_values(c.oid) from pg_class c join pg_am a on a.oid = c.relam
where a.amname = 'brin' and c.relkind = 'i' and c.relname like 'positions%'`;

/**
 * What PostgreSQL's own background processes would do: the embedded one has none. Done between two pieces of work,
 * when no transaction is open.
 */
export interface Upkeep {
  wrote(bytes: number): void;
  whileIdle(): Promise<void>;
}

export function makeUpkeep(
  database: PGlite,
  note: (text: string, ms: number) => void,
  limits: UpkeepLimits = {},
): Upkeep {
  const { checkpointEveryBytes, cleanEveryMs } = { ...UPKEEP_DEFAULTS, ...limits };
  let written = 0;
  let cleaned = performance.now();
  const timed = async (text: string, statements: readonly string[]) => {
    const start = performance.now();
    for (const statement of statements) await database.exec(statement);
    note(text, Math.round(performance.now() - start));
  };
  return {
    wrote: (bytes) => {
      written += bytes;
    },
    async whileIdle() {
      if (written >= checkpointEveryBytes) {
        written = 0;
        await timed('checkpoint', ['checkpoint']);
      }
      if (performance.now() - cleaned >= cleanEveryMs) {
        cleaned = performance.now();
        await timed('clean-up', [...CLEAN, SUMMARISE]);
      }
    },
  };
}
