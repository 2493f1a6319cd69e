import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { hiddenAddress } from '../../notify/hidden-address.ts';
import { isPublicEndpoint } from '../../notify/public-endpoint.ts';
import {
  type ChannelName,
  FAMILY_CHANNELS,
  MINUTES_BEFORE,
  type NotifySettings,
  STOPS_BEFORE,
  settingsOf,
} from '../../notify/settings.ts';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, userWho } from '../app-types.ts';
import type { FamilySettingsView, PushSubscriptionView, StaffSettingsView } from '../family-contract.ts';
import { hasFamily, mayBeTold } from '../policy/notice-policy.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { ProblemError } from '../problems.ts';
import { refusals, textOrNull, words } from '../schemas/basics.ts';
import {
  AddressBody,
  FamilySettings,
  FamilySettingsView as FamilySettingsSchema,
  PushSubscriptionBody,
  PushSubscriptionView as PushSubscriptionSchema,
  StaffSettings,
  StaffSettingsView as StaffSettingsSchema,
} from '../schemas/notices.ts';
import { isoTime } from '../time.ts';

/** Browsers of one account; the oldest make way. */
const MOST_SUBSCRIPTIONS = 10;
/** Where a robot's address may lie. */
const ROBOT_HOSTS: { readonly [channel: string]: readonly string[] } = {
  wecom: ['qyapi.weixin.qq.com'],
  dingtalk: ['oapi.dingtalk.com', 'api.dingtalk.com'],
};
const STAFF_ADDRESSES = ['sms', 'email', 'wechat', 'wecom', 'dingtalk', 'webhook'] as const;
const FAMILY_ADDRESSES = ['sms', 'email', 'wechat'] as const;

/** What somebody is told of, on which channel and when. Changes hold for the next notice. */
export function familySettingsRoutes(app: App, parts: ApiParts): void {
  const { store, facts, now, notices } = parts;

  const addressesOf = async (user: User): Promise<{ [channel: string]: string }> =>
    Object.fromEntries(
      [...(await store.notifyPeople.addressesOf(user.id))].map(([channel, address]) => [
        channel,
        hiddenAddress(channel, address),
      ]),
    );

  const familyView = async (user: User): Promise<FamilySettingsView> => {
    const stored = await store.notifyPeople.settings(user.id);
    const { severities: _, ...settings } = settingsOf(stored, user.language, false);
    return {
      settings,
      addresses: await addressesOf(user),
      channelsOffered: notices.channels.filter((name) => isFamilyChannel(name)),
      choices: { minutesBefore: [...MINUTES_BEFORE], stopsBefore: [...STOPS_BEFORE] },
    };
  };

  const staffView = async (user: User): Promise<StaffSettingsView> => {
    const stored = await store.notifyPeople.settings(user.id);
    const { language, quiet, channels, severities } = settingsOf(stored, user.language, true);
    return {
      settings: { language, quiet, channels, severities },
      addresses: await addressesOf(user),
      channelsOffered: [...notices.channels],
    };
  };

  const save = async (user: User, settings: NotifySettings, remote: string): Promise<void> => {
    await store.notifyPeople.saveSettings(user.id, settings);
    await audit(user, 'notify-settings', user.id, remote);
  };
  const audit = (user: User, action: string, subject: string, remote: string) =>
    store.audit.append({ at: now(), userId: user.id, action, subject, detail: {}, remote });

  app.get(
    '/family/settings',
    {
      schema: {
        tags: ['family'],
        summary: 'What this guardian is told of, and how',
        response: { 200: FamilySettingsSchema, ...refusals(401, 403) },
      },
    },
    (request) => familyView(userWho(request, hasFamily)),
  );

  app.put(
    '/family/settings',
    {
      schema: {
        tags: ['family'],
        summary: 'Sets all of it; holds for the next notice',
        body: FamilySettings,
        response: { 200: FamilySettingsSchema, ...refusals(400, 401, 403) },
      },
    },
    async (request) => {
      const user = userWho(request, hasFamily);
      await save(user, { ...settingsOf(null, user.language, false), ...request.body }, request.ip);
      return familyView(user);
    },
  );

  app.get(
    '/notify/settings',
    {
      schema: {
        tags: ['notify'],
        summary: 'Of which alerts this member of staff is told, and how',
        response: { 200: StaffSettingsSchema, ...refusals(401, 403) },
      },
    },
    (request) => staffView(userWho(request, mayBeTold)),
  );

  app.put(
    '/notify/settings',
    {
      schema: {
        tags: ['notify'],
        summary: 'Sets all of it',
        body: StaffSettings,
        response: { 200: StaffSettingsSchema, ...refusals(400, 401, 403) },
      },
    },
    async (request) => {
      const user = userWho(request, mayBeTold);
      await save(user, { ...settingsOf(null, user.language, true), ...request.body }, request.ip);
      return staffView(user);
    },
  );

  const addressRoutes = <const C extends readonly ChannelName[]>(
    path: string,
    who: (user: User) => boolean,
    channels: C,
  ): void => {
    const params = Type.Object({ channel: words(channels) });
    app.put(
      `${path}/:channel`,
      {
        schema: {
          tags: [path.split('/')[1] ?? ''],
          summary: 'Where messages of the channel go. Kept encrypted; shown with most of it hidden',
          params,
          body: AddressBody,
          response: { 200: Type.Object({ address: Type.String() }), ...refusals(400, 401, 403, 409) },
        },
      },
      async (request) => {
        const user = userWho(request, who);
        const { channel } = request.params;
        const address = request.body.address.trim();
        const fault = addressFault(user, facts(), channel, address);
        if (fault !== null)
          throw new ProblemError('bad-request', fault, {
            errors: [{ path: 'body/address', reason: fault }],
          });
        await store.notifyPeople.saveAddress(user.id, channel, address);
        await audit(user, 'notify-address', channel, request.ip);
        return { address: hiddenAddress(channel, address) };
      },
    );
    app.delete(
      `${path}/:channel`,
      {
        schema: {
          tags: [path.split('/')[1] ?? ''],
          summary: 'Forgets it',
          params,
          response: { 204: Type.Null(), ...refusals(401, 403) },
        },
      },
      async (request, reply) => {
        const user = userWho(request, who);
        await store.notifyPeople.saveAddress(user.id, request.params.channel, null);
        await audit(user, 'notify-address', request.params.channel, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
  addressRoutes('/family/addresses', hasFamily, FAMILY_ADDRESSES);
  addressRoutes('/notify/addresses', mayBeTold, STAFF_ADDRESSES);

  app.get(
    '/push-key',
    {
      config: { open: true },
      schema: {
        tags: ['notify'],
        summary: 'The applicationServerKey for PushManager.subscribe; null where push is not set up',
        response: { 200: Type.Object({ publicKey: textOrNull() }) },
      },
    },
    async () => ({ publicKey: notices.pushKey }),
  );

  const subscriptionRoutes = (path: string, who: (user: User) => boolean): void => {
    const tags = [path.split('/')[1] ?? ''];
    app.get(
      path,
      {
        schema: {
          tags,
          summary: 'Browsers that are pushed to',
          response: {
            200: Type.Object({ items: Type.Array(PushSubscriptionSchema) }),
            ...refusals(401, 403),
          },
        },
      },
      async (request): Promise<{ items: PushSubscriptionView[] }> => {
        const user = userWho(request, who);
        const held = await store.notifyPeople.subscriptions(user.id);
        return { items: held.map(({ id, createdAt }) => ({ id, createdAt: isoTime(createdAt) })) };
      },
    );
    app.post(
      path,
      {
        schema: {
          tags,
          summary: 'Push to this browser; done again with the same endpoint it changes nothing',
          body: PushSubscriptionBody,
          response: { 200: PushSubscriptionSchema, ...refusals(400, 401, 403) },
        },
      },
      async (request): Promise<PushSubscriptionView> => {
        const user = userWho(request, who);
        const { endpoint, keys } = request.body;
        if (!notices.mayPushTo(endpoint))
          throw new ProblemError('bad-request', 'endpoint is no push service', {
            errors: [{ path: 'body/endpoint', reason: 'must be a public https URL' }],
          });
        const id = createHash('sha256').update(endpoint).digest('hex').slice(0, 32);
        const subscription = { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } };
        const held = await store.notifyPeople.saveSubscription(user.id, id, subscription, MOST_SUBSCRIPTIONS);
        await audit(user, 'push-subscribe', id, request.ip);
        return { id: held.id, createdAt: isoTime(held.createdAt) };
      },
    );
    app.delete(
      `${path}/:id`,
      {
        schema: {
          tags,
          summary: 'Push to it no more',
          params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) }),
          response: { 204: Type.Null(), ...refusals(401, 403, 404) },
        },
      },
      async (request, reply) => {
        const user = userWho(request, who);
        if (!(await store.notifyPeople.removeSubscription(user.id, request.params.id)))
          throw new ProblemError('not-found');
        await audit(user, 'push-unsubscribe', request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
  subscriptionRoutes('/family/push-subscriptions', hasFamily);
  subscriptionRoutes('/notify/push-subscriptions', mayBeTold);
}

const isFamilyChannel = (name: ChannelName): boolean =>
  (FAMILY_CHANNELS as readonly ChannelName[]).includes(name);

/** Why messages may not go there; null where they may. */
function addressFault(
  user: User,
  facts: PlanFacts | null,
  channel: ChannelName,
  address: string,
): string | null {
  switch (channel) {
    case 'sms': {
      if (!/^(\+?86)?1\d{10}$/.test(address)) return 'takes a mobile number of mainland China';
      // A slip of the finger must not tell a stranger where a child is: the school has the number already.
      const known = user.riderIds.flatMap((id) => facts?.ridersById.get(id) ?? []);
      const registered = known.some((row) => row.guardianPhones.includes(address.replace(/^\+?86/, '')));
      return hasFamily(user) && !registered
        ? 'is not a number that the school has for your child; ask the school to add it'
        : null;
    }
    case 'email':
      return /^[^\s@<>,;:"]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,}$/.test(address)
        ? null
        : 'is no e-mail address';
    case 'wechat':
      return /^[A-Za-z0-9_-]{20,64}$/.test(address) ? null : 'takes an openid of the official account';
    case 'wecom':
    case 'dingtalk':
    case 'webhook': {
      const [url = '', secret] = address.split(/\s+/);
      if (!isPublicEndpoint(url)) return 'takes a public https URL, and after a blank the secret';
      const hosts = ROBOT_HOSTS[channel];
      if (hosts && !hosts.includes(new URL(url).hostname)) return `takes a robot at ${hosts.join(' or ')}`;
      return channel === 'webhook' && (secret === undefined || secret.length < 16)
        ? 'takes the URL, a blank, and a secret of at least 16 characters'
        : null;
    }
    default:
      return 'has no address';
  }
}
