import type { ChannelName, NotifySettings } from '../notify/settings.ts';
import { storableJson } from './column-types.ts';
import type { Database } from './database.ts';
import type { DataCipher } from './personal-files.ts';
import type { Role } from './store.ts';

/** What a browser gives of itself, so that it can be pushed to (W3C Push API). */
export interface PushSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export interface StoredSubscription {
  readonly id: string;
  readonly createdAt: number;
  readonly subscription: PushSubscription;
}

/** Somebody who may have to be told, with everything that decides what and how. */
export interface NotifyPerson {
  readonly id: string;
  readonly role: Role;
  readonly language: 'zh' | 'en';
  readonly district: string | null;
  readonly providerId: string | null;
  readonly schoolId: string | null;
  readonly riderIds: readonly string[];
  readonly settings: Partial<NotifySettings> | null;
  /** Purposes to which they agree now. */
  readonly consents: readonly string[];
  readonly hasPush: boolean;
  /** Channels for which they gave an address. */
  readonly addresses: readonly ChannelName[];
}

/** Where and in which language a person is reached. */
export interface Reach {
  readonly language: 'zh' | 'en';
  readonly addresses: ReadonlyMap<ChannelName, string>;
  readonly subscriptions: readonly { readonly id: string; readonly subscription: PushSubscription }[];
}

export interface NotifyPeopleStore {
  /** Of many at once. */
  reach(userIds: readonly string[]): Promise<ReadonlyMap<string, Reach>>;
  settings(userId: string): Promise<Partial<NotifySettings> | null>;
  saveSettings(userId: string, settings: NotifySettings): Promise<void>;
  /** An address in the clear; null where none was given. */
  address(userId: string, channel: ChannelName): Promise<string | null>;
  addressesOf(userId: string): Promise<ReadonlyMap<ChannelName, string>>;
  saveAddress(userId: string, channel: ChannelName, address: string | null): Promise<void>;
  subscriptions(userId: string): Promise<StoredSubscription[]>;
  /** Taken over where another account had the same browser; the oldest go where there are more than `most`. */
  saveSubscription(
    userId: string,
    id: string,
    subscription: PushSubscription,
    most: number,
  ): Promise<StoredSubscription>;
  /** False where the account has none of that id. */
  removeSubscription(userId: string, id: string): Promise<boolean>;
  guardiansOf(riders: readonly string[]): Promise<NotifyPerson[]>;
  staff(): Promise<NotifyPerson[]>;
}

const PEOPLE = `
select a.id, a.role, a.language, a.district, a.provider_id as "providerId",
  a.school_id as "schoolId", a.rider_ids as "riderIds", s.settings,
  coalesce((select array_agg(c.purpose order by c.purpose) from consent_now c where c.user_id = a.id and c.granted),
    '{}') as consents,
  exists (select from push_subscription p where p.user_id = a.id) as "hasPush",
  coalesce((select array_agg(n.channel order by n.channel) from notify_address n where n.user_id = a.id),
    '{}') as addresses
from account a left join notify_settings s on s.user_id = a.id
where not a.disabled`;

const SAVE_SETTINGS = `
insert into notify_settings (user_id, settings) values ($1, $2)
on conflict (user_id) do update set settings = excluded.settings, updated_at = now()`;

const SAVE_ADDRESS = `
insert into notify_address (user_id, channel, key_id, sealed) values ($1, $2, $3, $4)
on conflict (user_id, channel) do update set key_id = excluded.key_id, sealed = excluded.sealed, updated_at = now()`;

const SUBSCRIPTIONS = `
select id, created_at as "createdAt", key_id as "keyId", sealed from push_subscription
where user_id = $1 order by created_at desc, id`;

const SAVE_SUBSCRIPTION = `
insert into push_subscription (id, user_id, key_id, sealed) values ($1, $2, $3, $4)
on conflict (id) do update set user_id = excluded.user_id, key_id = excluded.key_id, sealed = excluded.sealed
returning created_at as "createdAt"`;

const KEEP_NEWEST = `
delete from push_subscription where user_id = $1 and id in
  (select id from push_subscription where user_id = $1 order by created_at desc, id offset $2)`;

const LANGUAGES = `
select a.id, coalesce(s.settings ->> 'language', a.language) as language
from account a left join notify_settings s on s.user_id = a.id where a.id = any($1) and not a.disabled`;
const ADDRESSES = `
select user_id as "userId", channel, key_id as "keyId", sealed from notify_address where user_id = any($1)`;
const PUSHED = `
select user_id as "userId", id, key_id as "keyId", sealed from push_subscription where user_id = any($1)
order by created_at desc, id`;

interface Mutable {
  readonly language: 'zh' | 'en';
  readonly addresses: Map<ChannelName, string>;
  readonly subscriptions: { readonly id: string; readonly subscription: PushSubscription }[];
}

interface Sealed {
  readonly keyId: string;
  readonly sealed: Buffer;
}

export const addressContext = (userId: string, channel: string): string => `address/${userId}/${channel}`;
export const subscriptionContext = (id: string): string => `push/${id}`;

export function makeNotifyPeopleStore(database: Database, cipher: DataCipher): NotifyPeopleStore {
  const open = ({ sealed, keyId }: Sealed, context: string): string =>
    cipher.open(sealed, context, keyId).toString('utf8');

  return {
    async reach(userIds) {
      const ids = [...new Set(userIds)];
      const found = new Map<string, Mutable>();
      const languages = await database.rows<{ id: string; language: 'zh' | 'en' }>(LANGUAGES, [ids]);
      for (const { id, language } of languages)
        found.set(id, { language, addresses: new Map(), subscriptions: [] });
      for (const row of await database.rows<Sealed & { userId: string; channel: ChannelName }>(ADDRESSES, [
        ids,
      ]))
        found.get(row.userId)?.addresses.set(row.channel, open(row, addressContext(row.userId, row.channel)));
      for (const row of await database.rows<Sealed & { userId: string; id: string }>(PUSHED, [ids])) {
        const subscription = JSON.parse(open(row, subscriptionContext(row.id))) as PushSubscription;
        found.get(row.userId)?.subscriptions.push({ id: row.id, subscription });
      }
      return found;
    },
    async settings(userId) {
      const sql = 'select settings from notify_settings where user_id = $1';
      return (await database.rows<{ settings: Partial<NotifySettings> }>(sql, [userId]))[0]?.settings ?? null;
    },
    async saveSettings(userId, settings) {
      await database.run(SAVE_SETTINGS, [userId, storableJson(settings)]);
    },
    async address(userId, channel) {
      const sql = 'select key_id as "keyId", sealed from notify_address where user_id = $1 and channel = $2';
      const [row] = await database.rows<Sealed>(sql, [userId, channel]);
      return row ? open(row, addressContext(userId, channel)) : null;
    },
    async addressesOf(userId) {
      const sql = 'select channel, key_id as "keyId", sealed from notify_address where user_id = $1';
      const rows = await database.rows<Sealed & { channel: ChannelName }>(sql, [userId]);
      return new Map(rows.map((row) => [row.channel, open(row, addressContext(userId, row.channel))]));
    },
    async saveAddress(userId, channel, address) {
      if (address === null) {
        await database.run('delete from notify_address where user_id = $1 and channel = $2', [
          userId,
          channel,
        ]);
        return;
      }
      const sealed = cipher.seal(Buffer.from(address), addressContext(userId, channel));
      await database.run(SAVE_ADDRESS, [userId, channel, cipher.keyId, sealed]);
    },
    async subscriptions(userId) {
      const rows = await database.rows<Sealed & { id: string; createdAt: number }>(SUBSCRIPTIONS, [userId]);
      return rows.map((row) => ({
        id: row.id,
        createdAt: row.createdAt,
        subscription: JSON.parse(open(row, subscriptionContext(row.id))) as PushSubscription,
      }));
    },
    async saveSubscription(userId, id, subscription, most) {
      const sealed = cipher.seal(Buffer.from(JSON.stringify(subscription)), subscriptionContext(id));
      return database.transaction(async (session) => {
        const [row] = await session.rows<{ createdAt: number }>(SAVE_SUBSCRIPTION, [
          id,
          userId,
          cipher.keyId,
          sealed,
        ]);
        await session.run(KEEP_NEWEST, [userId, most]);
        return { id, createdAt: row!.createdAt, subscription };
      });
    },
    async removeSubscription(userId, id) {
      const sql = 'delete from push_subscription where user_id = $1 and id = $2';
      return (await database.run(sql, [userId, id])) > 0;
    },
    guardiansOf: (riders) => guardiansOf(database, riders),
    staff: () => staffOf(database),
  };
}

/** A database, or one transaction on it. */
interface Asked {
  rows<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
}

export const guardiansOf = (asked: Asked, riders: readonly string[]): Promise<NotifyPerson[]> =>
  asked.rows<NotifyPerson>(`${PEOPLE} and a.role = 'guardian' and a.rider_ids && $1::text[] order by a.id`, [
    [...riders],
  ]);

export const staffOf = (asked: Asked): Promise<NotifyPerson[]> =>
  asked.rows<NotifyPerson>(`${PEOPLE} and a.role not in ('guardian', 'escort') order by a.id`, []);
