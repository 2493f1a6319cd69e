import type { RunProgress } from '../../../geo/judge.ts';
import type { Report } from '../../../geo/report.ts';
import type { PositionView } from '../contract.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { isFullAccess, type VehicleAccess } from '../policy/policy.ts';
import { isoTime } from '../time.ts';

/** A position with the words of the plan, as staff see it. */
export function positionView(
  facts: PlanFacts | null,
  report: Report,
  progress: RunProgress | null,
): Required<PositionView> {
  const plan = facts?.plan;
  const vehicle = plan?.vehicles.get(report.vehicle);
  return {
    vehicle: report.vehicle,
    plate: vehicle?.plate ?? null,
    time: isoTime(report.time),
    receivedAt: isoTime(report.receivedAt),
    lat: report.lat,
    lon: report.lon,
    speedKmh: report.speedKmh,
    directionDeg: report.directionDeg,
    accOn: report.accOn,
    positioned: report.positioned,
    run: progress && runOf(facts, progress),
    schoolIds: [...(plan?.trips.get(progress?.trip ?? '')?.schoolIds ?? [])],
    district: vehicle?.district ?? null,
  };
}

/** Takes out of a position whatever the access does not grant. */
export function redactPosition(view: Required<PositionView>, access: VehicleAccess): PositionView {
  if (isFullAccess(access)) return view;
  const { speedKmh, ...rest } = view;
  const run = view.run && (access.trips === 'all' || access.trips.has(view.run.trip)) ? view.run : null;
  const stopShown =
    access.stops === 'all' ||
    (run?.nextStop !== undefined && run.nextStop !== null && access.stops.has(run.nextStop));
  return {
    ...rest,
    ...(access.speed ? { speedKmh } : {}),
    run: run && (stopShown ? run : { ...run, nextStop: null, nextStopName: null }),
    schoolIds: run ? view.schoolIds : [],
  };
}

function runOf(facts: PlanFacts | null, progress: RunProgress): NonNullable<PositionView['run']> {
  const plan = facts?.plan;
  const route = plan?.routes.get(progress.route);
  return {
    trip: progress.trip,
    route: progress.route,
    routeName: route ? routeName(route) : progress.route,
    routeShortName: route ? routeShortName(route) : progress.route,
    headsign: plan?.trips.get(progress.trip)?.headsign ?? '',
    runState: progress.runState,
    progressM: progress.progressM,
    nextStop: progress.nextStop,
    nextStopName: progress.nextStop === null ? null : (plan?.stops.get(progress.nextStop)?.name ?? null),
    delayS: progress.delayS,
    aboard: progress.aboard,
  };
}

/** The long name where there is one; transit feeds often have only the short. */
export const routeName = (route: { longName: string; shortName: string; id: string }): string =>
  route.longName || route.shortName || route.id;

/** What labels have room for: the short name where there is one. */
export const routeShortName = (route: { longName: string; shortName: string; id: string }): string =>
  route.shortName || route.longName || route.id;
