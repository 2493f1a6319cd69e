import { setImmediate as breathe } from 'node:timers/promises';
import type { IngestStore } from '../store/store.ts';
import type { IngestCounts } from './counts.ts';
import type { IngestLimits } from './limits.ts';
import type { QuietLog } from './quiet-log.ts';
import { type Rejudged, rejudge } from './rejudge.ts';
import { untilAvailable } from './retry.ts';
import type { RulesInForce } from './rules-in-force.ts';
import type { Incoming, VehicleLane } from './vehicle-lane.ts';

export interface RejudgeWorld {
  readonly store: IngestStore;
  readonly rules: RulesInForce;
  readonly limits: IngestLimits;
  readonly counts: IngestCounts;
  readonly log: QuietLog;
  readonly ending: AbortSignal;
}

/** Findings are looked for so far before the stretch: an episode may have begun before its checkpoint. */
const FINDING_MARGIN_MS = 24 * 3_600_000;

/**
 * Puts a lane's late reports in their place: waits until what the lane has under way is committed, judges the vehicle
 * again from its last checkpoint before them, and hands rows and differences to one commit. The lane takes nothing
 * else meanwhile; what arrives waits and is judged afterwards.
 */
export async function rejudgeLane(world: RejudgeWorld, lane: VehicleLane): Promise<void> {
  const { counts, log, limits } = world;
  try {
    while (lane.hasLate) {
      await lane.whenCommitted();
      const late = lane.takeLate();
      const oldest = (lane.judged?.time ?? 0) - limits.rejudgeReachMs;
      const judgeable = late.filter((l) => l.report.time >= oldest);
      let rejudged: Rejudged | null = null;
      if (judgeable.length > 0) {
        counts.events.add('rejudged');
        rejudged = await judgeAgain(world, lane, judgeable);
      }
      lane.storeLate(judgeable, rejudged, 'late');
      const older = late.filter((l) => l.report.time < oldest);
      lane.storeLate(older, null, 'too_late_to_judge');
    }
    lane.resume();
  } catch (error) {
    counts.events.add('rejudge_failed');
    log.error({ err: error, vehicle: lane.vehicle }, 'late reports could not be judged');
    lane.lose('rejudge_failed');
  }
}

async function judgeAgain(
  world: RejudgeWorld,
  lane: VehicleLane,
  late: readonly Incoming[],
): Promise<Rejudged | null> {
  const { store, rules, limits, ending } = world;
  const { judge } = rules;
  const { judged, vehicleKey } = lane;
  if (!judge || !judged) return null;
  const first = Math.min(...late.map((l) => l.report.time));
  const read = await untilAvailable(limits, ending, async () => {
    const checkpoint = await store.checkpointBefore(vehicleKey, first);
    const from = checkpoint?.time ?? 0;
    return {
      checkpoint,
      stored: await store.reportsBetween(vehicleKey, from, judged.time),
      findings: await store.findingsBetween(vehicleKey, from - FINDING_MARGIN_MS, judged.time),
    };
  });
  if (!read) throw new Error('the service is ending');
  const { checkpoint, stored, findings } = read.value;
  try {
    return await rejudge({
      judge,
      from: checkpoint?.judge ?? null,
      stored: stored.map((row) => row.report),
      late: late.map((l) => l.report),
      findings,
      breathe,
    });
  } catch (error) {
    // A fault of a rule: the reports are kept, what they would have meant is not known.
    world.counts.events.add('judge_failed');
    world.log.error({ err: error, vehicle: lane.vehicle }, 'the judge failed on late reports');
    return null;
  }
}
