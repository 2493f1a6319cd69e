import { Type } from 'typebox';
import { buildNext } from '../../plan/build-next.ts';
import { type FileChange, UPLOAD_LIMITS } from '../../plan/check-upload.ts';
import { countRows, putInForce } from '../../plan/import-plan.ts';
import { rowsOf } from '../../plan/plan-rows.ts';
import { inPlanThread, PlanThreadBusy } from '../../plan/plan-thread.ts';
import { type ApiParts, type App, planInForce, userOf } from '../app-types.ts';
import type { UploadView } from '../contract.ts';
import { askingAbout, changePlanAs, mayChangeRow } from '../plan-change.ts';
import { resourceOf } from '../policy/amend-policy.ts';
import { mayMovePlans, mayReadRegisters, registerOf } from '../policy/register-policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { registerRowView } from '../views/register-view.ts';
import { viewOf } from './amendments.ts';

/** Rows of each file that a preview shows, of what comes and of what goes. */
const ROWS_SHOWN = 50;
const tags = ['registers'];

/** A plan, or one file of it, brought in as a file and taken out as one. */
/** The answer is a file, not JSON. */
const ZIP = {
  description: 'The plan as a zip of its files',
  content: { 'application/zip': { schema: Type.String({ format: 'binary' }) } },
};

export function planFileRoutes(app: App, parts: ApiParts): void {
  const { store, facts, now, bus, plan } = parts;
  app.register(async (scope: App) => {
    scope.addContentTypeParser(
      ['application/zip', 'application/octet-stream', 'text/csv', 'application/geo+json'],
      { parseAs: 'buffer', bodyLimit: UPLOAD_LIMITS.uploadBytes },
      (_request, body, done) => done(null, body),
    );

    scope.post(
      '/plan/upload',
      {
        bodyLimit: UPLOAD_LIMITS.uploadBytes,
        schema: {
          tags,
          summary:
            'A plan as a .zip, or one file of it: checked whole and compared with the plan in force; put in force where ' +
            '`expected` names the version that the preview was made against',
          consumes: ['application/zip', 'text/csv', 'application/geo+json', 'application/octet-stream'],
          querystring: Type.Object({
            name: Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'plan.zip, vehicles.csv, fences.geojson, …',
            }),
            expected: Type.Optional(
              Type.String({
                maxLength: 100,
                description: 'Version of the preview; without it nothing is changed',
              }),
            ),
            merge: Type.Optional(
              Type.Boolean({ description: 'Of one file: other rows of the register stay', default: true }),
            ),
            note: Type.Optional(Type.String({ maxLength: 500 })),
          }),
          response: { 200: Type.Any(), ...refusals(400, 401, 403, 409, 413, 415, 429) },
        },
      },
      async (request): Promise<UploadView> => {
        const user = userOf(request);
        const { name, expected, merge = true, note = '' } = request.query;
        const whole = name.endsWith('.zip');
        if (!mayReadRegisters(user) || (whole && !mayMovePlans(user))) throw new ProblemError('forbidden');
        if (!(request.body instanceof Buffer)) throw new ProblemError('unsupported-media-type');
        const inForce = facts();
        const version = inForce?.plan.version ?? '';
        if (expected !== undefined && expected !== version) throw new ProblemError('conflict');
        const checked = await inPlanThread({
          type: 'check',
          upload: request.body,
          name,
          inForce: inForce?.files ?? null,
          merge,
        }).catch((error: unknown) => {
          throw error instanceof PlanThreadBusy ? new ProblemError('too-many-requests') : error;
        });
        if (!checked.ok) return { ok: false, version, problems: checked.problems.slice(0, 500) };
        if (inForce && !mayMovePlans(user)) {
          const asking = await askingAbout(user, inForce, now());
          const mayAll = checked.changes.every(
            ({ file, diff }) =>
              diff !== null &&
              [...diff.removed, ...diff.added].every((row) => mayChangeRow(asking, file, row)),
          );
          if (!mayAll)
            throw new ProblemError('forbidden', 'Part of this file is beyond what your account looks after.');
        }
        const preview = {
          ok: true as const,
          version,
          changes: checked.changes.map(changeView),
          warnings: checked.warnings.slice(0, 200),
        };
        if (expected === undefined) return { ...preview, inForce: false };
        if (whole || !inForce || !isByRows(checked.changes)) {
          const { files } = checked;
          const from = plan.base && plan.files ? { base: plan.base, files: plan.files } : null;
          const built = await buildNext(from, files, checked.version);
          if (!built.ok) return { ok: false, version, problems: built.problems.slice(0, 500) };
          const result = await putInForce(
            { files, store, bus, note: note || name, by: user.login, now: now() },
            {
              ok: true,
              version: checked.version,
              counts: countRows(files),
              warnings: built.warnings,
              base: built.base,
            },
          );
          await plan.refresh();
          await store.audit.append({
            at: now(),
            userId: user.id,
            action: 'plan-import',
            subject: name,
            detail: { version: result.ok ? result.version : null, note },
            remote: request.ip,
          });
          return { ...preview, version: result.ok ? result.version : version, inForce: true };
        }
        const { files } = checked;
        const changed = checked.changes.map(({ file }) => file);
        const done = await changePlanAs(parts, request, user, {
          files: changed,
          rows: () => new Map(changed.map((file) => [file, rowsOf(file, files.get(file))])),
          note: note || name,
          expected: version,
        });
        return { ...preview, version: done.version, inForce: true };
      },
    );
  });

  app.get(
    '/plan/file',
    {
      schema: {
        tags,
        summary: 'The plan in force as a .zip, to be kept or imported elsewhere. Audited: pupils are in it',
        response: { 200: ZIP, ...refusals(401, 403, 409, 429) },
      },
    },
    async (request, reply) => {
      const user = userOf(request);
      if (!mayMovePlans(user)) throw new ProblemError('forbidden');
      const { files, plan: inForce } = planInForce(facts());
      const { version } = inForce;
      if (!files) throw new ProblemError('no-plan');
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'plan-export',
        subject: version,
        detail: { files: [...files.keys()] },
        remote: request.ip,
      });
      const zip = await inPlanThread({ type: 'zip', files });
      return reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="plan-${version}.zip"`)
        .send(Buffer.from(zip) as never);
    },
  );
}

/** Rows small enough for the history, where each can be taken back. */
const MOST_ROWS = 5_000;

const isByRows = (changes: readonly FileChange[]): boolean =>
  changes.every(({ diff }) => diff !== null && diff.removed.length + diff.added.length <= MOST_ROWS);

function changeView({ file, added, removed, changed, diff }: FileChange) {
  const register = registerOf(file);
  const shown = (rows: readonly { readonly [column: string]: string }[]) =>
    rows.slice(0, ROWS_SHOWN).map((row) => {
      if (register) return registerRowView(register, row, true);
      // Pupils are counted and not shown.
      if (!resourceOf(file)) return null;
      return viewOf(file, row);
    });
  return {
    file,
    resource: register ?? resourceOf(file),
    added,
    removed,
    changed,
    comes: diff ? shown(diff.added).filter((row) => row !== null) : [],
    goes: diff ? shown(diff.removed).filter((row) => row !== null) : [],
  };
}
