import { Type } from 'typebox';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { ApiParts, App } from '../app-types.ts';
import type { MapConfig } from '../contract.ts';

/** Where the configured `.pmtiles` file is served, by range. */
export const PMTILES_PATH = '/basemap.pmtiles';

export function mapConfigRoutes(app: App, { facts, basemap }: ApiParts): void {
  let known: { plan: Plan; bounds: MapConfig['bounds'] } | null = null;
  app.get(
    '/map-config',
    {
      config: { open: true },
      schema: {
        tags: ['plan'],
        summary: 'What the map stands on; no sign-in needed',
        response: { 200: Type.Ref('MapConfig') },
      },
    },
    async (): Promise<MapConfig> => {
      const plan = facts()?.plan;
      if (plan && known?.plan !== plan) known = { plan, bounds: boundsOf(plan) };
      return { basemap: basemapOf(basemap), bounds: plan && known ? known.bounds : null };
    },
  );
}

function basemapOf(basemap: string | undefined): MapConfig['basemap'] {
  if (basemap === undefined) return { kind: 'offline' };
  if (/^https?:/.test(basemap)) return { kind: 'style', url: basemap };
  return { kind: 'pmtiles', url: PMTILES_PATH };
}

/** [west, south, east, north] of stops and lines. */
function boundsOf(plan: Plan): MapConfig['bounds'] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (lon: number, lat: number): void => {
    west = Math.min(west, lon);
    south = Math.min(south, lat);
    east = Math.max(east, lon);
    north = Math.max(north, lat);
  };
  for (const stop of plan.stops.values()) take(stop.lon, stop.lat);
  for (const shape of plan.shapes.values()) for (const [lon, lat] of shape.points) take(lon, lat);
  return west <= east ? [west, south, east, north] : null;
}
