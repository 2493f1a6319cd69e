import type { PositionView, VehicleView } from '../../../services/api/contract.ts';
import type { Findable } from '../fleet/search.ts';
import { buses } from './fleet.ts';
import { register } from './plan.ts';

/** One bus as lists show it: what the register knows and what it last reported. */
export interface BusRow extends Findable {
  readonly routeShortName: string | null;
  readonly position: PositionView | null;
  readonly registered: VehicleView | null;
}

/** Every bus that reported or is on the register, by plate. */
export function busRows(): BusRow[] {
  const ids = new Set([...buses.keys(), ...register.get().keys()]);
  return [...ids]
    .map((vehicle): BusRow => {
      const registered = register.get().get(vehicle) ?? null;
      const position = buses.get(vehicle)?.view ?? null;
      return {
        vehicle,
        plate: position?.plate ?? registered?.plate ?? null,
        routeName: position?.run?.routeName ?? registered?.run?.routeName ?? null,
        routeShortName: position?.run?.routeShortName ?? registered?.run?.routeShortName ?? null,
        driver: registered?.run?.driver?.name ?? null,
        position,
        registered,
      };
    })
    .sort((a, b) => (a.plate ?? a.vehicle).localeCompare(b.plate ?? b.vehicle, 'zh-CN', { numeric: true }));
}
