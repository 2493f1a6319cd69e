import { Type } from 'typebox';
import type { Plan } from '../../../geo/plan/plan.ts';
import { planBounds } from '../../../geo/plan/plan-bounds.ts';
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
      if (plan && known?.plan !== plan) known = { plan, bounds: planBounds(plan) };
      return { basemap: basemapOf(basemap), bounds: plan && known ? known.bounds : null };
    },
  );
}

function basemapOf(basemap: string | undefined): MapConfig['basemap'] {
  if (basemap === undefined) return { kind: 'offline' };
  if (/^https?:/.test(basemap)) return { kind: 'style', url: basemap };
  return { kind: 'pmtiles', url: PMTILES_PATH };
}
