import type { BoardingEvent } from '../../../geo/boardings/boarding-event.ts';
import { isRiderWord } from '../../../geo/boardings/boarding-event.ts';
import type { Mark } from '../../../geo/boardings/rider-record.ts';
import { runRecord } from '../../../geo/boardings/run-record.ts';
import type { Run } from '../../../geo/plan/plan.ts';
import type { BusCodes } from '../../boardings/bus-codes.ts';
import { leadsToSchool, rosterOf } from '../../boardings/roster-of.ts';
import type { BoardingEventView, BoardingMark, BoardingsView } from '../contract.ts';
import type { BoardingAccess } from '../policy/boarding-policy.ts';
import { isSchoolStop, type PlanFacts } from '../policy/plan-facts.ts';
import { isoTime, isoTimeOrNull } from '../time.ts';
import { routeName } from './position-view.ts';

/** The boardings of a run, as far as the access goes. */
export function boardingsView(
  facts: PlanFacts,
  run: Run,
  events: readonly BoardingEvent[],
  access: BoardingAccess,
  codes: BusCodes | null,
  now: number,
): BoardingsView {
  const { plan } = facts;
  const { trip, vehicleId } = run;
  const roster = rosterOf(plan, { trip: trip.id, serviceDate: run.serviceDate });
  const { riders, counts, crew } = runRecord(events, roster);
  const route = plan.routes.get(trip.routeId);
  const seen = riders.filter(({ rider }) => access.rider(rider));
  const ownStops = new Set(seen.flatMap(({ rider }) => roster.get(rider)?.stop ?? []));
  return {
    trip: trip.id,
    serviceDate: run.serviceDate,
    routeName: route ? routeName(route) : trip.routeId,
    vehicle: vehicleId,
    plate: plan.vehicles.get(vehicleId ?? '')?.plate ?? null,
    toSchool: leadsToSchool(plan, trip),
    start: isoTime(run.start),
    end: isoTime(run.end),
    stops: trip.stopTimes
      .filter(({ stopId }) => access.crew || ownStops.has(stopId) || isSchoolStop(plan, stopId))
      .map(({ stopId, arrivalS }) => {
        const stop = plan.stops.get(stopId);
        return {
          id: stopId,
          name: stop?.name ?? stopId,
          lat: stop?.lat ?? 0,
          lon: stop?.lon ?? 0,
          planned: isoTime(run.start + (arrivalS - trip.startS) * 1000),
          isSchool: isSchoolStop(plan, stopId),
        };
      }),
    riders: seen.map((record) => {
      const known = facts.ridersById.get(record.rider)?.[0];
      return {
        rider: record.rider,
        name: known?.name || null,
        grade: known?.grade || null,
        expectedStop: roster.get(record.rider)?.stop ?? null,
        state: record.state,
        boarded: record.boarded && markView(record.boarded),
        alighted: record.alighted && { ...markView(record.alighted), to: record.alighted.to },
        absent: record.absent && markView(record.absent),
        conflicts: [...record.conflicts],
        warnings: [...record.warnings],
        evidence: record.evidence.map(eventView),
      };
    }),
    crew: access.crew
      ? {
          escort: run.escortId,
          onDuty: [...crew.onDuty],
          mayClose: crew.mayClose,
          counts: {
            ...counts,
            heads: counts.heads?.aboard ?? null,
            headsDiffer: counts.heads && counts.heads.aboard !== counts.heads.byRiders,
          },
          events: events.filter((event) => !isRiderWord(event)).map(eventView),
        }
      : null,
    codes:
      codes && vehicleId !== null
        ? { door: codes.digest(vehicleId, 'door'), rear: codes.digest(vehicleId, 'rear') }
        : null,
    at: isoTime(now),
  };
}

const markView = ({ at, ...mark }: Mark): BoardingMark => ({ ...mark, at: isoTime(at) });

const eventView = <E extends BoardingEvent>(event: E): BoardingEventView =>
  ({ ...event, at: isoTime(event.at), receivedAt: isoTimeOrNull(event.receivedAt) }) as BoardingEventView;
