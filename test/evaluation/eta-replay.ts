import type { Learned } from '../../geo/eta/learned.ts';
import type { RunPrediction } from '../../geo/eta/predict-run.ts';
import type { StopArrival } from '../../geo/eta/predictor.ts';
import { replayPredictions } from '../../geo/eta/replay-predictions.ts';
import { ETA, type EtaSettings } from '../../geo/eta/settings.ts';
import { secondsLate } from '../../geo/matching/run-progress.ts';
import type { RunTrack } from '../../geo/matching/run-track.ts';
import { tripLines } from '../../geo/matching/trip-line.ts';
import type { EtaDay } from './eta-days.ts';
import { newScore, type Score, score } from './eta-score.ts';

/** Distance over this where the run has no pace of its own yet. */
const FIRST_PACE_MS = 5;

export interface DayScores {
  readonly ours: Score;
  readonly delay: Score;
  readonly speed: Score;
  readonly agency: Score;
  /** Ours where and when the agency told something too. */
  readonly beside: Score;
  readonly range: { inside: number; all: number; widthS: number };
}

export const newDayScores = (): DayScores => ({
  ours: newScore(),
  delay: newScore(),
  speed: newScore(),
  agency: newScore(),
  beside: newScore(),
  range: { inside: 0, all: 0, widthS: 0 },
});

interface Told {
  readonly at: number;
  readonly ours: number;
  readonly delay: number;
  readonly speed: number;
  readonly from: number;
  readonly to: number;
}

/** Replays one day, with what was learned before it, and scores what was told against when the buses came. */
export function scoreDay(
  day: EtaDay,
  learned: Learned,
  learn: boolean,
  into: DayScores,
  set: EtaSettings = ETA,
): void {
  const told = new Map<string, Told[]>();
  const lines = tripLines(day.plan);
  const agency = new Map<string, AgencyAt>();
  for (const one of day.agency ?? []) agency.set(`${one.trip} ${one.stop} ${one.at}`, one);
  for (const event of replayPredictions(day.plan, day.reports, learned, { learn, set })) {
    if (event.type === 'told') tell(event.at, event.told, event.run);
    else arrive(event.arrival);
  }

  function tell(at: number, run: RunPrediction, track: RunTrack): void {
    const trip = day.plan.trips.get(run.trip)!;
    const lateS = secondsLate(track, lines.ofTrip(run.trip)!) ?? 0;
    const { alongM } = track.pose!;
    const pace = paceSoFar(track);
    for (const one of run.stops) {
      if (one.predicted - at > 1_800_000) break;
      const key = `${run.vehicle} ${run.trip} ${one.stop}`;
      const { arrivalS, alongM: stopM } = trip.stopTimes[one.stop]!;
      const list = told.get(key) ?? [];
      if (list.length === 0) told.set(key, list);
      list.push({
        at,
        ours: one.predicted,
        delay: Math.max(at, track.start + (arrivalS - trip.startS + lateS) * 1000),
        speed: Math.max(at, run.basis + (Math.max(0, stopM - alongM) / pace) * 1000),
        from: one.from,
        to: one.to,
      });
    }
  }

  function arrive({ vehicle, trip, stop, stopId, arrived }: StopArrival): void {
    const key = `${vehicle} ${trip} ${stop}`;
    for (const one of told.get(key) ?? []) {
      score(into.ours, one.at, one.ours, arrived);
      score(into.delay, one.at, one.delay, arrived);
      score(into.speed, one.at, one.speed, arrived);
      if (arrived >= one.at) {
        into.range.all++;
        into.range.widthS += (one.to - one.from) / 1000;
        if (arrived >= one.from && arrived <= one.to) into.range.inside++;
      }
      const theirs = agency.get(`${trip} ${stopId} ${one.at}`);
      if (!theirs) continue;
      score(into.agency, one.at, Math.max(one.at, theirs.predicted), arrived);
      score(into.beside, one.at, one.ours, arrived);
    }
    told.delete(key);
  }
}

interface AgencyAt {
  readonly predicted: number;
}

/** Metres a second since the bus was first seen on its line. */
function paceSoFar({ pose }: RunTrack): number {
  if (pose === null) return FIRST_PACE_MS;
  const [m, s] = [pose.alongM - pose.fromM, (pose.time - pose.since) / 1000];
  return s < 120 || m < 200 ? FIRST_PACE_MS : Math.max(m / s, 1);
}
