import { Type } from 'typebox';
import { type ApiParts, type App, userWithShareIn } from '../app-types.ts';
import { cancelledRuns, serviceAlerts } from '../gtfs-realtime/changes-of-day.ts';
import { serviceAlertsFeed } from '../gtfs-realtime/service-alerts.ts';
import { type FeedTripUpdate, tripUpdatesFeed } from '../gtfs-realtime/trip-updates.ts';
import { type FeedVehicle, vehiclePositionsFeed } from '../gtfs-realtime/vehicle-positions.ts';
import { maySeeTrip, vehicleAccess } from '../policy/policy.ts';
import { refusals } from '../schemas/basics.ts';
import { validUntil } from '../views/eta-view.ts';

const PROTOBUF = 'application/x-protobuf';

const feedSchema = <const S extends string>(summary: S) => ({
  tags: ['gtfs-realtime'],
  summary,
  response: {
    200: {
      description: 'FeedMessage',
      content: { [PROTOBUF]: { schema: Type.String({ format: 'binary' }) } },
    },
    ...refusals(401, 403),
  },
});

/** The present state for systems that read GTFS-realtime, as far as the login may see it. */
export function gtfsRealtimeRoutes(app: App, { facts, hub, now }: ApiParts): void {
  app.get(
    '/gtfs-realtime/vehicle-positions.pb',
    { schema: feedSchema('GTFS-realtime 2.0 VehiclePositions') },
    async (request, reply) => {
      const user = userWithShareIn(request, 'vehicles');
      const plan = facts();
      const at = now();
      const vehicles: FeedVehicle[] = [];
      for (const newest of hub.positions.all()) {
        const access = vehicleAccess(user, plan, newest.report.vehicle, at, newest.progress);
        if (!access || !newest.report.positioned) continue;
        const view = hub.positions.viewFor(newest, access);
        vehicles.push({
          id: view.vehicle,
          plate: view.plate,
          lat: view.lat,
          lon: view.lon,
          bearingDeg: view.directionDeg,
          speedKmh: view.speedKmh ?? null,
          time: newest.report.time,
          trip: view.run && {
            id: view.run.trip,
            route: view.run.route,
            serviceDate: newest.progress?.serviceDate ?? '',
          },
          nextStop: view.run?.nextStop ?? null,
        });
      }
      return reply.type(PROTOBUF).send(vehiclePositionsFeed(vehicles, at) as never);
    },
  );

  app.get(
    '/gtfs-realtime/trip-updates.pb',
    { schema: feedSchema('GTFS-realtime 2.0 TripUpdates: predicted arrivals, and cancelled runs') },
    async (request, reply) => {
      const user = userWithShareIn(request, 'alerts');
      const plan = facts();
      const at = now();
      const updates: FeedTripUpdate[] = [];
      for (const eta of hub.predictions.all()) {
        const trip = plan?.plan.trips.get(eta.trip);
        const run = plan
          ?.dayAt(at)
          .runsByTrip.get(eta.trip)
          ?.find((one) => one.serviceDate === eta.serviceDate);
        const progress = hub.positions.get(eta.vehicle)?.progress ?? null;
        if (!trip || !run || at > validUntil(eta)) continue;
        if (!vehicleAccess(user, plan, eta.vehicle, at, progress)) continue;
        updates.push({
          trip: { id: trip.id, route: trip.routeId, serviceDate: eta.serviceDate },
          vehicle: { id: eta.vehicle, plate: plan?.plan.vehicles.get(eta.vehicle)?.plate ?? null },
          time: eta.basis,
          stops: eta.stops.flatMap(({ stop, stopId, predicted, from, to }) => {
            const call = trip.stopTimes[stop];
            if (call?.stopId !== stopId) return [];
            return {
              id: stopId,
              sequence: call.sequence,
              arrival: predicted,
              planned: run.start + (call.arrivalS - trip.startS) * 1000,
              uncertaintyS: (to - from) / 2000,
            };
          }),
        });
      }
      const cancelled = plan
        ? cancelledRuns(plan.plan, at).filter((trip) => maySeeTrip(user, plan, trip.id, at))
        : [];
      return reply.type(PROTOBUF).send(tripUpdatesFeed(updates, cancelled, at) as never);
    },
  );

  app.get(
    '/gtfs-realtime/alerts.pb',
    { schema: feedSchema('GTFS-realtime 2.0 Alerts: cancelled runs, detours and weather orders in force') },
    async (request, reply) => {
      const user = userWithShareIn(request, 'alerts');
      const plan = facts();
      const at = now();
      const alerts = plan
        ? serviceAlerts(plan.plan, at, (trip) => maySeeTrip(user, plan, trip, at), plan.dayAt(at).runs)
        : [];
      return reply.type(PROTOBUF).send(serviceAlertsFeed(alerts, at) as never);
    },
  );
}
