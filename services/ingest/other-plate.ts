import type { Plan } from '../../geo/plan/plan.ts';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';

/** Plates as people write them: without spaces, dots and dashes, in capitals. */
const plainPlate = (plate: string): string => plate.replace(/[\s·.-]/g, '').toUpperCase();

/** That a terminal registered with another plate than the register has for its vehicle; null where it did not. */
export function otherPlate(vehicle: string, plan: Plan | null, registered: string): VehicleEvent | null {
  const bound = plan?.vehicles.get(vehicle)?.plate ?? '';
  if (registered === '' || bound === '' || plainPlate(registered) === plainPlate(bound)) return null;
  return { kind: 'other_plate', plate: registered };
}
