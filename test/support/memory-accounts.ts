import { createHash } from 'node:crypto';
import type { Account, AccountStore, Totp } from '../../services/store/account-store.ts';
import type { ApiKey, ApiKeyStore } from '../../services/store/api-key-store.ts';
import type { SignInFailures, SignInStore } from '../../services/store/sign-in-store.ts';
import type { User } from '../../services/store/store.ts';

/** What the web process keeps of accounts beside the users, in memory; the real stores are held to their own tests. */
export function memoryAccounts(users: Map<string, { user: User; passwordHash: string }>) {
  const totps = new Map<string, Totp & { codes: Set<string> }>();
  const externals = new Map<string, string>();
  const signedIn = new Map<string, number>();
  const failures = new Map<string, SignInFailures>();
  const keys = new Map<string, { key: ApiKey; hash: string }>();
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

  const account = (user: User): Account => ({
    user,
    passwordSetAt: null,
    lastSignInAt: signedIn.get(user.id) ?? null,
    hasTotp: totps.get(user.id)?.confirmed ?? false,
    recoveryCodesLeft: totps.get(user.id)?.codes.size ?? 0,
    isExternal: [...externals.values()].includes(user.id),
  });

  const accounts: AccountStore = {
    async get(id) {
      const known = users.get(id);
      return known ? account(known.user) : null;
    },
    async list({ search, role, disabled, after, limit }) {
      return [...users.values()]
        .map(({ user }) => user)
        .filter((user) => search === undefined || `${user.login} ${user.displayName}`.includes(search))
        .filter((user) => role === undefined || user.role === role)
        .filter((user) => disabled === undefined || user.disabled === disabled)
        .sort((a, b) => (a.login < b.login ? -1 : 1))
        .filter((user) => after === undefined || user.login > after)
        .slice(0, limit)
        .map(account);
    },
    async change(id, change) {
      const known = users.get(id);
      if (known) users.set(id, { ...known, user: { ...known.user, ...change } });
      return known !== undefined;
    },
    async setPassword(id, passwordHash, _at, mustChange) {
      const known = users.get(id);
      if (!known) return;
      const { mustChangePassword: _, ...user } = known.user;
      users.set(id, { user: mustChange ? { ...user, mustChangePassword: true } : user, passwordHash });
    },
    async signedIn(id, at) {
      signedIn.set(id, at);
    },
    passwordHash: async (id) => users.get(id)?.passwordHash ?? null,
    totp: async (id) => totps.get(id) ?? null,
    async setTotp(id, secret) {
      if (secret === null) totps.delete(id);
      else totps.set(id, { secret, confirmed: false, step: 0, codes: new Set() });
    },
    async takeTotpStep(id, step) {
      const known = totps.get(id);
      if (!known || known.step >= step) return false;
      totps.set(id, { ...known, step });
      return true;
    },
    async confirmTotp(id, codes) {
      const known = totps.get(id);
      if (known) totps.set(id, { ...known, confirmed: true, codes: new Set(codes) });
    },
    takeRecoveryCode: async (id, code) => totps.get(id)?.codes.delete(code) ?? false,
    byExternalId: async (externalId) => users.get(externals.get(externalId) ?? '')?.user ?? null,
    async bindExternal(id, externalId) {
      if ([...externals.values()].includes(id)) return false;
      externals.set(externalId, id);
      return true;
    },
  };

  const signIns: SignInStore = {
    failures: async (of) =>
      new Map(of.flatMap((key) => (failures.has(key) ? [[key, failures.get(key)!]] : []))),
    async failed(of, at, forgetBefore) {
      for (const key of of) {
        const known = failures.get(key);
        const count = known && known.lastAt >= forgetBefore ? known.count + 1 : 1;
        failures.set(key, { count, lastAt: at });
      }
    },
    async forget(of) {
      for (const key of of) failures.delete(key);
    },
    prune: async () => 0,
  };

  const apiKeys: ApiKeyStore = {
    async create(key, hash) {
      keys.set(key.id, {
        key: { ...key, lastUsedAt: null, lastUsedFrom: null, revokedAt: null },
        hash: hex(hash),
      });
    },
    byHash: async (hash) => [...keys.values()].find((one) => one.hash === hex(hash))?.key ?? null,
    byId: async (id) => keys.get(id)?.key ?? null,
    list: async (limit) => [...keys.values()].map(({ key }) => key).slice(0, limit),
    async used(id, at, from) {
      const known = keys.get(id);
      if (known) keys.set(id, { ...known, key: { ...known.key, lastUsedAt: at, lastUsedFrom: from } });
    },
    async revoke(id, at) {
      const known = keys.get(id);
      if (known) keys.set(id, { ...known, key: { ...known.key, revokedAt: known.key.revokedAt ?? at } });
      return known !== undefined;
    },
  };

  return { accounts, signIns, apiKeys };
}

/** As the store calls a session where its id must not be known. */
export const hashOfSession = (id: string): string => createHash('sha256').update(id).digest('hex');
