import type { Permit, Plan } from '../plan/plan.ts';

const NONE: readonly Permit[] = [];

/** The vehicle's permits that are valid on a date `YYYYMMDD`. */
export function permitsInForce(plan: Plan, vehicle: string, date: string): readonly Permit[] {
  const permits = plan.permitsByVehicle.get(vehicle) ?? NONE;
  // Asked with every report: nearly all vehicles have one, and it holds.
  for (const permit of permits) {
    if (!isInForce(permit, date)) return permits.filter((one) => isInForce(one, date));
  }
  return permits;
}

const isInForce = (permit: Permit, date: string): boolean =>
  permit.status === 'valid' && permit.validFrom <= date && date <= permit.validTo;

/** The date `YYYYMMDD` so many days on. */
export function dayAfter(date: string, days: number): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number);
  const at = new Date(Date.UTC(year as number, (month as number) - 1, (day as number) + days));
  return at.toISOString().slice(0, 10).replaceAll('-', '');
}
