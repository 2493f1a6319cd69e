import type { CurrentFacts } from '../api/policy/current-facts.ts';
import type { PlanFacts } from '../api/policy/plan-facts.ts';
import { localDay } from '../api/time.ts';
import type { CurrentPlan } from '../plan/current-plan.ts';
import type { NoticeDraft, NoticeWork, OutboxRow } from '../store/notice-store.ts';
import { type Cause, causeOf, type RunCause } from './causes.ts';
import {
  type Concern,
  concernsOfBoarding,
  concernsOfDelay,
  concernsOfFinding,
  concernsOfRun,
} from './concerns.ts';
import { concernsOfChange, dayChanges, TOLD_NOTHING } from './day-changes.ts';
import { type FamilyWorld, familyNotices } from './family-notices.ts';
import { minuteOfDay } from './quiet-hours.ts';
import { DELAY_STEP_S, DELAY_TOLD_S } from './run-watch.ts';
import type { ChannelName } from './settings.ts';
import { escalationNotices, staffNotices } from './staff-notices.ts';

export interface CauseWorld {
  readonly plan: CurrentPlan;
  readonly facts: CurrentFacts;
  readonly channels: ReadonlySet<ChannelName>;
  readonly phoneKey: Uint8Array;
  readonly now: () => number;
  readonly limits: { readonly perHour: number };
  /** Runs known to be under way. */
  readonly started: Set<string>;
}

const HOUR_MS = 3_600_000;
const PLAN_WAIT_MS = 15_000;

/** Amendments are of the moment; a whole plan that is imported tells nobody that a holiday is a month ahead. */
const OF_THE_DAY: ReadonlySet<string> = new Set(['dispatch.csv', 'school_calendar.csv', 'detours.csv']);

/** Makes notices of what happened, within the transaction that takes it out of the outbox. */
export async function workCauses(world: CauseWorld, work: NoticeWork): Promise<number> {
  const facts = world.facts();
  const now = world.now();
  const drafts: NoticeDraft[] = [];
  const family: { concern: Concern; causedAt: number }[] = [];
  const absentees = rememberedAbsentees(work);
  const staff = remembered(() => work.staff());
  for (const row of work.causes) {
    const cause = causeOf(row);
    switch (cause.topic) {
      case 'notify.finding':
        drafts.push(...staffNotices(cause, await staff(), facts, world.channels, row.createdAt));
        break;
      case 'notify.escalation':
        drafts.push(...escalationNotices(cause, await staff(), facts, world.channels, row.createdAt));
        break;
      default:
    }
    if (facts === null) continue;
    for (const concern of await familyConcerns(world, work, facts, cause, row, absentees, now))
      family.push({ concern, causedAt: row.createdAt });
  }
  if (facts !== null && family.length > 0)
    drafts.push(...(await toFamilies(world, work, facts, family, now)));
  return drafts.length === 0 ? 0 : work.add(await limited(work, drafts, now, world.limits.perHour));
}

async function familyConcerns(
  world: CauseWorld,
  work: NoticeWork,
  facts: PlanFacts,
  cause: Cause,
  row: OutboxRow,
  absentees: (trip: string, date: string) => Promise<ReadonlySet<string>>,
  now: number,
): Promise<Concern[]> {
  switch (cause.topic) {
    case 'notify.run': {
      await noteStart(world, work, cause);
      const absent = await absentees(cause.trip, cause.serviceDate);
      const delays = await toldOfDelay(work, cause);
      return [
        ...concernsOfRun(cause, facts, absent),
        ...(delays === null || cause.delayS === null
          ? []
          : concernsOfDelay({ ...cause, delayS: cause.delayS }, delays, facts, absent)),
      ];
    }
    case 'boarding': {
      const { trip, serviceDate, rider, state } = cause;
      await work.setAbsent(trip, serviceDate, rider, state === 'absent');
      return concernsOfBoarding(cause, now);
    }
    case 'notify.finding': {
      if (cause.trip === null || cause.rule !== 'skipped_stop') return [];
      const { date } = localDay(cause.start, facts.plan.timeZone);
      return concernsOfFinding(cause, facts, await absentees(cause.trip, date));
    }
    case 'notify.plan': {
      // Not loaded here yet: it is a matter of moments. A plan that does not build here is not waited for.
      if (cause.version !== facts.plan.version && now - row.createdAt < PLAN_WAIT_MS) {
        work.leave(row.id);
        return [];
      }
      const ofTheDay = cause.files.every((file) => OF_THE_DAY.has(file));
      return changedRuns(world, work, facts, now, ofTheDay, absentees);
    }
    default:
      return [];
  }
}

const MOST_STARTED = 20_000;

/** That a run is under way, kept once, so that nobody is told later that it has not started. */
async function noteStart({ started }: CauseWorld, work: NoticeWork, cause: RunCause): Promise<void> {
  const key = `${cause.trip} ${cause.serviceDate}`;
  if (started.has(key)) return;
  const told = (await work.told(cause.trip, cause.serviceDate)) ?? TOLD_NOTHING;
  if (!told.started) await work.tell(cause.trip, cause.serviceDate, { ...told, started: true });
  if (started.size >= MOST_STARTED) started.clear();
  started.add(key);
}

/** Which telling of a delay this is; null where families know of it within a step. */
async function toldOfDelay(work: NoticeWork, cause: RunCause): Promise<number | null> {
  if (cause.delayS === null) return null;
  const told = (await work.told(cause.trip, cause.serviceDate)) ?? TOLD_NOTHING;
  const before = told.delayS ?? 0;
  const worth = cause.delayS >= DELAY_TOLD_S || before >= DELAY_TOLD_S;
  if (!worth || Math.abs(cause.delayS - before) < DELAY_STEP_S) return null;
  await work.tell(cause.trip, cause.serviceDate, {
    ...told,
    delayS: cause.delayS,
    delays: told.delays + 1,
  });
  return told.delays + 1;
}

/** What dispatch has made of the runs ahead, as far as families do not know of it. */
export async function changedRuns(
  world: CauseWorld,
  work: NoticeWork,
  facts: PlanFacts,
  at: number,
  anyCause: boolean,
  absentees: (trip: string, date: string) => Promise<ReadonlySet<string>> = rememberedAbsentees(work),
): Promise<Concern[]> {
  const { base } = world.plan;
  if (base === null) return [];
  const concerns: Concern[] = [];
  const changes = dayChanges(facts.plan, base, at, anyCause);
  const known = await work.toldOn([...new Set(changes.map((change) => change.serviceDate))]);
  for (const change of changes) {
    const before = known.get(`${change.trip} ${change.serviceDate}`) ?? TOLD_NOTHING;
    if (before.dispatch === change.state) continue;
    const told = (await work.told(change.trip, change.serviceDate)) ?? TOLD_NOTHING;
    if (told.dispatch === change.state) continue;
    const dispatches = told.dispatches + 1;
    await work.tell(change.trip, change.serviceDate, { ...told, dispatch: change.state, dispatches });
    const absent = await absentees(change.trip, change.serviceDate);
    concerns.push(...concernsOfChange(change, dispatches, facts, absent));
  }
  return concerns;
}

export async function toFamilies(
  world: CauseWorld,
  work: NoticeWork,
  facts: PlanFacts,
  family: readonly { readonly concern: Concern; readonly causedAt: number }[],
  now: number,
): Promise<NoticeDraft[]> {
  const guardians = await work.guardiansOf([...new Set(family.map(({ concern }) => concern.rider))]);
  const familyWorld: FamilyWorld = {
    channels: world.channels,
    minuteOfDay: minuteOfDay(now, offsetOf(facts, now)),
    phoneKey: world.phoneKey,
  };
  return family.flatMap(({ concern, causedAt }) =>
    familyNotices([concern], guardians, facts, familyWorld, causedAt),
  );
}

/** Milliseconds that the plan's clock is ahead of UTC. */
function offsetOf(facts: PlanFacts, now: number): number {
  const { from, date } = localDay(now, facts.plan.timeZone);
  const midnight = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));
  return midnight - from;
}

/** Beyond so many an hour a person is told of safety alone: a fault of ours must not ring a phone all morning. */
export async function limited(
  work: NoticeWork,
  drafts: readonly NoticeDraft[],
  now: number,
  perHour: number,
): Promise<NoticeDraft[]> {
  const counted = (draft: NoticeDraft) => !draft.safety && draft.state === 'due';
  const people = [...new Set(drafts.filter(counted).map((draft) => draft.person))];
  const made = new Map(people.length > 0 ? await work.madeSince(people, now - HOUR_MS) : []);
  return drafts.map((draft) => {
    if (!counted(draft)) return draft;
    const n = (made.get(draft.person) ?? 0) + 1;
    made.set(draft.person, n);
    return n > perHour ? { ...draft, state: 'limited' } : draft;
  });
}

function rememberedAbsentees(work: NoticeWork) {
  const asked = new Map<string, Promise<ReadonlySet<string>>>();
  return (trip: string, date: string): Promise<ReadonlySet<string>> => {
    const key = `${trip} ${date}`;
    const known = asked.get(key) ?? work.absentees(trip, date);
    asked.set(key, known);
    return known;
  };
}

function remembered<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask();
    return asked;
  };
}
