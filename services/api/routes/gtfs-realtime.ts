import { Type } from 'typebox';
import { type ApiParts, type App, userWithShareIn } from '../app-types.ts';
import { type FeedVehicle, vehiclePositionsFeed } from '../gtfs-realtime/vehicle-positions.ts';
import { vehicleAccess } from '../policy/policy.ts';
import { refusals } from '../schemas/basics.ts';

const PROTOBUF = 'application/x-protobuf';

/** The newest positions for systems that read GTFS-realtime, as far as the login may see them. */
export function gtfsRealtimeRoutes(app: App, { facts, hub, now }: ApiParts): void {
  app.get(
    '/gtfs-realtime/vehicle-positions.pb',
    {
      schema: {
        tags: ['gtfs-realtime'],
        summary: 'GTFS-realtime 2.0 VehiclePositions',
        response: {
          200: {
            description: 'FeedMessage',
            content: { [PROTOBUF]: { schema: Type.String({ format: 'binary' }) } },
          },
          ...refusals(401),
        },
      },
    },
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
}
