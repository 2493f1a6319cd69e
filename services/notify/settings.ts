import type { NoticeSwitch } from './notice-kinds.ts';

export const CHANNEL_NAMES = ['push', 'wechat', 'sms', 'email', 'wecom', 'dingtalk', 'webhook'] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

/** What families may choose among; the others are for staff and for systems. */
export const FAMILY_CHANNELS = ['push', 'wechat', 'sms', 'email'] as const satisfies readonly ChannelName[];

/** Minutes before the bus is at the stop. Few, so that the ingest tells only of these. */
export const MINUTES_BEFORE = [2, 3, 5, 8, 10, 15] as const;
export const STOPS_BEFORE = [1, 2, 3] as const;

export type NoticeSeverity = 'P1' | 'P2' | 'P3';

/** One person's settings, as stored; what is absent is as by default. */
export interface NotifySettings {
  readonly language: 'zh' | 'en';
  /** Null: never. */
  readonly minutesBefore: (typeof MINUTES_BEFORE)[number] | null;
  readonly stopsBefore: (typeof STOPS_BEFORE)[number] | null;
  readonly notices: { readonly [name in NoticeSwitch]: boolean };
  /** `HH:MM` in the plan's zone; may span midnight. Notices of safety come all the same. */
  readonly quiet: { readonly from: string; readonly to: string } | null;
  /** In order of preference; the first that reaches the person is used. */
  readonly channels: readonly ChannelName[];
  /** Of alerts; for staff. */
  readonly severities: readonly NoticeSeverity[];
}

export const DEFAULT_SETTINGS: NotifySettings = {
  language: 'zh',
  minutesBefore: 5,
  stopsBefore: null,
  notices: {
    boarded: true,
    alighted: true,
    arrived: true,
    delayed: true,
    substitute: true,
    cancelled: true,
    skippedStop: true,
    notStarted: true,
  },
  quiet: { from: '22:00', to: '06:00' },
  channels: ['push', 'wechat', 'sms', 'email'],
  severities: ['P1'],
};

export const DEFAULT_STAFF_CHANNELS: readonly ChannelName[] = [
  'push',
  'wecom',
  'dingtalk',
  'sms',
  'email',
  'webhook',
];

/** Settings as they hold for somebody of that language: what was stored over the defaults. */
export function settingsOf(
  stored: Partial<NotifySettings> | null,
  language: 'zh' | 'en',
  isStaff: boolean,
): NotifySettings {
  const base = {
    ...DEFAULT_SETTINGS,
    language,
    ...(isStaff ? { channels: DEFAULT_STAFF_CHANNELS, quiet: null } : {}),
  };
  if (stored === null) return base;
  return { ...base, ...stored, notices: { ...base.notices, ...stored.notices } };
}
