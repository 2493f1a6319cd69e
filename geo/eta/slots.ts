import type { EtaSettings } from './settings.ts';

/** Kinds of days that drive alike: Monday to Friday, Saturday, Sunday and holidays. */
export type DayKind = 0 | 1 | 2;

/** Means of what was seen in one slot of the day, on days of one kind. */
export interface Slot {
  readonly kind: DayKind;
  /** Number of the slot in the service day. */
  readonly slot: number;
  /** What it rests on; older passes count less. */
  readonly weight: number;
  /** Driving and standing, seconds; of a pace the ratio to the timetable, and 0. */
  readonly runS: number;
  readonly stayS: number;
  /** Day (days since the epoch) of the newest. */
  readonly day: number;
}

export type SlotsByKey = Map<string, Slot[]>;

/** How much a slot says of a time of the day, 0 to 1: a bell over the hours, and a trace beyond it. */
export function nearness(one: Slot, kind: DayKind, serviceS: number, set: EtaSettings): number {
  const apart = ((one.slot + 0.5) * set.slotS - serviceS) / set.slotSpreadS;
  // Of a stretch that was only ever driven at another hour that hour is better than nothing.
  const near = 0.02 + 0.98 * Math.exp(-0.5 * apart * apart);
  return one.kind === kind ? near : near * set.otherKindShare;
}

/** Adds to a slot; what is older than what comes fades, and no more than `most` is remembered. */
export function addToSlot(into: SlotsByKey, key: string, added: Slot, most: number, set: EtaSettings): void {
  let slots = into.get(key);
  if (!slots) {
    slots = [];
    into.set(key, slots);
  }
  const at = slots.findIndex((one) => one.slot === added.slot && one.kind === added.kind);
  if (at < 0) {
    slots.push(added);
    return;
  }
  const was = slots[at]!;
  const faded = was.weight * 0.5 ** (Math.max(0, added.day - was.day) / set.halfLifeDays);
  const before = Math.min(faded, Math.max(0, most - added.weight));
  const all = before + added.weight;
  const mean = (old: number, fresh: number): number => (old * before + fresh * added.weight) / all;
  slots[at] = {
    kind: was.kind,
    slot: was.slot,
    weight: all,
    runS: mean(was.runS, added.runS),
    stayS: mean(was.stayS, added.stayS),
    day: Math.max(added.day, was.day),
  };
}
