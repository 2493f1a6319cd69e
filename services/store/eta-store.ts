import type { LearnedRow } from '../../geo/eta/learned.ts';
import { storableText } from './column-types.ts';
import type { Database } from './database.ts';

/** What arrival prediction has learned, between starts of the service. */
export interface EtaStore {
  /** Rows of the weeks from `fromWeek` on, oldest first. */
  learned(fromWeek: number): Promise<LearnedRow[]>;
  /** Adds to what is kept; all of it or nothing. */
  add(rows: readonly LearnedRow[]): Promise<void>;
  /** Drops the weeks before. */
  forget(beforeWeek: number): Promise<void>;
}

const COLUMNS = 'part, key, kind, slot, week, weight, run, stay';

const LOAD = `select ${COLUMNS} from learned_time where week >= $1 order by week, part, key, kind, slot`;

// In one order, so that two processes that add the same rows do not wait for each other in a ring.
const ADD = `
insert into learned_time (${COLUMNS})
select ${COLUMNS} from unnest($1::text[], $2::text[], $3::int2[], $4::int2[], $5::int4[], $6::float8[], $7::float8[],
  $8::float8[]) as added (${COLUMNS})
order by week, part, key, kind, slot
on conflict (week, part, key, kind, slot) do update set
  weight = learned_time.weight + excluded.weight, run = learned_time.run + excluded.run,
  stay = learned_time.stay + excluded.stay`;

export function makeEtaStore(database: Database): EtaStore {
  return {
    learned: (fromWeek) => database.rows<LearnedRow>(LOAD, [fromWeek]),
    async add(rows) {
      if (rows.length === 0) return;
      const column = <K extends keyof LearnedRow>(name: K): LearnedRow[K][] => rows.map((row) => row[name]);
      await database.transaction((session) =>
        session.run(ADD, [
          column('part'),
          rows.map((row) => storableText(row.key)),
          column('kind'),
          column('slot'),
          column('week'),
          column('weight'),
          column('run'),
          column('stay'),
        ]),
      );
    },
    async forget(beforeWeek) {
      await database.run('delete from learned_time where week < $1', [beforeWeek]);
    },
  };
}
