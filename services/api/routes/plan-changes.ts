import { Type } from 'typebox';
import { undoing } from '../../plan/change-plan.ts';
import type { FileDiff, PlanChange, User } from '../../store/store.ts';
import { type ApiParts, type App, planInForce, userOf } from '../app-types.ts';
import type { PlanChangeView } from '../contract.ts';
import { askingAbout, changePlanAs, maySeeRowOf } from '../plan-change.ts';
import { amendable, resourceOf } from '../policy/amend-policy.ts';
import { mayReadRegisters, type RegisterAsking, registerOf } from '../policy/register-policy.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals, textOrNull, time } from '../schemas/basics.ts';
import { isoTime } from '../time.ts';
import { registerRowView } from '../views/register-view.ts';
import { viewOf } from './amendments.ts';

const Diff = Type.Object({
  resource: Type.String(),
  removed: Type.Array(Type.Any()),
  added: Type.Array(Type.Any()),
});
const Change = Type.Object({
  seq: Type.Integer(),
  at: time(),
  version: Type.String(),
  by: textOrNull(),
  note: Type.String(),
  files: Type.Array(Type.String()),
  diff: Type.Array(Diff),
});

/** Changes read at most for one page: of many the asker may see few. */
const READ_AT_ONCE = 200;

/** Who changed what of the plan, and taking it back. */
export function planChangeRoutes(app: App, parts: ApiParts): void {
  const { store, facts, now } = parts;

  app.get(
    '/plan/changes',
    {
      schema: {
        tags: ['amendments'],
        summary: 'What was changed of the plan, newest first, as far as the login looks after it',
        querystring: Type.Object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })),
          before: Type.Optional(
            Type.Integer({ minimum: 1, description: 'The `seq` of an earlier page’s last' }),
          ),
        }),
        response: { 200: Type.Object({ items: Type.Array(Change) }), ...refusals(401, 403, 409) },
      },
    },
    async (request) => {
      const user = userWithHistory(userOf(request));
      const asking = await askingAbout(user, planInForce(facts()), now());
      const { limit = 30, before } = request.query;
      const changes = await store.plans.changes(READ_AT_ONCE, before);
      return { items: changes.flatMap((one) => view(asking, one) ?? []).slice(0, limit) };
    },
  );

  app.post(
    '/plan/changes/:seq/undo',
    {
      schema: {
        tags: ['amendments'],
        summary: 'Take a change back, if nobody changed the same rows since',
        params: Type.Object({ seq: Type.Integer({ minimum: 1 }) }),
        response: { 200: Type.Object({ version: Type.String() }), ...refusals(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const user = userWithHistory(userOf(request));
      const change = found(await store.plans.change(request.params.seq));
      if (change.diff.length === 0)
        throw new ProblemError('conflict', 'An import is not undone; import again.');
      const back = undoing(change.diff);
      const { version } = await changePlanAs(parts, request, user, {
        files: back.files,
        rows(before) {
          const rows = back.rows(before);
          if (rows === null) throw new ProblemError('conflict', 'The same was changed again since.');
          return rows;
        },
        note: `undo ${change.seq}: ${change.note}`,
      });
      return { version };
    },
  );
}

function userWithHistory(user: User): User {
  if (amendable(user).length === 0 && !mayReadRegisters(user)) throw new ProblemError('forbidden');
  return user;
}

/** Rows shown of one change; of an import thousands may differ. */
const ROWS_SHOWN = 100;

function view(asking: RegisterAsking, change: PlanChange): PlanChangeView | null {
  const diff = change.diff.flatMap((one) => {
    const seen = diffView(asking, one);
    return seen.removed.length + seen.added.length > 0 ? [seen] : [];
  });
  if (diff.length === 0 && asking.user.role !== 'admin') return null;
  const { seq, version, by, note, files } = change;
  return { seq, at: isoTime(change.at), version, by, note, files: [...files], diff };
}

function diffView(
  asking: RegisterAsking,
  { file, removed, added }: FileDiff,
): PlanChangeView['diff'][number] {
  const resource = resourceOf(file);
  const register = registerOf(file);
  const seen = (rows: FileDiff['added']) =>
    rows
      .filter((row) => maySeeRowOf(asking, file, row))
      .slice(0, ROWS_SHOWN)
      .map((row) =>
        resource
          ? viewOf(file, row)
          : register
            ? registerRowView(register, row, true)
            : { id: '', note: null },
      );
  return { resource: resource ?? register ?? file, removed: seen(removed), added: seen(added) };
}
