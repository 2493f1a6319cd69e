import type { Run } from '../../geo/plan/plan.ts';
import type { PlanFacts } from '../api/policy/plan-facts.ts';
import type { LatestRow, Store } from '../store/store.ts';
import type { Concern } from './concerns.ts';
import { TOLD_NOTHING } from './day-changes.ts';
import { KIND_RULES } from './notice-kinds.ts';
import { ridersOfRun } from './riders-of-run.ts';
import { type CauseWorld, changedRuns, limited, toFamilies } from './work-causes.ts';

const MINUTE_MS = 60_000;

export interface NotStartedLimits {
  /** A run has not started when it is so long past its time. */
  readonly afterMs?: number;
  /** Later nobody is told of it any more. */
  readonly untilMs?: number;
  /** Only of a bus that was heard so lately: of one that is silent nobody knows whether it drives. */
  readonly heardMs?: number;
}

export const NOT_STARTED: Required<NotStartedLimits> = {
  afterMs: 10 * MINUTE_MS,
  untilMs: 40 * MINUTE_MS,
  heardMs: 3 * MINUTE_MS,
};

/**
 * What no report causes: a run that does not start, and dispatch that was written long before its day. Looked for now
 * and then by one process.
 */
export async function sweepRuns(
  world: CauseWorld,
  store: Pick<Store, 'notices' | 'positions'>,
  limits: NotStartedLimits = {},
): Promise<void> {
  const facts = world.facts();
  if (facts === null) return;
  const now = world.now();
  const overdue = overdueRuns(facts, now, { ...NOT_STARTED, ...limits });
  const latest = overdue.length > 0 ? await store.positions.latest() : [];
  const standing = overdue.filter((run) =>
    isStanding(run, latest, now, limits.heardMs ?? NOT_STARTED.heardMs),
  );
  await store.notices.work(
    [],
    0,
    now,
    async (work) => {
      const concerns = await changedRuns(world, work, facts, now, false);
      for (const run of standing) {
        const absent = await work.absentees(run.trip.id, run.serviceDate);
        const told = (await work.told(run.trip.id, run.serviceDate)) ?? TOLD_NOTHING;
        if (told.notStarted || told.started) continue;
        await work.tell(run.trip.id, run.serviceDate, { ...told, notStarted: true });
        concerns.push(...concernsOfStanding(run, facts, absent));
      }
      if (concerns.length === 0) return;
      const family = concerns.map((concern) => ({ concern, causedAt: now }));
      const drafts = await toFamilies(world, work, facts, family, now);
      await work.add(await limited(work, drafts, now, world.limits.perHour));
    },
    true,
  );
}

function overdueRuns(facts: PlanFacts, now: number, { afterMs, untilMs }: Required<NotStartedLimits>): Run[] {
  return facts.dayAt(now).runs.filter((run) => {
    const late = now - run.start;
    return (
      late >= afterMs &&
      late <= untilMs &&
      run.vehicleId !== null &&
      ridersOfRun(facts.plan, run.trip.id, run.serviceDate).size > 0
    );
  });
}

/** The bus of the run is heard, and neither it nor another is on the run. */
function isStanding(run: Run, latest: readonly LatestRow[], now: number, heardMs: number): boolean {
  const onRun = latest.some(
    ({ progress }) =>
      progress?.trip === run.trip.id &&
      progress.serviceDate === run.serviceDate &&
      // Under way, or over: a run that was only bound to its bus has no delay.
      (progress.delayS !== null || progress.runState === 'ARRIVED' || progress.runState === 'CLOSED'),
  );
  const own = latest.find(({ vehicle }) => vehicle === run.vehicleId);
  const onAnother = own?.progress !== undefined && own.progress !== null && own.progress.trip !== run.trip.id;
  return !onRun && own !== undefined && now - own.last.receivedAt <= heardMs && !onAnother;
}

function concernsOfStanding(run: Run, facts: PlanFacts, absent: ReadonlySet<string>): Concern[] {
  const { trip, serviceDate, start, vehicleId } = run;
  return [...ridersOfRun(facts.plan, trip.id, serviceDate)].flatMap(([rider, stop]) =>
    absent.has(rider)
      ? []
      : {
          kind: 'not_started' as const,
          rider,
          trip: trip.id,
          date: serviceDate,
          once: 'not started',
          payload: { trip: trip.id, date: serviceDate, vehicle: vehicleId, stop, at: start },
          expiresAt: start + NOT_STARTED.untilMs + KIND_RULES.not_started.validMs,
          wanted: (settings) => settings.notices.notStarted,
        },
  );
}
