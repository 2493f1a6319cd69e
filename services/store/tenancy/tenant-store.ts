import type { Database } from '../database.ts';
import type { Tenant } from './tenant.ts';

/** To whom vehicles and terminals belong, beside the rows that they own. */
export interface TenantStore {
  /** The version that `put` took last. */
  version(): Promise<string | null>;
  /**
   * Replaces all, by vehicle and by terminal (`phone:` and its number); false where another version of the plan is in
   * force by now.
   */
  put(version: string, tenants: ReadonlyMap<string, ReadonlySet<Tenant>>): Promise<boolean>;
}

const IN_FORCE = 'select version from plan_version order by seq desc limit 1';
const VERSION = 'select plan_version as version from tenancy_state';
/** Locks the one row, so that processes which heard of the same plan do it one after the other. */
const LOCK = `${VERSION} for update`;
const REMOVE = `
delete from tenant_of t where not exists (
  select 1 from unnest($1::text[], $2::text[]) n (subject, tenant)
  where n.subject = t.subject and n.tenant = t.tenant)`;
const ADD = `
insert into tenant_of (subject, tenant) select * from unnest($1::text[], $2::text[]) on conflict do nothing`;
const NOTE = 'update tenancy_state set plan_version = $1';

export function makeTenantStore(database: Database): TenantStore {
  return {
    async version() {
      return (await database.rows<{ version: string | null }>(VERSION, []))[0]?.version ?? null;
    },
    put: (version, tenants) =>
      database.transaction(async (session) => {
        const noted = (await session.rows<{ version: string | null }>(LOCK, []))[0]?.version;
        const inForce = (await session.rows<{ version: string }>(IN_FORCE, []))[0]?.version;
        if (inForce !== version) return false;
        if (noted === version) return true;
        const subjects: string[] = [];
        const names: string[] = [];
        for (const [subject, owners] of tenants) {
          for (const owner of owners) {
            subjects.push(subject);
            names.push(owner);
          }
        }
        await session.run(REMOVE, [subjects, names]);
        await session.run(ADD, [subjects, names]);
        await session.run(NOTE, [version]);
        return true;
      }),
  };
}
