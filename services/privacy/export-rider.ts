import type { PlanFacts } from '../api/policy/plan-facts.ts';
import { isoTime, isoTimeOrNull } from '../api/time.ts';
import { settingsOf } from '../notify/settings.ts';
import type { Store, User } from '../store/store.ts';

const MOST_NOTICES = 20_000;
const MOST_LOOKS = 20_000;

/**
 * All that is kept of a child, and of the guardian who asks, for machines to read (个人信息保护法 Art. 45). Another
 * guardian's number is not theirs to have, nor are the names of staff.
 */
export async function exportRider(
  { store, facts, now }: { readonly store: Store; readonly facts: PlanFacts; readonly now: number },
  rider: string,
  user: User,
): Promise<object> {
  const rows = facts.ridersById.get(rider) ?? [];
  const [stored, addresses, consents, notices, looks, requests] = await Promise.all([
    store.notifyPeople.settings(user.id),
    store.notifyPeople.addressesOf(user.id),
    store.privacy.consents(user.id),
    store.notices.ofRider(rider, MOST_NOTICES),
    store.privacy.looks(rider, MOST_LOOKS),
    store.privacy.requestsOf(user.id, 1_000),
  ]);
  return {
    format: 'busguard-child/1',
    at: isoTime(now),
    child: {
      id: rider,
      name: rows[0]?.name ?? null,
      grade: rows[0]?.grade ?? null,
      school: rows[0]?.schoolId ?? null,
      runs: rows.map(({ tripId, stopId }) => ({
        trip: tripId,
        stop: stopId,
        stopName: facts.plan.stops.get(stopId)?.name ?? null,
      })),
    },
    guardian: {
      login: user.login,
      displayName: user.displayName,
      settings: settingsOf(stored, user.language, false),
      addresses: Object.fromEntries(addresses),
      consents: consents.map((one) => ({ ...one, at: isoTime(one.at) })),
    },
    notices: notices.map(
      ({ id, kind, payload, createdAt, state, channel, handedAt, deliveredAt, openedAt }) => ({
        id,
        kind,
        about: payload,
        at: isoTime(createdAt),
        state,
        channel,
        handedAt: isoTimeOrNull(handedAt),
        deliveredAt: isoTimeOrNull(deliveredAt),
        openedAt: isoTimeOrNull(openedAt),
      }),
    ),
    looks: looks.map(({ at, action, role, userId }) => ({
      at: isoTime(at),
      action,
      who: userId === user.id ? 'you' : (role ?? 'unknown'),
    })),
    requests: requests.filter((one) => one.rider === rider),
  };
}
