import { createHash } from 'node:crypto';
import { timestamp } from './column-types.ts';
import type { Database } from './database.ts';
import type { DataCipher } from './personal-files.ts';
import type { Role, User } from './store.ts';
import { readUser, USER_COLUMNS, type UserRow } from './user-store.ts';

/** What is known of an account beside who it is. */
export interface Account {
  readonly user: User;
  readonly passwordSetAt: number | null;
  readonly lastSignInAt: number | null;
  /** The second factor is in use. */
  readonly hasTotp: boolean;
  readonly recoveryCodesLeft: number;
  /** Comes by single sign-on. */
  readonly isExternal: boolean;
}

export interface AccountQuery {
  /** Part of a login or a name. */
  readonly search?: string;
  readonly role?: Role;
  readonly disabled?: boolean;
  /** Logins behind this one. */
  readonly after?: string;
  readonly limit: number;
}

export interface Totp {
  /** Base32. */
  readonly secret: string;
  readonly confirmed: boolean;
  /** Newest step whose code was taken. */
  readonly step: number;
}

/** Who may be changed to what; the login and the id stay. */
export type AccountChange = Omit<User, 'id' | 'login' | 'mustChangePassword'>;

export interface AccountStore {
  get(id: string): Promise<Account | null>;
  /** In order of login. */
  list(query: AccountQuery): Promise<Account[]>;
  /** False where there is no such account. */
  change(id: string, change: AccountChange): Promise<boolean>;
  setPassword(id: string, hash: string, at: number, mustChange: boolean): Promise<void>;
  signedIn(id: string, at: number): Promise<void>;
  passwordHash(id: string): Promise<string | null>;
  totp(id: string): Promise<Totp | null>;
  /** Replaces one that is not confirmed; null takes it away with its recovery codes. */
  setTotp(id: string, secret: string | null): Promise<void>;
  /** Takes the step for used; false where it, or a later one, was used before. */
  takeTotpStep(id: string, step: number): Promise<boolean>;
  confirmTotp(id: string, recoveryCodes: readonly string[]): Promise<void>;
  /** True once for each code. */
  takeRecoveryCode(id: string, code: string): Promise<boolean>;
  byExternalId(externalId: string): Promise<User | null>;
  /** False where the account belongs to another external one already. */
  bindExternal(id: string, externalId: string): Promise<boolean>;
}

const ACCOUNT = `
select ${USER_COLUMNS}, password_set_at as "passwordSetAt", last_sign_in_at as "lastSignInAt",
  totp_confirmed as "hasTotp", external_id is not null as "isExternal",
  (select count(*) from recovery_code r where r.user_id = account.id) as "recoveryCodesLeft"
from account`;

const CHANGE = `
update account set display_name = $2, role = $3, district = $4, provider_id = $5, school_id = $6, rider_ids = $7,
  person_id = $8, language = $9, disabled = $10 where id = $1`;

const LIST = `${ACCOUNT}
where ($1::text is null or login ilike $1 or display_name ilike $1) and ($2::text is null or role = $2)
  and ($3::boolean is null or disabled = $3) and ($4::text is null or lower(login) > lower($4))
order by lower(login) limit $5`;

type AccountRow = UserRow & Omit<Account, 'user'>;

export function makeAccountStore(database: Database, cipher: DataCipher): AccountStore {
  const context = (id: string) => `totp/${id}`;
  return {
    async get(id) {
      const row = (await database.rows<AccountRow>(`${ACCOUNT} where id = $1`, [id]))[0];
      return row ? readAccount(row) : null;
    },
    async list({ search, role, disabled, after, limit }) {
      const like = search === undefined ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      const values = [like, role ?? null, disabled ?? null, after ?? null, limit];
      return (await database.rows<AccountRow>(LIST, values)).map(readAccount);
    },
    async change(id, user) {
      const { displayName, role, district, providerId, schoolId, riderIds, personId, language, disabled } =
        user;
      const values = [
        displayName,
        role,
        district,
        providerId,
        schoolId,
        [...riderIds],
        personId,
        language,
        disabled,
      ];
      return (await database.run(CHANGE, [id, ...values])) > 0;
    },
    async setPassword(id, hash, at, mustChange) {
      await database.run(
        'update account set password_hash = $2, password_set_at = $3, must_change_password = $4 where id = $1',
        [id, hash, timestamp(at), mustChange],
      );
    },
    async signedIn(id, at) {
      await database.run('update account set last_sign_in_at = $2 where id = $1', [id, timestamp(at)]);
    },
    async passwordHash(id) {
      const sql = 'select password_hash as hash from account where id = $1';
      return (await database.rows<{ hash: string }>(sql, [id]))[0]?.hash ?? null;
    },
    async totp(id) {
      const sql = `select totp_key_id as "keyId", totp_secret as sealed, totp_confirmed as confirmed, totp_step as step
        from account where id = $1 and totp_secret is not null`;
      const row = (await database.rows<TotpRow>(sql, [id]))[0];
      if (!row) return null;
      const secret = cipher.open(row.sealed, context(id), row.keyId).toString('utf8');
      return { secret, confirmed: row.confirmed, step: row.step };
    },
    setTotp: (id, secret) =>
      database.transaction(async (session) => {
        const sealed = secret === null ? null : cipher.seal(Buffer.from(secret), context(id));
        await session.run(
          `update account set totp_secret = $2, totp_key_id = $3, totp_confirmed = false, totp_step = 0 where id = $1`,
          [id, sealed, sealed && cipher.keyId],
        );
        await session.run('delete from recovery_code where user_id = $1', [id]);
      }),
    async takeTotpStep(id, step) {
      const sql = 'update account set totp_step = $2 where id = $1 and totp_step < $2';
      return (await database.run(sql, [id, step])) > 0;
    },
    confirmTotp: (id, codes) =>
      database.transaction(async (session) => {
        await session.run('update account set totp_confirmed = true where id = $1', [id]);
        await session.run('delete from recovery_code where user_id = $1', [id]);
        for (const code of codes)
          await session.run('insert into recovery_code (user_id, hash) values ($1, $2)', [id, hashed(code)]);
      }),
    async takeRecoveryCode(id, code) {
      const sql = 'delete from recovery_code where user_id = $1 and hash = $2';
      return (await database.run(sql, [id, hashed(code)])) > 0;
    },
    async byExternalId(externalId) {
      const sql = `select ${USER_COLUMNS} from account where external_id = $1`;
      const row = (await database.rows<UserRow>(sql, [externalId]))[0];
      return row ? readUser(row) : null;
    },
    async bindExternal(id, externalId) {
      const sql = 'update account set external_id = $2 where id = $1 and external_id is null';
      return (await database.run(sql, [id, externalId])) > 0;
    },
  };
}

interface TotpRow {
  readonly keyId: string;
  readonly sealed: Buffer;
  readonly confirmed: boolean;
  readonly step: number;
}

function readAccount(row: AccountRow): Account {
  const { passwordSetAt, lastSignInAt, hasTotp, isExternal, recoveryCodesLeft, ...user } = row;
  return { user: readUser(user), passwordSetAt, lastSignInAt, hasTotp, isExternal, recoveryCodesLeft };
}

/** Codes are long and random, so that a plain hash is enough. */
const hashed = (code: string): Buffer => createHash('sha256').update(code).digest();
