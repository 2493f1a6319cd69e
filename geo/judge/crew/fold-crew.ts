import type { RunTrack } from '../../matching/run-track.ts';
import type { Plan } from '../../plan/plan.ts';
import type { CrewEvent, VehicleEvent } from '../../vehicle-event.ts';
import { type Crew, NO_CREW, type OnDuty, proofOf, provenOnSite } from './crew.ts';
import {
  emptied,
  emptyLoad,
  type Load,
  settleLoad,
  withAlighted,
  withBoarded,
  withHeads,
  withoutAlighting,
  withoutBoarding,
} from './load.ts';

/** Two on a large bus, and one who takes over. */
const MOST_ESCORTS = 3;
const MOST_ABSENT = 40;
/** Seven checks (校车安全管理条例 Art. 41). */
const MOST_DEFECTS = 7;
/** Who is excused is excused for a school day. [D] */
const ABSENT_MS = 14 * 3_600_000;

/** The crew after a report with its events; the very same value where nothing changed, which is nearly always. */
export function foldCrew(
  crew: Crew,
  events: readonly VehicleEvent[],
  time: number,
  plan: Plan,
  run: RunTrack | null,
): Crew {
  let now = crew;
  if (now.load !== null) {
    const load = settleLoad(now.load, run);
    if (load !== now.load) now = { ...now, load };
  }
  for (const event of events) now = withEvent(now, event, time, plan, run);
  return now;
}

type Elsewhere = Extract<VehicleEvent, { kind: 'signed_elsewhere' }>;
type Card = Extract<VehicleEvent, { kind: 'driver_card' }>;

function withEvent(crew: Crew, event: VehicleEvent, time: number, plan: Plan, run: RunTrack | null): Crew {
  if (event.kind === 'driver_card') return { ...withCard(crew, event, time, plan), heardAt: time };
  if (event.kind === 'signed_elsewhere') return withoutPerson(crew, event, time);
  if (!('by' in event)) return crew;
  const next = withWord(crew, event, time, run);
  return next === crew ? crew : { ...next, heardAt: time };
}

/** One reader may serve the driver and the escort: the register says whose card it is. */
function withCard(
  crew: Crew,
  { inserted, readable, licenceNo, validTo }: Card,
  time: number,
  plan: Plan,
): Crew {
  const used = { ...crew.used, driverCard: time };
  if (!inserted) {
    const driver = crew.driver !== null && crew.driver.id === crew.card ? null : crew.driver;
    return { ...crew, used, driver, card: null, unreadableAt: 0 };
  }
  if (!readable || licenceNo === null || licenceNo === '') {
    // Who drove until now by a card does so no more; a sign-on by other means stands.
    const driver = crew.driver?.by === 'terminal' ? null : crew.driver;
    return { ...crew, used, driver, card: null, unreadableAt: time };
  }
  const person = plan.peopleByCard.get(licenceNo);
  const on: OnDuty = {
    id: person?.id ?? `card:${licenceNo}`,
    since: time,
    by: 'terminal',
    near: null,
    validTo,
  };
  if (person?.role === 'escort') return { ...withEscort(crew, on, time), card: on.id };
  const { driver } = crew;
  const instead =
    driver !== null && driver.by === 'terminal' && driver.id === crew.card && driver.id !== on.id;
  const changedAt = instead ? time : crew.changedAt;
  return { ...crew, used, driver: on, card: on.id, unreadableAt: 0, changedAt };
}

function withEscort(crew: Crew, on: OnDuty, time: number): Crew {
  const before = crew.escorts.find((escort) => escort.id === on.id);
  // A weaker word does not undo a better proof.
  const kept = before && proofOf(before) > proofOf(on) ? { ...before, since: time } : on;
  const others = crew.escorts.filter((escort) => escort.id !== on.id);
  const { escortOffTo: _, ...rest } = crew;
  return {
    ...rest,
    escorts: [...others.slice(1 - MOST_ESCORTS), kept],
    escortOffAt: 0,
    used: { ...crew.used, escortSignOn: time },
  };
}

/** Nobody is on two buses at once (RULES R15): who signed on to another later is there. */
function withoutPerson(crew: Crew, { person, role, vehicle }: Elsewhere, time: number): Crew {
  if (role === 'driver') return crew.driver?.id === person ? { ...crew, driver: null, heardAt: time } : crew;
  const escorts = crew.escorts.filter((escort) => escort.id !== person);
  if (escorts.length === crew.escorts.length) return crew;
  const left = escorts.length === 0 ? { escortOffAt: time, escortOffTo: vehicle } : {};
  return { ...crew, escorts, ...left, heardAt: time };
}

function withWord(crew: Crew, event: CrewEvent, time: number, run: RunTrack | null): Crew {
  switch (event.kind) {
    case 'sign_on': {
      const on: OnDuty = { id: event.person, since: time, by: event.by, near: event.nearBus, validTo: null };
      if (event.role === 'escort') return withEscort(crew, on, time);
      const card = crew.driver?.by === 'terminal' && crew.driver.id === on.id;
      return card ? crew : { ...crew, driver: on };
    }
    case 'sign_off': {
      if (event.role === 'driver') return crew.driver?.id === event.person ? { ...crew, driver: null } : crew;
      const escorts = crew.escorts.filter((escort) => escort.id !== event.person);
      if (escorts.length === crew.escorts.length) return crew;
      return { ...crew, escorts, escortOffAt: escorts.length === 0 ? time : 0 };
    }
    case 'head_count':
      return withLoad(crew, run, time, (load) => withHeads(load, event.aboard, event.by, time));
    case 'boarded':
      return withLoad(crew, run, time, (load) => withBoarded(load, event.rider, time));
    case 'alighted':
      return crew.load === null ? crew : { ...crew, load: withAlighted(crew.load, event.rider, time) };
    case 'taken_back':
      return withTakenBack(crew, event);
    case 'absent': {
      const known = time - crew.absentAt < ABSENT_MS ? crew.absent : NO_CREW.absent;
      if (known.includes(event.rider)) return crew;
      return { ...crew, absent: [...known.slice(1 - MOST_ABSENT), event.rider], absentAt: time };
    }
    case 'pre_trip': {
      const { passed } = event;
      const preTrip = { at: time, passed, defects: event.defects.slice(0, MOST_DEFECTS) };
      return { ...crew, preTrip, used: { ...crew.used, preTrip: time } };
    }
    case 'walk_through': {
      const { empty, proof, by } = event;
      const walkThrough = { at: time, empty, proof, by };
      const { load } = crew;
      const next = load !== null && provenOnSite(walkThrough) ? emptied(load, by, time) : load;
      return { ...crew, walkThrough, load: next, used: { ...crew.used, walkThrough: time } };
    }
    default:
      return crew;
  }
}

function withTakenBack(crew: Crew, { rider, was }: Extract<CrewEvent, { kind: 'taken_back' }>): Crew {
  if (was === 'absent') {
    return crew.absent.includes(rider)
      ? { ...crew, absent: crew.absent.filter((one) => one !== rider) }
      : crew;
  }
  if (crew.load === null) return crew;
  const load = was === 'boarded' ? withoutBoarding(crew.load, rider) : withoutAlighting(crew.load, rider);
  return load === crew.load ? crew : { ...crew, load };
}

function withLoad(crew: Crew, run: RunTrack | null, time: number, change: (load: Load) => Load): Crew {
  // After the last stop of a run with nobody told of the next, whoever boards belongs to that one.
  const { load } = crew;
  const begins = load === null || (run === null && load.over);
  const next = change(begins ? emptyLoad(run, time) : load);
  return next === load ? crew : { ...crew, load: next };
}

/** Is the rider excused now? */
export const isAbsent = (crew: Crew, rider: string, time: number): boolean =>
  crew.absent.includes(rider) && time - crew.absentAt < ABSENT_MS;
