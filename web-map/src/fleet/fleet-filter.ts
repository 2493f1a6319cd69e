import type { Severity } from '../../../geo/finding.ts';
import type { FleetVehicleView, PositionView } from '../../../services/api/contract.ts';
import { BUS_STATES, type BusState } from './bus-state.ts';

/** Which buses are shown. Within one kind any of the values will do, and every kind must be met; empty shows all. */
export interface FleetFilter {
  readonly districts: readonly string[];
  readonly providers: readonly string[];
  readonly schools: readonly string[];
  readonly routes: readonly string[];
  readonly states: readonly BusState[];
  /** Only buses under an alert of these severities. */
  readonly alerts: readonly Severity[];
}

export type FilterKind = keyof FleetFilter;
export const FILTER_KINDS: readonly FilterKind[] = [
  'districts',
  'providers',
  'schools',
  'routes',
  'states',
  'alerts',
];
export const NO_FILTER: FleetFilter = {
  districts: [],
  providers: [],
  schools: [],
  routes: [],
  states: [],
  alerts: [],
};
const SEVERITIES: readonly Severity[] = ['P1', 'P2', 'P3'];

export const isFiltering = (filter: FleetFilter): boolean =>
  FILTER_KINDS.some((kind) => filter[kind].length > 0);

/** What of a bus does not change from second to second; `alert` is the worst that it is under. */
export function passesFilter(
  filter: FleetFilter,
  registered: FleetVehicleView | undefined,
  position: PositionView | null,
  state: BusState | null,
  alert: Severity | null,
): boolean {
  const { districts, providers, schools, routes, states, alerts } = filter;
  if (alerts.length > 0 && (alert === null || !alerts.includes(alert))) return false;
  if (states.length > 0 && (state === null || !states.includes(state))) return false;
  if (districts.length > 0 && !has(districts, registered?.district ?? position?.district)) return false;
  if (providers.length > 0 && !has(providers, registered?.operator)) return false;
  if (routes.length > 0 && !has(routes, position?.run?.route ?? registered?.route)) return false;
  if (schools.length === 0) return true;
  return [...(position?.schoolIds ?? []), ...(registered?.schoolIds ?? [])].some((id) =>
    schools.includes(id),
  );
}

const has = (wanted: readonly string[], value: string | null | undefined): boolean =>
  value !== null && value !== undefined && wanted.includes(value);

/** In the query of the address a filter is the values with a comma between; commas within are written `%2C`. */
export function filterOfQuery(query: Readonly<Record<string, string>>): FleetFilter {
  const values = (kind: FilterKind): string[] =>
    (query[kind] ?? '')
      .split(',')
      .filter((value) => value !== '')
      .map((value) => value.replaceAll('%2C', ','));
  return {
    districts: values('districts'),
    providers: values('providers'),
    schools: values('schools'),
    routes: values('routes'),
    states: BUS_STATES.filter((state) => values('states').includes(state)),
    alerts: SEVERITIES.filter((severity) => values('alerts').includes(severity)),
  };
}

export const queryOfValues = (values: readonly string[]): string =>
  values.map((value) => value.replaceAll(',', '%2C')).join(',');
