import { timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import { FINDING_COLUMNS, type FindingRow, readStoredFinding } from './finding-rows.ts';
import type { FindingQuery, FindingStore, StoredFinding } from './store.ts';

/** The id that an episode goes by now, for any id that it ever went by. */
const CURRENT_ID = 'coalesce((select a.id from finding_alias a where a.old_id = $1), $1)';

const GET = `select ${FINDING_COLUMNS} from finding where id = ${CURRENT_ID}`;

export function makeFindingStore(database: Database): FindingStore {
  const get = async (id: string): Promise<StoredFinding | null> => {
    const row = (await database.rows<FindingRow>(GET, [id]))[0];
    return row ? readStoredFinding(row) : null;
  };
  return {
    async list(query) {
      const { sql, bindings } = listQuery(database, query);
      const rows = await database.rows<FindingRow>(sql, bindings);
      return rows.map(readStoredFinding);
    },
    get,
  };
}

/** `from` and `to` take every finding that touches the span. */
function listQuery(database: Database, query: FindingQuery): { sql: string; bindings: readonly unknown[] } {
  const builder = database.knex('finding').select(database.knex.raw(FINDING_COLUMNS));
  if (query.vehicles) builder.whereRaw('vehicle = any(?)', [[...query.vehicles]]);
  if (query.rules) builder.whereRaw('rule = any(?)', [[...query.rules]]);
  if (query.state) builder.where('state', query.state);
  if (query.stages) builder.whereRaw('stage = any(?)', [[...query.stages]]);
  if (query.severities) builder.whereRaw('severity = any(?)', [[...query.severities]]);
  builder.where('shadow', query.shadow ?? false);
  if (query.incident === undefined) builder.whereNull('incident');
  else builder.where('incident', query.incident);
  if (query.open === true) builder.whereNull('end_at');
  if (query.open === false) builder.whereNotNull('end_at');
  if (query.to !== undefined) builder.where('start_at', '<=', timestamp(query.to));
  if (query.from !== undefined) {
    builder.whereRaw('(end_at is null or end_at >= ?)', [timestamp(query.from)]);
  }
  if (query.before) {
    const start = timestamp(query.before.start);
    builder.whereRaw('(start_at < ? or (start_at = ? and id > ?))', [start, start, query.before.id]);
  }
  const native = builder
    .orderBy([{ column: 'start_at', order: 'desc' }, { column: 'id' }])
    .limit(query.limit)
    .toSQL()
    .toNative();
  return { sql: native.sql, bindings: native.bindings };
}
