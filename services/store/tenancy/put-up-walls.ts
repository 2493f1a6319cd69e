import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { WALLS, type Wall } from './walls.ts';

/** The database role of the API's queries. It owns nothing, so that row-level security binds it. */
export const VIEWER_ROLE = 'busguard_viewer';

/**
 * Tables of ours. Partitions are left out: rows are reached through their table, which has the wall. Views are too:
 * they would be read as their owner.
 */
const TABLES = `
select c.relname as name, c.relkind as kind from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = current_schema() and c.relkind in ('r', 'p') and not c.relispartition
  and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
order by c.relname`;

/** Functions of triggers that write what the viewer itself may not. */
const AS_OWNER = ['finding_remember'];

/**
 * Brings rights and row-level security to what `walls.ts` says, in the transaction of `knex`. Done only where
 * something has changed since it was done last: it stops readers for a moment.
 */
export async function putUpWalls(knex: Knex): Promise<boolean> {
  const found: { rows: { name: string }[] } = await knex.raw(TABLES);
  const tables = found.rows.map(({ name }) => name);
  const statements = tables.flatMap((table) => wallOf(table, WALLS[table]));
  const all = [
    ...statements,
    ...AS_OWNER.map((name) => `alter function ${name}() security definer set search_path from current`),
  ];
  const digest = createHash('sha256').update(all.join('\n')).digest('hex');
  const state: { rows: { walls: string | null }[] } = await knex.raw('select walls from tenancy_state');
  const roleThere = await makeViewerRole(knex);
  if (roleThere && state.rows[0]?.walls === digest) return false;
  // One by one, since they are SQL of ours and hold question marks nowhere.
  for (const statement of all) await knex.raw(statement);
  await knex.raw('update tenancy_state set walls = ?', [digest]);
  return true;
}

function wallOf(table: string, wall: Wall | 'closed' | undefined): string[] {
  const name = `"${table}"`;
  const before = [`revoke all on ${name} from ${VIEWER_ROLE}`, `drop policy if exists viewer on ${name}`];
  const after = [`drop policy if exists viewer_writes on ${name}`];
  if (wall === 'closed') return [...before, ...after];
  // The policy of the API alone decides on a table that has no wall yet; a test names it.
  if (wall === undefined)
    return [...before, ...after, `grant select, insert, update, delete on ${name} to ${VIEWER_ROLE}`];
  const grant = `grant ${wall.may.join(', ')} on ${name} to ${VIEWER_ROLE}`;
  if (wall.rows === undefined) return [...before, ...after, grant];
  const policies = wall.insertsAnything
    ? [
        `create policy viewer on ${name} for select to ${VIEWER_ROLE} using (${wall.rows})`,
        `create policy viewer_writes on ${name} for insert to ${VIEWER_ROLE} with check (true)`,
      ]
    : [`create policy viewer on ${name} to ${VIEWER_ROLE} using (${wall.rows}) with check (${wall.rows})`];
  return [...before, ...after, grant, `alter table ${name} enable row level security`, ...policies];
}

/**
 * Roles belong to the whole server, so another database of ours may have made it. False where it was made now: then
 * the walls have to be put up whatever was noted.
 */
async function makeViewerRole(knex: Knex): Promise<boolean> {
  const { rows } = await knex.raw(
    `select (select count(*) from pg_roles where rolname = ?) as there,
       (select count(*) from pg_roles where rolname = ? and pg_has_role(current_user, oid, 'member')) as member`,
    [VIEWER_ROLE, VIEWER_ROLE],
  );
  const there = Number(rows[0].there) > 0;
  const member = Number(rows[0].member) > 0;
  if (there && member) return true;
  try {
    // Two databases of one server may be brought up to date at the same moment.
    if (!there)
      await knex.raw(`do $$ begin create role ${VIEWER_ROLE} nologin;
        exception when duplicate_object or unique_violation then null; end $$`);
    await knex.raw(`do $$ begin
      if not pg_has_role(current_user, '${VIEWER_ROLE}', 'member') then grant ${VIEWER_ROLE} to current_user; end if;
      end $$`);
  } catch (error) {
    throw new Error(
      `the database lacks the role ${VIEWER_ROLE} and this login may not create it; let an administrator run: ` +
        `create role ${VIEWER_ROLE} nologin; grant ${VIEWER_ROLE} to <the login of DATABASE_URL>`,
      { cause: error },
    );
  }
  return false;
}
