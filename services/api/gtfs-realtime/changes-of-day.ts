import type { Plan, Run } from '../../../geo/plan/plan.ts';
import { localDay } from '../time.ts';
import type { FeedTrip } from './feed.ts';
import { CAUSE, EFFECT, type FeedAlert } from './service-alerts.ts';

/** Runs that today's dispatch has cancelled, or merged into others. */
export function cancelledRuns(plan: Plan, now: number): FeedTrip[] {
  const today = localDay(now, plan.timeZone).date;
  const found = new Map<string, FeedTrip>();
  for (const { serviceDate, tripId, action } of plan.amendments.dispatch) {
    const trip = plan.trips.get(tripId);
    if (serviceDate !== today || !trip || (action !== 'cancel' && action !== 'merge')) continue;
    found.set(tripId, { id: tripId, route: trip.routeId, serviceDate });
  }
  return [...found.values()];
}

/** What is otherwise than planned now, for those trips that may be seen. */
export function serviceAlerts(
  plan: Plan,
  now: number,
  maySee: (trip: string) => boolean,
  runs: readonly Run[],
): FeedAlert[] {
  const alerts: FeedAlert[] = [];
  const seenRoutes = new Set<string>();
  for (const { trip } of runs)
    if (!seenRoutes.has(trip.routeId) && maySee(trip.id)) seenRoutes.add(trip.routeId);
  for (const trip of cancelledRuns(plan, now)) {
    if (!maySee(trip.id)) continue;
    alerts.push({
      id: `cancelled ${trip.id} ${trip.serviceDate}`,
      from: null,
      to: null,
      about: [{ trip }],
      cause: CAUSE.other,
      effect: EFFECT.noService,
      text: { zh: '本班次今日取消', en: 'This run is cancelled today' },
    });
  }
  for (const { id, tripId, routeId, from, to } of plan.amendments.detours) {
    if (now < from || now >= to) continue;
    const trip = tripId === null ? undefined : plan.trips.get(tripId);
    const seen = trip ? maySee(trip.id) : routeId !== null && seenRoutes.has(routeId);
    if (!seen) continue;
    alerts.push({
      id: `detour ${id}`,
      from: moment(from),
      to: moment(to),
      about: trip
        ? [{ trip: { id: trip.id, route: trip.routeId, serviceDate: localDay(now, plan.timeZone).date } }]
        : [{ route: routeId as string }],
      cause: CAUSE.other,
      effect: EFFECT.detour,
      text: { zh: '线路临时绕行', en: 'The route is on detour' },
    });
  }
  if (seenRoutes.size === 0) return alerts;
  for (const { id, from, to, text } of plan.amendments.orders) {
    if (now < from || now >= to) continue;
    alerts.push({
      id: `order ${id}`,
      from: moment(from),
      to: moment(to),
      about: [...seenRoutes].sort().map((route) => ({ route })),
      cause: CAUSE.weather,
      effect: EFFECT.significantDelays,
      text: {
        zh: text || '恶劣天气限速，班次可能晚点',
        en: text || 'Speed limited by weather; runs may be late',
      },
    });
  }
  return alerts;
}

/** Open ends have none. */
const moment = (time: number): number | null => (Number.isFinite(time) ? time : null);
