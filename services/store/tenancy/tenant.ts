/**
 * What a row belongs to, as the database knows it: `district:武进区`, `provider:OP1`, `school:S1`, `trip:T1`,
 * `escort:E1`. A vehicle has many; a viewer has those of their account.
 */
export type Tenant = `${TenantKind}:${string}`;
export type TenantKind = 'district' | 'provider' | 'school' | 'trip' | 'escort';

/** Whose rows a viewer may touch; `all` is the whole plan and what belongs to nobody. */
export type Tenants = 'all' | readonly Tenant[];

export const tenant = (kind: TenantKind, id: string): Tenant => `${kind}:${id}`;
