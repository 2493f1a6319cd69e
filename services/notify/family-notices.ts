import { createHmac } from 'node:crypto';
import type { PlanFacts } from '../api/policy/plan-facts.ts';
import type { NoticeDraft } from '../store/notice-store.ts';
import type { NotifyPerson } from '../store/notify-people.ts';
import type { Concern } from './concerns.ts';
import { KIND_RULES } from './notice-kinds.ts';
import { isQuiet } from './quiet-hours.ts';
import { type ChannelName, type NotifySettings, settingsOf } from './settings.ts';

export interface FamilyWorld {
  /** Channels that the service is set up for. */
  readonly channels: ReadonlySet<ChannelName>;
  /** Minute of the local day, for quiet hours. */
  readonly minuteOfDay: number;
  /** Hides the numbers of guardians who have no account. */
  readonly phoneKey: Uint8Array;
}

/** Without consent to this a family is told of safety alone. */
const NOTICES_PURPOSE = 'trip_notices';

/** One draft for each guardian of the child who asked for it; of safety also for numbers that have no account. */
export function familyNotices(
  concerns: readonly Concern[],
  guardians: readonly NotifyPerson[],
  facts: PlanFacts,
  world: FamilyWorld,
  causedAt: number,
): NoticeDraft[] {
  const byRider = new Map<string, NotifyPerson[]>();
  for (const guardian of guardians) {
    for (const rider of guardian.riderIds) {
      const known = byRider.get(rider);
      if (known) known.push(guardian);
      else byRider.set(rider, [guardian]);
    }
  }
  const settings = new Map<NotifyPerson, NotifySettings>();
  return concerns.flatMap((concern) => {
    const family = byRider.get(concern.rider) ?? [];
    if (family.length === 0) return toNumbers(concern, facts, world, causedAt);
    return family.flatMap((guardian) => {
      const own = settings.get(guardian) ?? settingsOf(guardian.settings, guardian.language, false);
      settings.set(guardian, own);
      const draft = toGuardian(concern, guardian, own, world, causedAt);
      return draft ?? [];
    });
  });
}

function toGuardian(
  concern: Concern,
  guardian: NotifyPerson,
  settings: NotifySettings,
  world: FamilyWorld,
  causedAt: number,
): NoticeDraft | null {
  const { safety } = KIND_RULES[concern.kind];
  if (!concern.wanted(settings)) return null;
  if (!safety && !guardian.consents.includes(NOTICES_PURPOSE)) return null;
  const channels = usableChannels(guardian, settings, world.channels, safety);
  const quiet = !safety && isQuiet(settings.quiet, world.minuteOfDay);
  return {
    ...draftOf(concern, guardian.id, causedAt),
    channels,
    state: quiet ? 'quiet' : channels.length === 0 ? 'unreachable' : 'due',
  };
}

const draftOf = (concern: Concern, person: string, causedAt: number) => ({
  date: concern.date,
  key: `${concern.trip} ${concern.once} ${concern.rider} ${person}`,
  person,
  rider: concern.rider,
  run: `${concern.trip} ${concern.date}`,
  kind: concern.kind,
  safety: KIND_RULES[concern.kind].safety,
  payload: concern.payload,
  causedAt,
  expiresAt: concern.expiresAt,
});

/** In the person's order; what is about safety may fall back on every other channel that reaches them. */
export function usableChannels(
  person: Pick<NotifyPerson, 'hasPush' | 'addresses'>,
  settings: Pick<NotifySettings, 'channels'>,
  offered: ReadonlySet<ChannelName>,
  safety: boolean,
): ChannelName[] {
  const reaches = (name: ChannelName) =>
    offered.has(name) && (name === 'push' ? person.hasPush : person.addresses.includes(name));
  const preferred = settings.channels.filter(reaches);
  if (!safety) return preferred;
  const others = [...offered].filter((name) => !preferred.includes(name) && reaches(name));
  return [...preferred, ...others];
}

/** Names a number without giving it away. */
export const phonePerson = (phone: string, key: Uint8Array): string =>
  `phone:${createHmac('sha256', key).update(phone).digest('hex').slice(0, 32)}`;

/** Guardians who never signed in are told of safety by the numbers that the school has. */
function toNumbers(concern: Concern, facts: PlanFacts, world: FamilyWorld, causedAt: number): NoticeDraft[] {
  if (!KIND_RULES[concern.kind].safety || !world.channels.has('sms')) return [];
  const rows = facts.ridersById.get(concern.rider) ?? [];
  const phones = new Set(rows.flatMap((row) => row.guardianPhones));
  return [...phones].map((phone) => ({
    ...draftOf(concern, phonePerson(phone, world.phoneKey), causedAt),
    channels: ['sms' as const],
    state: 'due' as const,
  }));
}
