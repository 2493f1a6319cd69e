import { nothingLearned } from '../../geo/eta/learned.ts';
import type { RunPrediction } from '../../geo/eta/predict-run.ts';
import type { StopArrival } from '../../geo/eta/predictor.ts';
import { replayPredictions, TICK_MS } from '../../geo/eta/replay-predictions.ts';
import { chinaTime } from '../../geo/judge/time-text.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';

/** Predictions for stops farther ahead than this are not printed: a family is shown a quarter of an hour. */
const AHEAD_MS = 30 * 60_000;

/** What `busguard eta` prints (CONTRACT 3): predictions and arrivals of a track, after learning from the history. */
export function* etaLines(
  plan: Plan,
  history: readonly Report[],
  track: readonly Report[],
): Generator<string> {
  const learned = nothingLearned();
  for (const _ of replayPredictions(plan, history, learned, { predict: false }));
  const shown = new Map<string, { at: number; predicted: number }>();
  for (const event of replayPredictions(plan, track, learned)) {
    if (event.type === 'arrived') {
      shown.delete(keyOf(event.arrival, event.arrival.stop));
      yield arrivedLine(event.arrival);
    } else yield* changedLines(event.at, event.told, shown);
  }
}

function* changedLines(
  at: number,
  told: RunPrediction,
  shown: Map<string, { at: number; predicted: number }>,
): Generator<string> {
  for (const { stop, stopId, predicted, from, to, confidence } of told.stops) {
    if (predicted - at > AHEAD_MS) return;
    const key = keyOf(told, stop);
    const second = toSecond(predicted);
    const last = shown.get(key);
    if (last !== undefined && last.predicted === second && at - last.at < TICK_MS) continue;
    shown.set(key, { at, predicted: second });
    yield JSON.stringify({
      at: chinaTime(at),
      trip: told.trip,
      stop: stopId,
      predicted: chinaTime(Math.max(at, second)),
      from: chinaTime(Math.min(toSecond(from), second)),
      to: chinaTime(toSecond(to)),
      confidence,
    });
  }
}

const arrivedLine = ({ stopId, trip, arrived }: StopArrival): string =>
  JSON.stringify({ stop: stopId, trip, arrived: chinaTime(toSecond(arrived)) });

const keyOf = (
  run: { readonly vehicle: string; readonly trip: string; readonly serviceDate: string },
  stop: number,
): string => `${run.vehicle} ${run.trip} ${run.serviceDate} ${stop}`;

const toSecond = (ms: number): number => Math.round(ms / 1000) * 1000;
