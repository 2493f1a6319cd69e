import type { PlanFacts } from '../api/policy/plan-facts.ts';
import { maySeeAlert } from '../api/policy/policy.ts';
import { localDay } from '../api/time.ts';
import type { NoticeDraft } from '../store/notice-store.ts';
import type { NotifyPerson } from '../store/notify-people.ts';
import type { User } from '../store/store.ts';
import type { EscalationCause, FindingCause } from './causes.ts';
import { usableChannels } from './family-notices.ts';
import { KIND_RULES } from './notice-kinds.ts';
import { type ChannelName, settingsOf } from './settings.ts';

/** An alert goes to staff who may see it and want its severity. */
export function staffNotices(
  cause: FindingCause,
  staff: readonly NotifyPerson[],
  facts: PlanFacts | null,
  channels: ReadonlySet<ChannelName>,
  causedAt: number,
): NoticeDraft[] {
  return staff.flatMap((person) => {
    const settings = settingsOf(person.settings, person.language, true);
    if (!settings.severities.includes(cause.severity)) return [];
    if (!maySeeAlert(userOf(person), facts, cause)) return [];
    return noticeOf('alert', cause.id, cause, person, facts, channels, causedAt);
  });
}

/** What nobody has dealt with goes to those who were named, whatever they set. */
export function escalationNotices(
  cause: EscalationCause,
  staff: readonly NotifyPerson[],
  facts: PlanFacts | null,
  channels: ReadonlySet<ChannelName>,
  causedAt: number,
): NoticeDraft[] {
  return staff
    .filter((person) => cause.people.includes(person.id))
    .map((person) =>
      noticeOf('escalation', `${cause.finding} ${cause.level}`, cause, person, facts, channels, causedAt),
    );
}

function noticeOf(
  kind: 'alert' | 'escalation',
  once: string,
  cause: FindingCause | EscalationCause,
  person: NotifyPerson,
  facts: PlanFacts | null,
  offered: ReadonlySet<ChannelName>,
  causedAt: number,
): NoticeDraft {
  const settings = settingsOf(person.settings, person.language, true);
  const channels = usableChannels(person, settings, offered, true);
  const { rule, severity, vehicle, trip, start } = cause;
  return {
    // The day on which it is told, whenever it was that it happened.
    date: localDay(causedAt, facts?.plan.timeZone ?? 'Asia/Shanghai').date,
    key: `${kind} ${once} ${person.id}`,
    person: person.id,
    rider: null,
    run: null,
    kind,
    safety: true,
    payload: {
      alert: cause.topic === 'notify.finding' ? cause.id : cause.finding,
      rule,
      severity,
      vehicle,
      trip,
      at: start,
      ...(cause.topic === 'notify.escalation' ? { level: cause.level } : {}),
    },
    causedAt,
    expiresAt: causedAt + KIND_RULES[kind].validMs,
    channels,
    state: channels.length === 0 ? 'unreachable' : 'due',
  };
}

const userOf = (person: NotifyPerson): User => ({
  id: person.id,
  login: person.id,
  displayName: '',
  role: person.role,
  district: person.district,
  providerId: person.providerId,
  schoolId: person.schoolId,
  riderIds: person.riderIds,
  personId: null,
  language: person.language,
  disabled: false,
});
