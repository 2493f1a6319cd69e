import type { Plan } from '../../geo/plan/plan.ts';

/** What runs out. Inspection is due every six months, the permit as it says (校车安全管理条例 Art. 16, 20). */
export type ExpiryKind = 'permit' | 'licence' | 'inspection' | 'insurance';

export interface Expiring {
  readonly kind: ExpiryKind;
  /** The row to go to: its register's file, and its key there. */
  readonly file: string;
  readonly key: string;
  /** The plate of the vehicle; of a driver nothing, since names are told apart from lists. */
  readonly plate: string | null;
  readonly vehicle: string | null;
  readonly person: string | null;
  /** `YYYYMMDD`, the last day on which it holds. */
  readonly lastDay: string;
  /** Days left from `today`; 0 on the last one, below once it has run out. */
  readonly daysLeft: number;
}

/** The lists that people work by: so many days before, and run out. */
export const EXPIRY_DAYS = [60, 15, 0] as const;

/**
 * What runs out within `days` of `today` (`YYYYMMDD`) or has run out, soonest first. Of a vehicle's permits only the one
 * that holds longest counts, and a vehicle that is retired needs none.
 */
export function expiringOf(plan: Plan, today: string, days: number): Expiring[] {
  const found: Expiring[] = [];
  const note = (of: Omit<Expiring, 'lastDay' | 'daysLeft'>, lastDay: string | null): void => {
    if (lastDay === null || lastDay === '') return;
    const daysLeft = daysBetween(today, lastDay);
    if (daysLeft <= days) found.push({ ...of, lastDay, daysLeft });
  };
  for (const { id, plate, inspectedUntil, insuredUntil, retiredOn } of plan.vehicles.values()) {
    if (retiredOn !== null && retiredOn <= today) continue;
    const vehicle = { file: 'vehicles.csv', key: id, vehicle: id, plate: plate || null, person: null };
    note({ kind: 'inspection', ...vehicle }, inspectedUntil);
    note({ kind: 'insurance', ...vehicle }, insuredUntil);
    const permits = (plan.permitsByVehicle.get(id) ?? []).filter((permit) => permit.status === 'valid');
    const longest = permits.reduce<(typeof permits)[number] | null>(
      (best, permit) => (best === null || permit.validTo > best.validTo ? permit : best),
      null,
    );
    if (longest) note({ kind: 'permit', ...vehicle, file: 'permits.csv', key: longest.no }, longest.validTo);
  }
  for (const { id, licenceValidTo } of plan.people.values()) {
    const person = { file: 'people.csv', key: id, vehicle: null, plate: null, person: id };
    note({ kind: 'licence', ...person }, licenceValidTo);
  }
  return found.sort((a, b) => a.daysLeft - b.daysLeft || (a.key < b.key ? -1 : 1));
}

const utc = (date: string): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));

const daysBetween = (from: string, to: string): number => Math.round((utc(to) - utc(from)) / 86_400_000);
