import type { Plan } from '../../geo/plan/plan.ts';
import { tell } from './take-location.ts';
import type { VehicleLane } from './vehicle-lane.ts';

/** Plates as people write them: without spaces, dots and dashes, in capitals. */
const plainPlate = (plate: string): string => plate.replace(/[\s·.-]/g, '').toUpperCase();

/** Says so among the vehicle's reports where its terminal registered with another plate than the register has for it. */
export function tellOfPlate(lane: VehicleLane, plan: Plan | null, registered: string, now: number): void {
  const bound = plan?.vehicles.get(lane.vehicle)?.plate ?? '';
  if (registered === '' || bound === '' || plainPlate(registered) === plainPlate(bound)) return;
  tell(lane, lane.nextReceivedAt(now), { kind: 'other_plate', plate: registered });
}
