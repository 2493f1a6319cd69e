import type { Database } from './database.ts';
import { LoginTaken, type User, type UserStore } from './store.ts';

export const USER_COLUMNS = `id, login, display_name as "displayName", role, district, provider_id as "providerId", school_id as "schoolId",
  rider_ids as "riderIds", person_id as "personId", language, disabled,
  must_change_password as "mustChangePassword"`;

export type UserRow = Omit<User, 'mustChangePassword'> & { readonly mustChangePassword: boolean };

export function readUser({ mustChangePassword, ...user }: UserRow): User {
  return mustChangePassword ? { ...user, mustChangePassword } : user;
}

const CREATE = `
insert into account (id, login, display_name, role, district, provider_id, school_id, rider_ids, person_id, language, disabled,
  must_change_password, password_hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

/** Logins are told apart without regard to case. */
export function makeUserStore(database: Database): UserStore {
  return {
    async byLogin(login) {
      const sql = `select ${USER_COLUMNS}, password_hash as "passwordHash" from account where lower(login) = lower($1)`;
      const row = (await database.rows<UserRow & { passwordHash: string }>(sql, [login]))[0];
      if (!row) return null;
      const { passwordHash, ...user } = row;
      return { user: readUser(user), passwordHash };
    },
    async byId(id) {
      const row = (
        await database.rows<UserRow>(`select ${USER_COLUMNS} from account where id = $1`, [id])
      )[0];
      return row ? readUser(row) : null;
    },
    async create(user, passwordHash) {
      try {
        await database.run(CREATE, [
          user.id,
          user.login,
          user.displayName,
          user.role,
          user.district,
          user.providerId,
          user.schoolId,
          [...user.riderIds],
          user.personId,
          user.language,
          user.disabled,
          user.mustChangePassword ?? false,
          passwordHash,
        ]);
      } catch (error) {
        if ((error as { constraint?: unknown }).constraint === 'account_login') {
          throw new LoginTaken(`the login ${user.login} is taken`, { cause: error });
        }
        throw error;
      }
    },
    async setPassword(id, passwordHash) {
      await database.run('update account set password_hash = $2 where id = $1', [id, passwordHash]);
    },
    async list() {
      const rows = await database.rows<UserRow>(`select ${USER_COLUMNS} from account order by login`, []);
      return rows.map(readUser);
    },
  };
}
