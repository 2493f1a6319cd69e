import type { NoticeKind } from '../notice-kinds.ts';
import type { Rendered } from '../render.ts';
import type { ChannelName } from '../settings.ts';

/** A notice on its way to one address. */
export interface ChannelMessage {
  /** Names the notice to the provider, so that the same one handed over twice can be known. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly safety: boolean;
  readonly language: 'zh' | 'en';
  readonly rendered: Rendered;
  /** Of the page to open; null where people reach no page. */
  readonly url: string | null;
  /** Two of one tag replace one another on a phone. */
  readonly tag: string;
  /** Of no use after this, milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What the channel made of it. `permanent`: never again to this address; `gone`: the address is no more. */
export type Sent =
  | { readonly ok: true; readonly providerId: string | null }
  | {
      readonly ok: false;
      readonly permanent: boolean;
      readonly reason: string;
      readonly gone?: true;
      readonly retryAfterMs?: number;
    };

/** One way to people. Faults of the network and of the provider are answers; it throws only for bugs of ours. */
export interface Channel {
  readonly name: ChannelName;
  send(address: string, message: ChannelMessage): Promise<Sent>;
  close?(): Promise<void>;
}

/** What channels need of the world; tests give their own. */
export interface ChannelWorld {
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  /** One message may take so long, all in all. */
  readonly timeoutMs: number;
}

export const refused = (reason: string, more: { gone?: true } = {}): Sent => ({
  ok: false,
  permanent: true,
  reason: reason.slice(0, 200),
  ...more,
});

export const later = (reason: string, retryAfterMs?: number): Sent => ({
  ok: false,
  permanent: false,
  reason: reason.slice(0, 200),
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
