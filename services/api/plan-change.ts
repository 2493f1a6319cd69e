import type { FastifyRequest } from 'fastify';
import { type Change, ChangeRefused, changePlan, PlanContended } from '../plan/change-plan.ts';
import { readPlanRows } from '../plan/plan-row-files.ts';
import { PlanThreadBusy } from '../plan/plan-thread.ts';
import { PERSONAL_FILES } from '../store/personal-files.ts';
import type { FileDiff, User } from '../store/store.ts';
import { type ApiParts, planInForce } from './app-types.ts';
import { mayAmend, maySeeAmendment, resourceOf } from './policy/amend-policy.ts';
import type { PlanFacts } from './policy/plan-facts.ts';
import {
  mayEditRow,
  maySeeRow,
  type RegisterAsking,
  type RegisterLinks,
  registerLinks,
  registerOf,
} from './policy/register-policy.ts';
import { ProblemError } from './problems.ts';

/** Links of each plan that is in use, made when somebody first asks. */
const linksOf = new WeakMap<PlanFacts, RegisterLinks>();

/** Who asks about rows of the plan in force, now. */
export async function askingAbout(user: User, facts: PlanFacts, time: number): Promise<RegisterAsking> {
  let links = linksOf.get(facts);
  if (!links) {
    links = registerLinks(facts.plan, await readPlanRows('duties.csv', facts.files?.get('duties.csv')));
    linksOf.set(facts, links);
  }
  return { user, facts, links, time };
}

type Row = FileDiff['added'][number];

/** May the asker change this row of the file, whichever kind of file it is? */
export function mayChangeRow(asking: RegisterAsking, file: string, row: Row): boolean {
  const { user, facts, time } = asking;
  const resource = resourceOf(file);
  if (resource) return mayAmend(user, facts, resource, row, time);
  const register = registerOf(file);
  return register !== null && mayEditRow(asking, register, row);
}

export function maySeeRowOf(asking: RegisterAsking, file: string, row: Row): boolean {
  const { user, facts, time } = asking;
  const resource = resourceOf(file);
  if (resource) return maySeeAmendment(user, facts, resource, row, time);
  const register = registerOf(file);
  return register !== null && maySeeRow(asking, register, row);
}

/** Makes the change if the user may make all of it, and notes it in the audit log. */
export async function changePlanAs(
  { store, bus, plan, facts, now }: ApiParts,
  request: FastifyRequest,
  user: User,
  change: Omit<Change, 'by' | 'check'>,
): Promise<{ version: string; diff: readonly FileDiff[] }> {
  const asking = await askingAbout(user, planInForce(facts()), now());
  const refuse = ({ file, removed, added }: FileDiff): void => {
    if (![...removed, ...added].every((row) => mayChangeRow(asking, file, row)))
      throw new ProblemError('forbidden', 'Part of this change is beyond what your account looks after.');
  };
  try {
    const { version, diff } = await changePlan(
      { store, bus, plan },
      { ...change, by: user.login, check: (diffs) => diffs.forEach(refuse) },
    );
    await store.audit.append({
      at: now(),
      userId: user.id,
      action: 'plan-amend',
      subject: version,
      detail: { note: change.note, diff: diff.map(withoutPersons) },
      remote: request.ip,
    });
    return { version, diff };
  } catch (error) {
    throw asRefusal(error);
  }
}

/** The audit log is in clear, so of files with people in them it keeps how many rows; the history has them sealed. */
function withoutPersons(diff: FileDiff) {
  const { file, removed, added } = diff;
  return PERSONAL_FILES.has(file) ? { file, removed: removed.length, added: added.length } : diff;
}

function asRefusal(error: unknown): unknown {
  if (error instanceof PlanContended) return new ProblemError('conflict');
  if (error instanceof PlanThreadBusy) return new ProblemError('too-many-requests');
  if (!(error instanceof ChangeRefused)) return error;
  const errors = error.problems.slice(0, 50).map(({ file, line, column, reason }) => ({
    path: `${file}:${line}${column === '' ? '' : `/${camel(column)}`}`,
    reason,
  }));
  const detail = errors.map(({ reason }) => reason).join('; ');
  return new ProblemError('bad-request', detail.slice(0, 500), { errors });
}

export const snake = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
export const camel = (column: string): string =>
  column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
