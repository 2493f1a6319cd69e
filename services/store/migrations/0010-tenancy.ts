import type { Migration } from './migration.ts';

/**
 * Departments of education and carriers among the accounts, and the wall behind the API's checks: what each vehicle
 * belongs to, and a role that is bound by row-level security. Which table lets whom see what is in `tenancy/walls.ts`,
 * put up by `tenancy/put-up-walls.ts` after the steps.
 */
export const tenancy: Migration = {
  name: '0010-tenancy',
  async up(knex) {
    await knex.raw(`
alter table account add column provider_id text;
alter table account drop constraint account_role_check;
alter table account add constraint account_role_check check (
  role in ('admin', 'police', 'transport', 'education', 'provider', 'school', 'guardian', 'escort'));
comment on column account.provider_id is 'operator_id of the carrier whose staff this is';

create table tenant_of (
  subject text not null,
  tenant text not null,
  primary key (subject, tenant)
);
create index tenant_of_tenant on tenant_of (tenant, subject);
comment on table tenant_of is 'whose a vehicle is, by its id, and a terminal, by phone: and its number; of the plan in force';

create table tenancy_state (
  one boolean primary key default true check (one),
  plan_version text,
  walls text
);
insert into tenancy_state default values;
comment on column tenancy_state.walls is 'digest of the walls that were put up last';

create function sees_all() returns boolean language sql stable parallel safe as
$$ select coalesce(current_setting('busguard.tenants', true), '') = '{*}' $$;
create function own_tenants() returns text[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('busguard.tenants', true), ''), '{}')::text[] $$;
comment on function own_tenants() is 'of the viewer of this transaction; none where nobody was named';
`);
  },
};
