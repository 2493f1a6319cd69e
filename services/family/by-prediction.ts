import { ETA } from '../../geo/eta/settings.ts';
import type { LiveEta } from '../eta/live-eta.ts';
import { byDelay, type ExpectedArrival, isPast } from './expected-arrival.ts';

/**
 * What is predicted for the stop by travel times learned, as long as it rests on a fresh position; without that by the
 * timetable and the delay of now.
 */
export const byPrediction =
  (predictionOf: (vehicle: string) => LiveEta | undefined): ExpectedArrival =>
  (run, stopId, newest, now) => {
    const eta = newest && predictionOf(newest.report.vehicle);
    if (!eta || eta.trip !== run.trip.id || eta.serviceDate !== run.serviceDate)
      return byDelay(run, stopId, newest, now);
    if (now - eta.basis > ETA.staleS * 1000 || isPast(run, stopId, newest)) return null;
    // Of a stop that is called at twice the last is the child's, as in the timetable.
    const stop = eta.stops.findLast((one) => one.stopId === stopId);
    if (!stop) return null;
    return { from: Math.max(now, stop.from), to: Math.max(now, stop.to), basis: 'prediction' };
  };
