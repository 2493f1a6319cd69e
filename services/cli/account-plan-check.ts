import { parse } from 'csv-parse/sync';
import type { PlanFiles } from '../../geo/plan/plan.ts';
import type { PlanStore, User } from '../store/store.ts';
import { AccountError } from './account-options.ts';

/** Throws `AccountError` where the user is bound to something that the current plan does not have. */
export async function checkAgainstPlan(user: User, plans: PlanStore): Promise<void> {
  const bound = user.district ?? user.providerId ?? user.schoolId ?? user.personId ?? user.riderIds[0];
  if (bound === undefined) return;
  const current = await plans.current();
  if (!current) throw new AccountError('there is no plan to check the login against; import one first');
  const { files } = current;
  if (user.district !== null) {
    const districts = [
      ...column(files, 'schools.csv', 'district'),
      ...column(files, 'vehicles.csv', 'district'),
    ];
    expectIn(user.district, districts, 'district');
  }
  if (user.providerId !== null)
    expectIn(user.providerId, column(files, 'vehicles.csv', 'operator_id'), 'provider');
  if (user.schoolId !== null) expectIn(user.schoolId, column(files, 'schools.csv', 'school_id'), 'school');
  if (user.personId !== null) expectIn(user.personId, escorts(files), 'escort');
  for (const rider of user.riderIds) expectIn(rider, column(files, 'riders.csv', 'rider_id'), 'rider');
}

/** Enough to recognise a spelling by, not a whole school's list. */
const SHOWN = 10;

function expectIn(value: string, known: Iterable<string>, what: string): void {
  const all = new Set(known);
  all.delete('');
  if (all.has(value)) return;
  // Pupils' ids are not for the terminal's scroll-back.
  const list = what === 'rider' ? '' : `; it has ${[...all].slice(0, SHOWN).join(', ') || 'none'}`;
  throw new AccountError(`the plan has no ${what} "${value}"${list}${all.size > SHOWN ? ', ...' : ''}`);
}

function rows(files: PlanFiles, name: string): Record<string, string>[] {
  return parse(files.get(name) ?? '', { columns: true, skip_empty_lines: true, bom: true, trim: true });
}

const column = (files: PlanFiles, name: string, of: string): string[] =>
  rows(files, name).map((row) => row[of] ?? '');

const escorts = (files: PlanFiles): string[] =>
  rows(files, 'people.csv')
    .filter((row) => row.role === 'escort')
    .map((row) => row.person_id ?? '');
