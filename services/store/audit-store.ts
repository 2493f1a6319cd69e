import { storableJson, storableText, timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import type { AuditRow, AuditStore } from './store.ts';

const APPEND = `
insert into audit_log (at, user_id, action, subject, detail, remote) values ($1, $2, $3, $4, $5, $6)`;

/** Newest first. Names are of the account as it is now; whoever has none was a key or was never let in. */
const SEARCH = `
select seq, at, user_id as "userId", action, subject, detail, remote from audit_log
where seq < $1 and ($2::text is null or user_id = $2) and ($3::text is null or action = $3)
  and ($4::text is null or subject = $4) and ($5::timestamptz is null or at >= $5)
  and ($6::timestamptz is null or at < $6)
order by seq desc limit $7`;

/** The table itself refuses to be changed; see the migrations. */
export function makeAuditStore(database: Database): AuditStore {
  return {
    async append({ at, userId, action, subject, detail, remote }) {
      await database.run(APPEND, [
        timestamp(at),
        userId,
        action,
        storableText(subject),
        storableJson(detail),
        storableText(remote),
      ]);
    },
    search: ({ userId, action, subject, from, to, before, limit }) =>
      database.rows<AuditRow>(SEARCH, [
        before ?? Number.MAX_SAFE_INTEGER,
        userId ?? null,
        action ?? null,
        subject ?? null,
        from === undefined ? null : timestamp(from),
        to === undefined ? null : timestamp(to),
        limit,
      ]),
  };
}
