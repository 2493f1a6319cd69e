import { tell } from './take-location.ts';
import type { VehicleLane } from './vehicle-lane.ts';

/** A connection heard so lately was no dead one that its terminal gave up. [D] */
const SPEAKING_MS = 60_000;
/** Taken from a speaking connection so often within so long, two terminals have one id. [D] */
const TAKEOVERS = 3;
const WITHIN_MS = 600_000;

/**
 * Says so among the vehicle's reports where connections take it from one another while they speak. Once is a terminal
 * that came back before its old connection was missed; again and again it is two with one id. `before` is the lane that
 * was, `beforeAt` when its connection was last heard.
 */
export function tellOfSecond(
  lane: VehicleLane,
  before: VehicleLane | undefined,
  beforeAt: number | null,
  now: number,
): void {
  if (before === undefined || beforeAt === null || now - beforeAt > SPEAKING_MS) return;
  lane.takeovers = [...before.takeovers.filter((at) => now - at <= WITHIN_MS), now].slice(-TAKEOVERS);
  if (lane.takeovers.length < TAKEOVERS) return;
  const withinS = Math.round((now - lane.takeovers[0]!) / 1000);
  tell(lane, lane.nextReceivedAt(now), { kind: 'second_connection', takeovers: TAKEOVERS, withinS });
}
