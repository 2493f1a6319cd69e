import { Type } from 'typebox';
import { type ApiParts, type App, userOf, userWithShareIn } from '../app-types.ts';
import type { TrackPoint } from '../contract.ts';
import { trackAccess } from '../policy/policy.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { isoTime, localDay } from '../time.ts';
import { fleetVehicleView, vehicleView, visiblePositions } from '../views/vehicle-view.ts';
import { readBox, readSpan } from './query.ts';

/** Points of one answer; a day of reports every 5 s is 17,280. */
const MAX_TRACK_POINTS = 20_000;
const MAX_TRACK_MS = 31 * 86_400_000;

export function vehicleRoutes(app: App, { store, facts, hub, now }: ApiParts): void {
  app.get(
    '/vehicles',
    {
      schema: {
        tags: ['vehicles'],
        summary: 'Every vehicle that the login may see now, with its run and newest position',
        response: { 200: Type.Object({ items: Type.Array(Type.Ref('Vehicle')) }), ...refusals(401) },
      },
    },
    async (request) => {
      const user = userWithShareIn(request, 'vehicles');
      const plan = facts();
      const at = now();
      const ids = new Set(plan?.plan.vehicles.keys());
      for (const { report } of hub.positions.all()) ids.add(report.vehicle);
      const items = [...ids].flatMap((id) => vehicleView(user, plan, hub, id, at) ?? []);
      return { items };
    },
  );

  app.get(
    '/fleet',
    {
      schema: {
        tags: ['vehicles'],
        summary: 'What every vehicle that the login may see is known by, without its stops and crews',
        querystring: Type.Object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000, default: 1_000 })),
          after: Type.Optional(
            Type.Integer({ minimum: 0, default: 0, description: 'next of the page before' }),
          ),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Type.Ref('FleetVehicle')),
            next: Type.Union([Type.Integer(), Type.Null()]),
          }),
          ...refusals(400, 401, 403),
        },
      },
    },
    async (request) => {
      const user = userWithShareIn(request, 'vehicles');
      const { limit = 1_000, after = 0 } = request.query;
      const plan = facts();
      const at = now();
      const ids = new Set(plan?.plan.vehicles.keys());
      for (const { report } of hub.positions.all()) ids.add(report.vehicle);
      const page = [...ids].slice(after, after + limit);
      const items = page.flatMap((id) => fleetVehicleView(user, plan, hub, id, at) ?? []);
      return { items, next: after + limit < ids.size ? after + limit : null };
    },
  );

  app.get(
    '/vehicles/:id',
    {
      schema: {
        tags: ['vehicles'],
        summary: 'One vehicle',
        params: Type.Object({ id: Type.String({ maxLength: 200 }) }),
        response: { 200: Type.Ref('Vehicle'), ...refusals(401, 404) },
      },
    },
    async (request) => found(vehicleView(userOf(request), facts(), hub, request.params.id, now())),
  );

  app.get(
    '/vehicles/:id/positions',
    {
      schema: {
        tags: ['positions'],
        summary: 'Where a vehicle was, in order of time; today unless said otherwise',
        params: Type.Object({ id: Type.String({ maxLength: 200 }) }),
        querystring: Type.Object({
          from: Type.Optional(Type.String({ description: 'ISO 8601 with zone' })),
          to: Type.Optional(Type.String({ description: 'ISO 8601 with zone' })),
        }),
        response: {
          200: Type.Object({ items: Type.Array(Type.Ref('TrackPoint')), truncated: Type.Boolean() }),
          ...refusals(400, 401, 403, 404),
        },
      },
    },
    async (request) => {
      const user = userWithShareIn(request, 'tracks');
      const plan = facts();
      const { id } = request.params;
      const mayShow = trackAccess(user, plan, id);
      if (!mayShow) throw new ProblemError('forbidden');
      const today = localDay(now(), plan?.plan.timeZone ?? 'Asia/Shanghai');
      const { from, to } = readSpan(request.query, { from: today.from, to: now() }, MAX_TRACK_MS);
      // One more than is shown, to know whether there is more.
      const reports = await store.positions.track(id, from, to, MAX_TRACK_POINTS + 1);
      const items: TrackPoint[] = reports
        .slice(0, MAX_TRACK_POINTS)
        .filter((report) => mayShow(report.time))
        .map((report) => ({
          time: isoTime(report.time),
          lat: report.lat,
          lon: report.lon,
          speedKmh: report.speedKmh,
          directionDeg: report.directionDeg,
          positioned: report.positioned,
          backfill: report.backfill,
        }));
      // What may not be seen and what is not there look the same.
      if (items.length === 0 && !vehicleView(user, plan, hub, id, now())) throw new ProblemError('not-found');
      return { items, truncated: reports.length > MAX_TRACK_POINTS };
    },
  );

  app.get(
    '/positions/latest',
    {
      schema: {
        tags: ['positions'],
        summary: 'The newest position of every vehicle that the login may see',
        querystring: Type.Object({
          bbox: Type.Optional(Type.String({ description: 'west,south,east,north in WGS-84 degrees' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 100_000 })),
          after: Type.Optional(
            Type.Integer({ minimum: 0, default: 0, description: 'next of the page before' }),
          ),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Type.Ref('Position')),
            at: Type.String(),
            next: Type.Union([Type.Integer(), Type.Null()]),
          }),
          ...refusals(400, 401),
        },
      },
    },
    async (request) => {
      const user = userWithShareIn(request, 'vehicles');
      const at = now();
      const inBox = readBox(request.query.bbox);
      const { limit = 100_000, after = 0 } = request.query;
      const { views, next } = visiblePositions(user, facts(), hub, at, { after, count: limit });
      return { items: views.filter(inBox), at: isoTime(at), next };
    },
  );
}
