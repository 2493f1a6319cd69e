import { timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import type { Role, User } from './store.ts';

/** A key by which another system asks: as a role, within a tenant, for a time. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Exclude<Role, 'guardian' | 'escort'>;
  readonly district: string | null;
  readonly providerId: string | null;
  readonly schoolId: string | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
  readonly lastUsedFrom: string | null;
  readonly revokedAt: number | null;
}

export interface ApiKeyStore {
  create(key: Omit<ApiKey, 'lastUsedAt' | 'lastUsedFrom' | 'revokedAt'>, hash: Uint8Array): Promise<void>;
  byHash(hash: Uint8Array): Promise<ApiKey | null>;
  byId(id: string): Promise<ApiKey | null>;
  /** Newest first. */
  list(limit: number): Promise<ApiKey[]>;
  used(id: string, at: number, from: string): Promise<void>;
  /** False where there is no such key. Doing it twice changes nothing. */
  revoke(id: string, at: number): Promise<boolean>;
}

const COLUMNS = `id, name, role, district, provider_id as "providerId", school_id as "schoolId",
  created_at as "createdAt", created_by as "createdBy", expires_at as "expiresAt", last_used_at as "lastUsedAt",
  last_used_from as "lastUsedFrom", revoked_at as "revokedAt"`;

const CREATE = `
insert into api_key (id, name, hash, role, district, provider_id, school_id, created_at, created_by, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

export function makeApiKeyStore(database: Database): ApiKeyStore {
  const one = async (where: string, value: unknown) =>
    (await database.rows<ApiKey>(`select ${COLUMNS} from api_key where ${where}`, [value]))[0] ?? null;
  return {
    async create(key, hash) {
      const { id, name, role, district, providerId, schoolId, createdAt, createdBy, expiresAt } = key;
      const times = [timestamp(createdAt), createdBy, timestamp(expiresAt)];
      await database.run(CREATE, [id, name, hash, role, district, providerId, schoolId, ...times]);
    },
    byHash: (hash) => one('hash = $1', hash),
    byId: (id) => one('id = $1', id),
    list: (limit) =>
      database.rows<ApiKey>(`select ${COLUMNS} from api_key order by created_at desc, id limit $1`, [limit]),
    async used(id, at, from) {
      await database.run('update api_key set last_used_at = $2, last_used_from = $3 where id = $1', [
        id,
        timestamp(at),
        from,
      ]);
    },
    async revoke(id, at) {
      const sql = 'update api_key set revoked_at = coalesce(revoked_at, $2) where id = $1';
      return (await database.run(sql, [id, timestamp(at)])) > 0;
    },
  };
}

/** Whom the policy sees behind a key. */
export const userOfKey = ({ id, name, role, district, providerId, schoolId }: ApiKey): User => ({
  id: `key:${id}`,
  login: `key:${name}`,
  displayName: name,
  role,
  district,
  providerId,
  schoolId,
  riderIds: [],
  personId: null,
  language: 'zh',
  disabled: false,
});
