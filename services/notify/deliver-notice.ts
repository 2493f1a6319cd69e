import { createHash } from 'node:crypto';
import type { PlanFacts } from '../api/policy/plan-facts.ts';
import type { ClaimedNotice, NoticeResult, NoticeState } from '../store/notice-store.ts';
import type { Reach } from '../store/notify-people.ts';
import { backoffMs } from './backoff.ts';
import type { Channel, ChannelMessage, Sent } from './channels/channel.ts';
import { phonePerson } from './family-notices.ts';
import type { NoticeKind } from './notice-kinds.ts';
import { render } from './render.ts';
import type { ChannelName } from './settings.ts';

export interface DeliveryWorld {
  readonly channels: ReadonlyMap<ChannelName, Channel>;
  readonly facts: () => PlanFacts | null;
  readonly now: () => number;
  readonly random: () => number;
  /** Where people reach the pages; null where that is not known. */
  readonly publicUrl: string | null;
  readonly phoneKey: Uint8Array;
  readonly forgetSubscription: (person: string, id: string) => Promise<void>;
}

/** After so many tries a notice is given up. */
export const MOST_TRIES = 8;
/** A notice of safety does not wait longer for a channel that fails for the moment, where there is another. */
const TRIES_BEFORE_FALLBACK = 2;

/** That the bus comes is told once: what came later has said more. */
const APPROACH: ReadonlySet<NoticeKind> = new Set(['minutes_before', 'stops_before']);

/** Hands one notice to its next channel, or says why not; what is to become of it. */
export async function deliverNotice(
  world: DeliveryWorld,
  notice: ClaimedNotice,
  reach: Reach | undefined,
): Promise<NoticeResult> {
  const at = world.now();
  const ended = (state: NoticeState, reason: string | null): NoticeResult => ({
    id: notice.id,
    state,
    channel: null,
    channels: notice.channels,
    providerId: null,
    reason,
    handedAt: null,
    at,
    nextTryAt: null,
  });
  if (at >= notice.expiresAt) return ended('expired', null);
  if (notice.overtaken && APPROACH.has(notice.kind)) return ended('superseded', null);
  const [name, ...others] = notice.channels;
  const channel = name && world.channels.get(name);
  if (name === undefined) return ended('failed', 'no channel is left');
  if (!channel) return tryNext(`${name} is not set up`);

  const facts = world.facts();
  const language = reach?.language ?? 'zh';
  const rendered = render(notice.kind, notice.payload, language, facts?.plan ?? null, at);
  const message: ChannelMessage = {
    id: notice.id,
    kind: notice.kind,
    safety: notice.safety,
    language,
    rendered,
    url: world.publicUrl && new URL(pageOf(notice), world.publicUrl).href,
    tag: tagOf(notice),
    expiresAt: notice.expiresAt,
  };
  const sent =
    name === 'push'
      ? await pushToAll(world, channel, notice.person, reach, message)
      : await sendTo(channel, addressOf(world, facts, notice, name, reach), message);
  const done = { ...ended('accepted', null), channel: name, handedAt: at, at: world.now() };
  if (sent.ok) return { ...done, providerId: sent.providerId };
  if (sent.permanent) return { ...tryNext(sent.reason), channel: name };
  const fallsBack = notice.safety && notice.attempts >= TRIES_BEFORE_FALLBACK && others.length > 0;
  if (fallsBack) return { ...tryNext(sent.reason), channel: name };
  const nextTryAt = world.now() + (sent.retryAfterMs ?? backoffMs(notice.attempts, world.random()));
  if (notice.attempts >= MOST_TRIES || nextTryAt >= notice.expiresAt)
    return others.length > 0 ? tryNext(sent.reason) : { ...ended('failed', sent.reason), channel: name };
  return { ...ended('due', sent.reason), channel: name, nextTryAt };

  function tryNext(reason: string): NoticeResult {
    if (notice.channels.length <= 1) return ended('failed', reason);
    return { ...ended('due', reason), channels: notice.channels.slice(1), nextTryAt: world.now() };
  }
}

const sendTo = async (channel: Channel, address: string | null, message: ChannelMessage): Promise<Sent> =>
  address === null
    ? { ok: false, permanent: true, reason: 'no address any more' }
    : channel.send(address, message);

/** To every browser of the person; one that takes it is enough. Those that are gone are forgotten. */
async function pushToAll(
  world: DeliveryWorld,
  channel: Channel,
  person: string,
  reach: Reach | undefined,
  message: ChannelMessage,
): Promise<Sent> {
  const subscriptions = reach?.subscriptions ?? [];
  const answers = await Promise.all(
    subscriptions.map(async ({ id, subscription }) => {
      const sent = await channel.send(JSON.stringify(subscription), message);
      if (!sent.ok && sent.gone) await world.forgetSubscription(person, id);
      return sent;
    }),
  );
  return (
    answers.find((sent) => sent.ok) ??
    answers.find((sent) => !sent.ok && !sent.permanent) ??
    answers[0] ?? { ok: false, permanent: true, reason: 'no browser any more' }
  );
}

function addressOf(
  world: DeliveryWorld,
  facts: PlanFacts | null,
  { person, rider }: ClaimedNotice,
  name: ChannelName,
  reach: Reach | undefined,
): string | null {
  if (!person.startsWith('phone:')) return reach?.addresses.get(name) ?? null;
  const rows = (rider !== null && facts?.ridersById.get(rider)) || [];
  const phones = rows.flatMap((row) => row.guardianPhones);
  return phones.find((phone) => phonePerson(phone, world.phoneKey) === person) ?? null;
}

function pageOf({ kind, payload, rider }: ClaimedNotice): string {
  if (kind === 'alert' || kind === 'escalation')
    return `/?alert=${encodeURIComponent(String(payload.alert))}`;
  return rider === null ? '/family' : `/family?child=${encodeURIComponent(rider)}`;
}

/** At most 32 characters of base64url, as RFC 8030 has topics. */
function tagOf({ kind, run, rider, id }: ClaimedNotice): string {
  const same = APPROACH.has(kind) ? `${run} ${rider} approach` : id;
  return createHash('sha256').update(same).digest('base64url').slice(0, 24);
}
