import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { AlertStep, DeskState, Doing, NewStep } from '../../desk/handling.ts';
import { DeskRefusal } from '../../desk/handling.ts';
import { announcement } from '../../live/alert-handling.ts';
import type { DeskAct } from '../../store/desk-store.ts';
import type { StoredFinding, User } from '../../store/store.ts';
import type { ApiParts } from '../app-types.ts';
import { may, maySeeAlert } from '../policy/policy.ts';
import { found, ProblemError } from '../problems.ts';
import { alertFacts } from '../views/alert-view.ts';

export const AlertId = Type.Object({ id: Type.String({ maxLength: 300 }) });
export const Note = Type.Optional(Type.String({ maxLength: 2000 }));

/** A note without its outer blanks; null where nothing is left. */
export const noteOf = (note: string | undefined): string | null => note?.trim() || null;

export const personOf = ({ id, login, displayName }: User) => ({ id, login, name: displayName });

export type Work = (
  doing: Doing,
  stored: StoredFinding,
  state: DeskState,
  steps: readonly AlertStep[],
) => readonly NewStep[] | DeskAct;

/** What the routes of alerts have in common: who sees one, and how something is done about it. */
export function deskOf({ store, bus, facts, now }: ApiParts) {
  const visible = async (user: User, id: string): Promise<StoredFinding> => {
    const stored = await store.findings.get(id);
    if (!stored || !maySeeAlert(user, facts(), alertFacts(stored))) throw new ProblemError('not-found');
    if (stored.finding.shadow && !may(user, 'what_if')) throw new ProblemError('not-found');
    return stored;
  };

  const audit = (
    request: FastifyRequest,
    user: User,
    action: string,
    subject: string,
    detail: unknown = {},
  ) => store.audit.append({ at: now(), userId: user.id, action, subject, detail, remote: request.ip });

  return {
    visible,
    audit,
    /** Does what `work` says, notes it in the audit log and tells every viewer, on this and the other web processes. */
    async act(request: FastifyRequest, user: User, id: string, name: string, work: Work) {
      await visible(user, id);
      const doing = { by: personOf(user), at: now() };
      let steps: readonly NewStep[] = [];
      const stored = found(
        await store.desk
          .act(id, (seen, state, before) => {
            const done = work(doing, seen, state, before);
            const act = 'steps' in done ? done : { steps: done };
            steps = act.steps;
            return act;
          })
          .catch(asProblem),
      );
      await audit(request, user, `alert-${name}`, id, steps.at(-1)?.detail);
      if (steps.length > 0) bus.publish(...announcement(stored));
      return stored;
    },
  };
}

const PROBLEM_OF = {
  stage: 'alert-stage',
  'second-person': 'second-person',
  'proof-needed': 'proof-needed',
  'note-needed': 'note-needed',
  'not-undoable': 'not-undoable',
} as const;

function asProblem(error: unknown): never {
  if (error instanceof DeskRefusal) throw new ProblemError(PROBLEM_OF[error.why], error.message);
  throw error;
}
