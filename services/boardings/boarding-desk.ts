import type { BoardingEvent } from '../../geo/boardings/boarding-event.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Bus } from '../bus/bus.ts';
import { sendCrewEvent } from '../ingest/send-crew-event.ts';
import type { BoardingStore, RunKey } from '../store/boarding-store.ts';
import { judgeWord } from './judge-words.ts';
import { rosterOf } from './roster-of.ts';
import { tellFamilies } from './tell-families.ts';

export interface BoardingWorld {
  readonly boardings: BoardingStore;
  readonly bus: Bus;
  readonly plan: () => Plan | null;
  readonly now: () => number;
}

/** A run with its bus, as the desk needs it. */
export interface DeskRun extends RunKey {
  readonly vehicle: string | null;
  /** Planned start, milliseconds since the epoch. */
  readonly start: number;
}

export interface Taken {
  /** Ids that were new; the others were stored before. */
  readonly stored: ReadonlySet<string>;
  /** The vehicle's judge has all of it. False: say it again, which stores nothing twice. */
  readonly judged: boolean;
}

/** Absences are told to the vehicle's judge from this long before the run: it looks at the present alone. [D] */
export const ABSENCE_AHEAD_MS = 30 * 60_000;
/** A judge hears nothing of a run that began so long ago: its findings are history. [D] */
const JUDGED_MS = 24 * 3_600_000;

/**
 * Takes what was said of one run: stored once, whatever comes twice or in whichever order, with what families are told
 * of it in the same transaction; then told to the judge of the bus, which stores it once by the same id. A sender that
 * is not answered says it all again.
 */
export async function takeBoardings(
  world: BoardingWorld,
  run: DeskRun,
  events: readonly BoardingEvent[],
  place: { readonly lat: number; readonly lon: number } | null = null,
): Promise<Taken> {
  const { boardings, bus, plan, now } = world;
  const inForce = plan();
  const roster = inForce ? rosterOf(inForce, run) : new Map();
  const stored = await boardings.append(run, events, (before, after) =>
    tellFamilies(run, roster, before, after),
  );
  const { vehicle } = run;
  if (vehicle === null || now() - run.start > JUDGED_MS) return { stored, judged: true };
  const known = await boardings.ofRun(run);
  for (const event of [...events].sort((a, b) => a.at - b.at)) {
    const word = judgeWord(event, run, known);
    if (word === null || isTooEarly(word.kind, run, now())) continue;
    // Of two with one id the first stands: what is judged is what is stored.
    if (known.find(({ id }) => id === event.id)?.kind !== event.kind) continue;
    const signs = word.kind === 'sign_on' || word.kind === 'sign_off';
    const answer = await sendCrewEvent(bus, {
      vehicle,
      event: word,
      at: event.at,
      place: signs ? place : null,
    });
    if (!answer?.ok) return { stored, judged: false };
  }
  return { stored, judged: true };
}

const isTooEarly = (kind: string, run: DeskRun, now: number): boolean =>
  kind === 'absent' && now < run.start - ABSENCE_AHEAD_MS;
