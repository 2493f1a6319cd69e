import { storableText, timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import type { TerminalRow, TerminalStore } from './store.ts';

const COLUMNS = `phone, token_hash as "tokenHash", plate, plate_colour as "plateColour", manufacturer, model,
  terminal_id as "terminalId", version, imei, approved, registered_at as "registeredAt", last_seen_at as "lastSeenAt"`;

const SAVE = `
insert into terminal (phone, token_hash, plate, plate_colour, manufacturer, model, terminal_id, version, imei, approved,
  registered_at, last_seen_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (phone) do update set
  token_hash = excluded.token_hash, plate = excluded.plate, plate_colour = excluded.plate_colour,
  manufacturer = excluded.manufacturer, model = excluded.model, terminal_id = excluded.terminal_id,
  version = excluded.version, imei = excluded.imei, approved = excluded.approved,
  registered_at = excluded.registered_at, last_seen_at = excluded.last_seen_at`;

const moment = (ms: number | null): string | null => (ms === null ? null : timestamp(ms));

export function makeTerminalStore(database: Database): TerminalStore {
  return {
    async get(phone) {
      const sql = `select ${COLUMNS} from terminal where phone = $1`;
      return (await database.rows<TerminalRow>(sql, [phone]))[0] ?? null;
    },
    async save(row) {
      await database.run(SAVE, [
        row.phone,
        row.tokenHash,
        storableText(row.plate),
        row.plateColour,
        storableText(row.manufacturer),
        storableText(row.model),
        storableText(row.terminalId),
        row.version,
        row.imei === null ? null : storableText(row.imei),
        row.approved,
        moment(row.registeredAt),
        moment(row.lastSeenAt),
      ]);
    },
    list: () => database.rows<TerminalRow>(`select ${COLUMNS} from terminal order by phone`, []),
  };
}
