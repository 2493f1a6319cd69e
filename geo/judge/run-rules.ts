import type { FindingChange } from '../finding.ts';
import type { Plan } from '../plan/plan.ts';
import type { Situation } from '../rules/rule.ts';
import { describeFinding, describeSpot } from './describe-finding.ts';
import { closeEpisode, type Moment, packEpisode, stepEpisode, unpackEpisode } from './episode.ts';
import { excused } from './excuse-finding.ts';
import { type Gear, inShadow } from './gear.ts';
import { newsOf } from './news-of.ts';
import type { VehicleState } from './state.ts';

/** What rules keep of a vehicle from one report to the next. */
export type Kept = Pick<VehicleState, 'episodes' | 'memory'>;

/**
 * Asks the rules of the gear about one situation. Without episodes under way only those are asked that wait for some of
 * its news, or of what is taken for news besides; with null for the latter all are asked.
 */
export function runRules(
  plan: Plan,
  gear: Gear,
  at: Situation,
  kept: Kept,
  keptBits: number,
  besides: number | null,
  changes: FindingChange[],
): Kept {
  let { episodes, memory } = kept;
  const before = episodes;
  const calm = isEmpty(before);
  const anew = besides === null;
  const news = anew ? 0 : newsOf(at) | keptBits | besides;
  let moment: Moment | null = null;
  for (const rule of calm && !anew ? gear.awake(news) : gear.rules) {
    const { slot, table } = rule;
    const packed = calm ? undefined : before[slot];
    if (packed === undefined && !anew && (rule.wakes & news) === 0) continue;
    const was = rule.keeps ? (memory[slot] ?? null) : null;
    if (rule.kind === 'spot') {
      const spotted = rule.rule.spot(at, table, was);
      if (spotted === null) continue;
      if (spotted.memory !== was) memory = withSlot(memory, slot, spotted.memory);
      if (spotted.spots.length === 0) continue;
      moment ??= momentOf(at);
      const { trip, late } = moment;
      const route = routeOf(plan, trip);
      const about = { vehicle: at.report.vehicle, trip, route, planVersion: plan.version, late };
      for (const spot of spotted.spots)
        changes.push(excused(describeSpot(rule, spot, about), route, plan.amendments.excuses));
      continue;
    }
    const remembered = rule.keeps ? rule.rule.remember!(at, table, was) : was;
    if (remembered !== was) memory = withSlot(memory, slot, remembered);
    const episode = packed === undefined ? null : unpackEpisode(packed);
    const seen = rule.rule.observe(at, table, episode, remembered);
    if (seen === null) continue;
    moment ??= momentOf(at);
    const limits = rule.rule.limits(at, table);
    const step = stepEpisode(episode, seen, moment, limits, (candidate) =>
      rule.rule.proven(candidate, at, table),
    );
    for (const told of step.told) {
      const route = routeOf(plan, told.episode.trip);
      const change = describeFinding(rule, told, at.report.vehicle, plan.version, route);
      changes.push(excused(change, route, plan.amendments.excuses));
    }
    if (step.episode !== episode) {
      episodes = withSlot(episodes, slot, step.episode === null ? null : packEpisode(step.episode));
    }
  }
  return episodes === kept.episodes && memory === kept.memory ? kept : { episodes, memory };
}

/** Ends the episodes of rules that are not in force here any more, and forgets what rules in shadow kept. */
export function withoutOrphans(
  plan: Plan,
  gear: Gear,
  standard: Gear,
  vehicle: string,
  { episodes, memory }: Kept,
  changes: FindingChange[],
): Kept {
  let kept = episodes;
  for (const [slot, packed] of Object.entries(episodes)) {
    if (gear.slots.has(slot)) continue;
    const episode = unpackEpisode(packed);
    kept = withSlot(kept, slot, null);
    const known = standard.rules.find((rule) => rule.slot === slot.replace('~', ''));
    if (known?.kind !== 'episode') continue;
    const rule = slot.startsWith('~') ? inShadow(known) : known;
    for (const told of closeEpisode(episode).told) {
      const route = routeOf(plan, episode.trip);
      const change = describeFinding(rule, told, vehicle, plan.version, route);
      changes.push(excused(change, route, plan.amendments.excuses));
    }
  }
  let remembered = memory;
  for (const slot of Object.keys(memory))
    if (slot.startsWith('~') && !gear.slots.has(slot)) remembered = withSlot(remembered, slot, null);
  return { episodes: kept, memory: remembered };
}

const routeOf = (plan: Plan, trip: string | null): string | null =>
  trip === null ? null : (plan.trips.get(trip)?.routeId ?? null);

function momentOf({ report, lat, lon, run, machinery }: Situation): Moment {
  return {
    time: report.time,
    lat,
    lon,
    trip: run?.trip ?? null,
    late: report.backfill || report.receivedAt - report.time > machinery.lateAfterS * 1000,
  };
}

function isEmpty(slots: { readonly [slot: string]: unknown }): boolean {
  for (const _slot in slots) return false;
  return true;
}

/** With the value under the slot, or without the slot where there is none. */
function withSlot<V>(
  slots: { readonly [slot: string]: V },
  slot: string,
  value: V | null,
): { readonly [slot: string]: V } {
  if (value !== null) return { ...slots, [slot]: value };
  const { [slot]: _over, ...others } = slots;
  return others;
}
