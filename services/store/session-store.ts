import { createHash } from 'node:crypto';
import { timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import type { SessionStore } from './store.ts';

const SET = `
insert into session (id_hash, user_id, data, expires_at) values ($1, $2, $3, $4)
on conflict (id_hash) do update set user_id = excluded.user_id, data = excluded.data, expires_at = excluded.expires_at`;

/** Only a hash of the id is kept: whoever reads the table cannot sign in with what is there. */
const hashed = (id: string): Buffer => createHash('sha256').update(id).digest();

/** What a session is called where its id must not be: nothing can be done with it but end it. */
export const sessionHash = (id: string): string => hashed(id).toString('hex');

export function makeSessionStore(database: Database): SessionStore {
  return {
    async get(id) {
      const sql = 'select data, expires_at as "expiresAt" from session where id_hash = $1';
      const row = (await database.rows<{ data: string; expiresAt: number }>(sql, [hashed(id)]))[0];
      return row ? { data: JSON.parse(row.data) as unknown, expiresAt: row.expiresAt } : null;
    },
    async set(id, userId, data, expiresAt) {
      await database.run(SET, [hashed(id), userId, JSON.stringify(data ?? null), timestamp(expiresAt)]);
    },
    async destroy(id) {
      await database.run('delete from session where id_hash = $1', [hashed(id)]);
    },
    async destroyOfUser(userId) {
      await database.run('delete from session where user_id = $1', [userId]);
    },
    async ofUser(userId, now) {
      const sql = `select encode(id_hash, 'hex') as hash, data, expires_at as "expiresAt" from session
        where user_id = $1 and expires_at > $2 order by expires_at desc`;
      const rows = await database.rows<{ hash: string; data: string; expiresAt: number }>(sql, [
        userId,
        timestamp(now),
      ]);
      return rows.map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) as unknown }));
    },
    async destroyByHash(userId, hash) {
      const sql = "delete from session where user_id = $1 and id_hash = decode($2, 'hex')";
      return (await database.run(sql, [userId, hash])) > 0;
    },
    prune: (now) => database.run('delete from session where expires_at <= $1', [timestamp(now)]),
  };
}
