import type { Database } from './database.ts';

const NEW = `
insert into lease (name, held_until) values ($1, 'epoch') on conflict (name) do nothing`;
/** By the database's clock alone, which all processes share. */
const TAKE = `
update lease l set holder = $2, held_until = clock_timestamp() + $3 * interval '1 millisecond'
from (select held_until from lease where name = $1 for update) old
where l.name = $1 and (l.holder = $2 or l.held_until <= clock_timestamp())
returning old.held_until as "heldUntil"`;
const LOOK = 'select held_until as "heldUntil" from lease where name = $1';

/** See `IngestStore.lease`. */
export function takeLease(
  database: Database,
  name: string,
  holder: string,
  ttlMs: number,
): Promise<{ held: boolean; heldUntil: number }> {
  return database.transaction(async (session) => {
    await session.run(NEW, [name]);
    const taken = await session.rows<{ heldUntil: number }>(TAKE, [name, holder, ttlMs]);
    const row = taken[0] ?? (await session.rows<{ heldUntil: number }>(LOOK, [name]))[0]!;
    return { held: taken.length > 0, heldUntil: row.heldUntil };
  });
}
