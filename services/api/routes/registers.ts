import { Type } from 'typebox';
import type { Permit } from '../../../geo/plan/plan.ts';
import { type ApiParts, type App, planInForce, userWithShareIn } from '../app-types.ts';
import type { PermitView, RouteView, SchoolView } from '../contract.ts';
import { maySeePermit, maySeeRun, maySeeSchool, maySeeTrip } from '../policy/policy.ts';
import { refusals } from '../schemas/basics.ts';
import {
  Permit as PermitSchema,
  Route as RouteSchema,
  School as SchoolSchema,
} from '../schemas/registers.ts';
import { routeName } from '../views/position-view.ts';

/** What the plan holds on routes, permits and schools. */
export function registerRoutes(app: App, { facts, now }: ApiParts): void {
  app.get(
    '/routes',
    {
      schema: {
        tags: ['plan'],
        summary: 'Routes that the login may see',
        response: { 200: Type.Object({ items: Type.Array(RouteSchema) }), ...refusals(401, 409) },
      },
    },
    async (request): Promise<{ items: RouteView[] }> => {
      const user = userWithShareIn(request, 'runs');
      const plan = planInForce(facts());
      const at = now();
      const seen = new Map<string, { schoolIds: Set<string>; runsToday: number }>();
      const noteOf = (route: string) => {
        const known = seen.get(route) ?? { schoolIds: new Set<string>(), runsToday: 0 };
        seen.set(route, known);
        return known;
      };
      for (const trip of plan.plan.trips.values()) {
        if (!maySeeTrip(user, plan, trip.id, at)) continue;
        const { schoolIds } = noteOf(trip.routeId);
        for (const school of trip.schoolIds) schoolIds.add(school);
      }
      for (const run of plan.dayAt(at).runs) {
        if (maySeeRun(user, plan, run, at)) noteOf(run.trip.routeId).runsToday++;
      }
      const items = [...seen].flatMap(([id, { schoolIds, runsToday }]) => {
        const route = plan.plan.routes.get(id);
        if (!route) return [];
        const { shortName, longName, agencyId, colour } = route;
        const agency = agencyId === null ? null : (plan.plan.agencies.get(agencyId)?.name ?? null);
        const name = routeName(route);
        return { id, name, shortName, longName, agency, colour, schoolIds: [...schoolIds], runsToday };
      });
      return { items };
    },
  );

  app.get(
    '/permits',
    {
      schema: {
        tags: ['plan'],
        summary: 'School-bus permits of the vehicles that the login may see',
        response: { 200: Type.Object({ items: Type.Array(PermitSchema) }), ...refusals(401, 403, 409) },
      },
    },
    async (request): Promise<{ items: PermitView[] }> => {
      const user = userWithShareIn(request, 'permits');
      const plan = planInForce(facts());
      const at = now();
      const items = [...plan.plan.permitsByVehicle]
        .filter(([vehicle]) => maySeePermit(user, plan, vehicle, at))
        .flatMap(([vehicle, permits]) => {
          const plate = plan.plan.vehicles.get(vehicle)?.plate ?? null;
          return permits.map((permit) => permitView(permit, plate));
        });
      return { items };
    },
  );

  app.get(
    '/schools',
    {
      schema: {
        tags: ['plan'],
        summary: 'Schools that the login may see',
        response: { 200: Type.Object({ items: Type.Array(SchoolSchema) }), ...refusals(401, 409) },
      },
    },
    async (request): Promise<{ items: SchoolView[] }> => {
      const user = userWithShareIn(request, 'schools');
      const plan = planInForce(facts());
      const at = now();
      const items = [...plan.plan.schools.values()]
        .filter((school) => maySeeSchool(user, plan, school.id, at))
        .map(({ id, name, district, lat, lon }) => ({ id, name, district, lat, lon }));
      return { items };
    },
  );
}

function permitView(permit: Permit, plate: string | null): PermitView {
  return {
    no: permit.no,
    vehicle: permit.vehicleId,
    plate,
    routes: [...permit.routeIds],
    drivers: [...permit.driverIds],
    validFrom: permit.validFrom,
    validTo: permit.validTo,
    morningWindow: windowView(permit.morningWindow),
    afternoonWindow: windowView(permit.afternoonWindow),
    status: permit.status,
  };
}

function windowView(window: readonly [number, number] | null): PermitView['morningWindow'] {
  return window && { from: clock(window[0]), to: clock(window[1]) };
}

const clock = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
