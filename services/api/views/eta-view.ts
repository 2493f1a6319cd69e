import { ETA } from '../../../geo/eta/settings.ts';
import type { Run } from '../../../geo/plan/plan.ts';
import type { LiveEta } from '../../eta/live-eta.ts';
import type { LiveHub } from '../../live/live-hub.ts';
import type { User } from '../../store/store.ts';
import type { EtaView } from '../contract.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { vehicleAccess } from '../policy/policy.ts';
import { isoTime } from '../time.ts';

/** A prediction with the stops that may be named. */
export function etaView(eta: LiveEta, stops: 'all' | ReadonlySet<string>): EtaView {
  return {
    vehicle: eta.vehicle,
    trip: eta.trip,
    serviceDate: eta.serviceDate,
    at: isoTime(eta.basis),
    validUntil: isoTime(validUntil(eta)),
    stops: eta.stops
      .filter(({ stopId }) => stops === 'all' || stops.has(stopId))
      .map(({ stopId, predicted, from, to, confidence }) => ({
        id: stopId,
        predicted: isoTime(predicted),
        from: isoTime(from),
        to: isoTime(to),
        confidence,
      })),
  };
}

/** From then on nobody is shown minutes any more, only when the bus was last seen. PRODUCTS 4.3. */
export const validUntil = ({ basis }: LiveEta): number => basis + ETA.staleS * 1000;

/** What is expected of a run, as far as and while the user may follow its vehicle. */
export function runEta(
  user: User,
  facts: PlanFacts,
  hub: Pick<LiveHub, 'positions' | 'predictions'>,
  run: Run,
  now: number,
): EtaView | null {
  const vehicle = run.vehicleId ?? '';
  const eta = hub.predictions.get(vehicle);
  if (!eta || eta.trip !== run.trip.id || eta.serviceDate !== run.serviceDate || now > validUntil(eta))
    return null;
  const progress = hub.positions.get(vehicle)?.progress ?? null;
  const access = vehicleAccess(user, facts, vehicle, now, progress);
  return access && hub.predictions.viewFor(eta, access);
}
