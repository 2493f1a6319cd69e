import type { Logger } from 'pino';
import { riderRecord } from '../../geo/boardings/rider-record.ts';
import { sendCrewEvent } from '../ingest/send-crew-event.ts';
import { StoreUnavailable } from '../store/store.ts';
import { ABSENCE_AHEAD_MS, type BoardingWorld } from './boarding-desk.ts';
import { judgeWord } from './judge-words.ts';

/** Runs that are about to begin are looked at this often. [D] */
const EVERY_MS = 60_000;
/** Absences told, remembered so that they are not told every minute; told twice they are stored once. */
const MOST_TOLD = 50_000;

/**
 * Families excuse a child days ahead, and a judge looks at the present alone: so it is told once the run is about to
 * begin, of those excuses that still stand.
 */
export function feedAbsences(world: BoardingWorld & { readonly log: Logger }): {
  round(): Promise<number>;
  close(): void;
} {
  const { boardings, bus, plan, now, log } = world;
  const told = new Set<string>();
  const round = async (): Promise<number> => {
    const inForce = plan();
    if (!inForce) return 0;
    const due = inForce
      .runsAt(now(), ABSENCE_AHEAD_MS / 1000)
      .filter((run) => run.vehicleId !== null && run.start >= now() - EVERY_MS * 2);
    let count = 0;
    for (const date of new Set(due.map((run) => run.serviceDate))) {
      const runs = new Map(due.filter((run) => run.serviceDate === date).map((run) => [run.trip.id, run]));
      const said = await boardings.absences(date, [...runs.keys()]);
      for (const { trip, event } of said) {
        const vehicle = runs.get(trip)?.vehicleId;
        const key = `${date} ${trip} ${event.id}`;
        if (event.kind !== 'absent' || !vehicle || told.has(key)) continue;
        const ofTrip = said.filter((one) => one.trip === trip).map((one) => one.event);
        if (riderRecord(event.rider, ofTrip, null).absent === null) continue;
        const word = judgeWord(event, { trip, serviceDate: date }, ofTrip);
        if (word === null) continue;
        // Said days ago it is placed now: to the run it is news.
        const answer = await sendCrewEvent(bus, { vehicle, event: word, at: now(), place: null });
        if (!answer?.ok) continue;
        if (told.size >= MOST_TOLD) told.clear();
        told.add(key);
        count += 1;
      }
    }
    return count;
  };
  const timer = setInterval(() => {
    round().catch((error) => {
      if (!(error instanceof StoreUnavailable)) log.error({ err: error }, 'absences were not told');
    });
  }, EVERY_MS);
  return { round, close: () => clearInterval(timer) };
}
