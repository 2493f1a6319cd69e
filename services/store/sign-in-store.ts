import { timestamp } from './column-types.ts';
import type { Database } from './database.ts';

/** Failures to sign in, kept so that they outlive a process and count on all of them. */
export interface SignInStore {
  failures(keys: readonly string[]): Promise<ReadonlyMap<string, SignInFailures>>;
  /** Counts one more; what is older than `forgetBefore` counts no longer. */
  failed(keys: readonly string[], at: number, forgetBefore: number): Promise<void>;
  forget(keys: readonly string[]): Promise<void>;
  prune(before: number): Promise<number>;
}

export interface SignInFailures {
  readonly count: number;
  readonly lastAt: number;
}

const FAILED = `
insert into sign_in_failure (key, count, last_at) select k, 1, $2 from unnest($1::text[]) k order by k
on conflict (key) do update set last_at = excluded.last_at,
  count = case when sign_in_failure.last_at < $3 then 1 else sign_in_failure.count + 1 end`;

export function makeSignInStore(database: Database): SignInStore {
  return {
    async failures(keys) {
      const sql = 'select key, count, last_at as "lastAt" from sign_in_failure where key = any ($1)';
      const rows = await database.rows<SignInFailures & { key: string }>(sql, [[...keys]]);
      return new Map(rows.map(({ key, ...failures }) => [key, failures]));
    },
    async failed(keys, at, forgetBefore) {
      await database.run(FAILED, [[...keys], timestamp(at), timestamp(forgetBefore)]);
    },
    async forget(keys) {
      await database.run('delete from sign_in_failure where key = any ($1)', [[...keys]]);
    },
    prune: (before) => database.run('delete from sign_in_failure where last_at < $1', [timestamp(before)]),
  };
}
