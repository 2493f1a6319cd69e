/**
 * What the family page and the pages of staff exchange about notices and privacy, under `/api/v1`. Types only. Times
 * are ISO 8601 with +08:00.
 */
import type { NoticeKind } from '../notify/notice-kinds.ts';
import type { ChannelName, NotifySettings } from '../notify/settings.ts';
import type { ConsentPurpose } from '../privacy/consent-texts.ts';
import type { PrivacyRequestKind, PrivacyRequestState } from '../store/privacy-store.ts';
import type { Role } from './contract.ts';

export type FamilySettings = Omit<NotifySettings, 'severities'>;

/** `GET /family/settings`; `PUT` takes a whole `FamilySettings` and answers with this. */
export interface FamilySettingsView {
  settings: FamilySettings;
  /** By channel, most of it hidden. `PUT /family/addresses/{channel}` `{address}`, `DELETE` the same. */
  addresses: { [channel: string]: string };
  channelsOffered: ChannelName[];
  choices: { minutesBefore: number[]; stopsBefore: number[] };
}

/** `GET /notify/settings`, `PUT` likewise; staff. */
export interface StaffSettingsView {
  settings: Pick<NotifySettings, 'language' | 'quiet' | 'channels' | 'severities'>;
  addresses: { [channel: string]: string };
  channelsOffered: ChannelName[];
}

/** `GET /push-key`: the applicationServerKey of `PushManager.subscribe`; null where push is not set up. */
export interface PushKeyView {
  publicKey: string | null;
}

/** `GET /family/push-subscriptions` `{items}`; `POST` of what the browser gives answers with one; `DELETE /{id}`. */
export interface PushSubscriptionView {
  id: string;
  createdAt: string;
}

/** The data of a web push, as the service worker gets it. */
export interface PushPayload {
  id: string;
  kind: NoticeKind;
  title: string;
  body: string;
  /** Path of the page to open. */
  url: string;
  /** Two of one tag replace one another. */
  tag: string;
}

/** `GET /family/consents?language=zh` `{items}`; `POST /family/consents` `{purpose, version, granted}` answers alike. */
export interface ConsentView {
  purpose: ConsentPurpose;
  version: string;
  text: string;
  state: 'none' | 'granted' | 'withdrawn' | 'outdated';
  at: string | null;
  riders: string[];
}

/** `GET /family/access-log?rider=K1&before=` `{items, next}`, newest first. */
export interface LookView {
  at: string;
  who: Role | 'you' | 'unknown';
  action: string;
}

/** `GET /family/notices` `{items}`: what was sent; `POST /family/notices/{id}/opened` from the service worker. */
export interface NoticeView {
  id: string;
  kind: NoticeKind;
  rider: string | null;
  at: string;
  title: string;
  text: string;
  state: string;
  channel: string | null;
  handedAt: string | null;
  deliveredAt: string | null;
  openedAt: string | null;
}

/**
 * `GET /family/requests` `{items}`, `POST /family/requests` `{kind, rider, note?}`, `POST /family/requests/{id}/withdraw`,
 * `GET /family/requests/{id}/export` once it is confirmed. Of staff: `GET /privacy/requests?state=asked`,
 * `POST /privacy/requests/{id}/confirm` and `/refuse` `{reason}`.
 */
export interface PrivacyRequestView {
  id: string;
  kind: PrivacyRequestKind;
  rider: string;
  school: string;
  askedAt: string;
  note: string | null;
  state: PrivacyRequestState;
  decidedAt: string | null;
  reason: string | null;
  doneAt: string | null;
}
