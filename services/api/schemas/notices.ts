import { type TSchema, Type } from 'typebox';
import { NOTICE_KINDS } from '../../notify/notice-kinds.ts';
import { CHANNEL_NAMES, FAMILY_CHANNELS, MINUTES_BEFORE, STOPS_BEFORE } from '../../notify/settings.ts';
import { CONSENT_PURPOSES } from '../../privacy/consent-texts.ts';
import type {
  FamilySettingsView as FamilySettingsAnswer,
  StaffSettingsView as StaffSettingsAnswer,
} from '../family-contract.ts';
import { objectOrNull, textOrNull, time, timeOrNull, words } from './basics.ts';

const oneOfOrNull = <const T extends readonly number[]>(values: T, description: string) =>
  Type.Unsafe<T[number] | null>({ enum: [...values, null], description });

const clock = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM' });
const closed = { additionalProperties: false };
const on = Type.Boolean();
const language = words(['zh', 'en'] as const);
const quiet = objectOrNull(
  Type.Object({ from: clock, to: clock }, { ...closed, description: 'Notices of safety come all the same' }),
);

const inOrder = <T extends TSchema>(channel: T) =>
  Type.Array(channel, {
    maxItems: CHANNEL_NAMES.length,
    uniqueItems: true,
    description: 'In order of preference; the first that reaches the person is used',
  });

/** What a guardian sets; `PUT` takes all of it. */
export const FamilySettings = Type.Object(
  {
    language,
    minutesBefore: oneOfOrNull(MINUTES_BEFORE, 'Minutes before the bus is at our stop; null: never'),
    stopsBefore: oneOfOrNull(STOPS_BEFORE, 'Stops before ours; null: never'),
    notices: Type.Object(
      {
        boarded: on,
        alighted: on,
        arrived: on,
        delayed: on,
        substitute: on,
        cancelled: on,
        skippedStop: on,
        notStarted: on,
      },
      closed,
    ),
    quiet,
    channels: inOrder(words(FAMILY_CHANNELS)),
  },
  closed,
);

export const StaffSettings = Type.Object(
  {
    language,
    quiet,
    channels: inOrder(words(CHANNEL_NAMES)),
    severities: Type.Array(words(['P1', 'P2', 'P3'] as const), { maxItems: 3, uniqueItems: true }),
  },
  closed,
);

const Addresses = Type.Record(Type.String(), Type.String(), {
  description: 'Where messages go, by channel, with most of it hidden (138****0001)',
});
const Offered = Type.Array(words(CHANNEL_NAMES), { description: 'Those that this service is set up for' });

export const FamilySettingsView = Type.Unsafe<FamilySettingsAnswer>(
  Type.Object({
    settings: FamilySettings,
    addresses: Addresses,
    channelsOffered: Offered,
    choices: Type.Object({
      minutesBefore: Type.Array(Type.Integer()),
      stopsBefore: Type.Array(Type.Integer()),
    }),
  }),
);

export const StaffSettingsView = Type.Unsafe<StaffSettingsAnswer>(
  Type.Object({ settings: StaffSettings, addresses: Addresses, channelsOffered: Offered }),
);

export const AddressBody = Type.Object({ address: Type.String({ minLength: 3, maxLength: 500 }) }, closed);

export const PushSubscriptionBody = Type.Object(
  {
    endpoint: Type.String({ minLength: 10, maxLength: 1000, pattern: '^https?://' }),
    expirationTime: Type.Optional(Type.Unsafe<number | null>({ type: ['number', 'null'] })),
    keys: Type.Object(
      {
        p256dh: Type.String({ pattern: '^[A-Za-z0-9_-]{87}=?$' }),
        auth: Type.String({ pattern: '^[A-Za-z0-9_-]{22}(==)?$' }),
      },
      closed,
    ),
  },
  { ...closed, description: 'As PushSubscription.toJSON() of the browser gives it' },
);

export const PushSubscriptionView = Type.Object({ id: Type.String(), createdAt: time() });

export const ConsentView = Type.Object({
  purpose: words(CONSENT_PURPOSES),
  version: Type.String({ description: 'Of the words below, to be given back on agreeing' }),
  text: Type.String({ description: 'In the language asked for' }),
  state: words(['none', 'granted', 'withdrawn', 'outdated'] as const),
  at: timeOrNull('When it was given or withdrawn last'),
  riders: Type.Array(Type.String(), { description: 'The children it was given for' }),
});

export const ConsentBody = Type.Object(
  {
    purpose: words(CONSENT_PURPOSES),
    version: Type.String({ maxLength: 40 }),
    granted: Type.Boolean(),
    language: Type.Optional(words(['zh', 'en'] as const, 'The language the words were shown in')),
  },
  closed,
);

export const LookView = Type.Object({
  at: time(),
  who: Type.String({ description: 'you, or the role; never the name of staff' }),
  action: Type.String(),
});

export const NoticeView = Type.Object({
  id: Type.String(),
  kind: words(NOTICE_KINDS),
  rider: textOrNull(),
  at: time(),
  title: Type.String(),
  text: Type.String(),
  state: Type.String({
    description:
      'due, sending, accepted, delivered, opened, failed, expired, superseded, limited, quiet, unreachable',
  }),
  channel: textOrNull(),
  handedAt: timeOrNull(),
  deliveredAt: timeOrNull(),
  openedAt: timeOrNull(),
});

export const RequestBody = Type.Object(
  {
    kind: words(['export', 'erase'] as const),
    rider: Type.String({ minLength: 1, maxLength: 200 }),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  closed,
);

export const PrivacyRequestView = Type.Object({
  id: Type.String(),
  kind: words(['export', 'erase'] as const),
  rider: Type.String(),
  school: Type.String(),
  askedAt: time(),
  note: textOrNull(),
  state: words(['asked', 'refused', 'withdrawn', 'confirmed', 'done'] as const),
  decidedAt: timeOrNull(),
  reason: textOrNull(),
  doneAt: timeOrNull(),
});
