import type { Plan } from '../../geo/plan/plan.ts';
import type { CrewEvent } from '../../geo/vehicle-event.ts';
import { type BusMotion, type Driven, runKey } from './bus-motion.ts';

/** What an escort says, and when, milliseconds since the epoch. */
export interface CrewWord {
  readonly at: number;
  readonly event: CrewEvent;
  /** With a count of heads: the children who got on and off there. */
  readonly children?: ChildrenAtStop;
}

export interface ChildrenAtStop {
  readonly trip: string;
  readonly serviceDate: string;
  readonly on: readonly ChildAtStop[];
  readonly off: readonly ChildAtStop[];
}

export interface ChildAtStop {
  readonly rider: string;
  readonly stop: string;
}

/** Seconds after the start of a run and after its end at which the escort does what there is to do. */
const SIGN_ON_S = 2;
const PRE_TRIP_S = 3;
const COUNTED_OUT_S = 15;
const WALKED_S = 30;
const SIGN_OFF_S = 40;

type Said<E = CrewEvent> = E extends CrewEvent ? Omit<E, 'id' | 'by'> : never;

/**
 * The escort of one simulated bus, with a phone: signs on, has the bus checked, counts heads at every stop, walks through
 * at the end, signs off. A run without an escort has nobody to say anything.
 */
export class CrewScript {
  readonly #plan: Plan;
  readonly #motion: BusMotion;
  #run = '';
  #words: CrewWord[] = [];

  constructor(plan: Plan, motion: BusMotion) {
    this.#plan = plan;
    this.#motion = motion;
  }

  /** What is said by `now` and was not said before. Whoever begins in the middle of a run says how it stands. */
  until(now: number): CrewWord[] {
    const driven = this.#motion.drivenAt(now);
    const key = driven === null ? '' : runKey(driven.run);
    if (driven !== null && key !== this.#run) {
      this.#run = key;
      const words = wordsOf(this.#plan, driven);
      const said = words.filter((word) => word.at <= now);
      const counted = said.findLast((word) => word.event.kind === 'head_count');
      const standing = said
        .filter((word) => word.event.kind !== 'head_count' || word === counted)
        .map((word) => (word === counted ? { ...word, ...childrenOf(said) } : word));
      const ahead = words.filter((word) => word.at > now);
      this.#words = [...this.#words, ...standing.map((word) => ({ ...word, at: now })), ...ahead];
    }
    const due = this.#words.filter((word) => word.at <= now);
    if (due.length > 0) this.#words = this.#words.filter((word) => word.at > now);
    return due;
  }
}

function wordsOf(plan: Plan, { run, drive, start, end }: Driven): CrewWord[] {
  const person = run.escortId;
  if (person === null) return [];
  const words: CrewWord[] = [];
  const say = (at: number, event: Said, children?: ChildrenAtStop): void => {
    const id = `${run.serviceDate}-${run.trip.id}-${words.length}`;
    words.push({ at, event: { ...event, id, by: 'app' } as CrewEvent, ...(children && { children }) });
  };
  const key = { trip: run.trip.id, serviceDate: run.serviceDate };
  const sign = { person, role: 'escort', nearBus: true } as const;
  say(start + SIGN_ON_S * 1000, { kind: 'sign_on', ...sign });
  say(start + PRE_TRIP_S * 1000, { kind: 'pre_trip', passed: true, defects: [] });
  for (const [stop, aboard] of aboardAfterStops(plan, run.trip.id).entries()) {
    const leg = drive.legs[stop];
    if (!leg) continue;
    const children = { ...key, ...childrenAt(plan, run.trip.id, stop) };
    say(start + Math.max(leg.departureS, PRE_TRIP_S + 1) * 1000, { kind: 'head_count', aboard }, children);
  }
  const last = (plan.trips.get(run.trip.id)?.stopTimes.length ?? 0) - 1;
  const out = { ...key, ...childrenAt(plan, run.trip.id, last) };
  say(end + COUNTED_OUT_S * 1000, { kind: 'head_count', aboard: 0 }, out);
  say(end + WALKED_S * 1000, { kind: 'walk_through', empty: true, proof: 'code' });
  say(end + SIGN_OFF_S * 1000, { kind: 'sign_off', ...sign });
  return words.sort((a, b) => a.at - b.at);
}

/** Who gets on and off at a stop: to school at their own and at the end, from school at the start and at their own. */
function childrenAt(plan: Plan, tripId: string, index: number): Pick<ChildrenAtStop, 'on' | 'off'> {
  const stops = plan.trips.get(tripId)?.stopTimes ?? [];
  const stop = stops[index]?.stopId ?? '';
  const all = [...(plan.rosterByTrip.get(tripId) ?? [])].map(([rider, own]) => ({ rider, stop, own }));
  const here = all.filter(({ own }) => own === stop).map(({ rider }) => ({ rider, stop }));
  const everybody = all.map(({ rider }) => ({ rider, stop }));
  if (isFromSchool(plan, stops[0]?.stopId)) {
    return index === 0 ? { on: everybody, off: [] } : { on: [], off: here };
  }
  return index === stops.length - 1 ? { on: [], off: everybody } : { on: here, off: [] };
}

/** Of a run that somebody begins to watch half-way, all who got on and off until then. */
function childrenOf(said: readonly CrewWord[]): Pick<CrewWord, 'children'> {
  const all = said.flatMap(({ children }) => children ?? []);
  const first = all[0];
  if (!first) return {};
  return {
    children: { ...first, on: all.flatMap(({ on }) => on), off: all.flatMap(({ off }) => off) },
  };
}

function isFromSchool(plan: Plan, stopId: string | undefined): boolean {
  const first = plan.stops.get(stopId ?? '');
  return first?.locationType === 1 || first?.parent != null;
}

/** Pupils aboard as the bus leaves each stop: to school they get on at their stops, from school off. */
function aboardAfterStops(plan: Plan, tripId: string): number[] {
  const stops = plan.trips.get(tripId)?.stopTimes ?? [];
  const riders = plan.ridersByTrip.get(tripId);
  const here = stops.map(({ stopId }) => riders?.get(stopId) ?? 0);
  const all = here.reduce((sum, count) => sum + count, 0);
  const fromSchool = isFromSchool(plan, stops[0]?.stopId);
  let aboard = fromSchool ? all : 0;
  return here.map((count) => {
    aboard += fromSchool ? -count : count;
    return aboard;
  });
}
