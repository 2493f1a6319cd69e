import { storableJson, storableText, timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import type { AuditStore } from './store.ts';

const APPEND = `
insert into audit_log (at, user_id, action, subject, detail, remote) values ($1, $2, $3, $4, $5, $6)`;

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
  };
}
