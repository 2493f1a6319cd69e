import type { Plan } from '../../geo/plan/plan.ts';

/** Who a terminal is to the plan. */
export interface TerminalIdentity {
  readonly vehicle: string;
  /** On the register of vehicles, or the plan has none. */
  readonly known: boolean;
}

/** The number without the zeros that pad it to 12 digits, or to 20 since 2019. */
export const plainPhone = (digits: string): string => digits.replace(/^0+(?=.)/, '');

/**
 * With a register of vehicles a terminal is the vehicle that names its phone, and unknown else. Without one (plain
 * GTFS) every terminal is taken for what it says it is: its plate, or failing that its number.
 */
export function identify(plan: Plan | null, phone: string, plate: string): TerminalIdentity {
  if (plan?.registers.vehicles) {
    const vehicle = plan.vehicleByPhone.get(phone);
    return vehicle ? { vehicle: vehicle.id, known: true } : { vehicle: `terminal:${phone}`, known: false };
  }
  return { vehicle: plate === '' ? `terminal:${phone}` : plate, known: true };
}
