import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { settingNames } from '../../../geo/judge/setting-names.ts';
import { AMENDMENT_FILES } from '../../../geo/plan/amendments/read-amendments.ts';
import { type AmendmentRow, columnsOf, readRows } from '../../plan/amendment-rows.ts';
import type { Change } from '../../plan/change-plan.ts';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, planInForce, userWhoMay } from '../app-types.ts';
import type { AmendmentView } from '../contract.ts';
import { camel, changePlanAs, snake } from '../plan-change.ts';
import { AMENDMENTS, type AmendmentResource, mayAmend, maySeeAmendment } from '../policy/amend-policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals, textOrNull } from '../schemas/basics.ts';
import { isoTime, localDay } from '../time.ts';

const SUMMARY: { readonly [resource in AmendmentResource]: string } = {
  'rule-settings': 'numbers of rules otherwise than by default, and rules in shadow or off',
  orders: 'weather orders (校车安全管理条例 Art. 35)',
  detours: 'declared detours',
  excuses: 'excuses for leaving the route (校车安全管理条例 Art. 30)',
  'school-calendar': 'days on which schools go by another timetable',
  dispatch: 'changes of runs on their day',
};

/** A cell may hold the points of a detour. */
const LONGEST_CELL = 20_000;
const LARGEST_FILE_BYTES = 2 * 1024 * 1024;
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });
const Cell = Type.Union([
  Type.String({ maxLength: LONGEST_CELL }),
  Type.Number(),
  Type.Boolean(),
  Type.Null(),
]);
const Note = Type.Optional(Type.String({ maxLength: 500, description: 'Kept with the version' }));

export type Body = { readonly [field: string]: string | number | boolean | null };

/** Amendments of the plan as resources: each change is a new version of the plan, in force at once. */
export function amendmentRoutes(app: App, parts: ApiParts): void {
  for (const resource of Object.keys(AMENDMENTS) as AmendmentResource[]) routesOf(app, parts, resource);
  dispatchOfTrip(app, parts);
}

function routesOf(app: App, parts: ApiParts, resource: AmendmentResource): void {
  const { file, action } = AMENDMENTS[resource];
  const fields = columnsOf(file).map(camel);
  const Item = Type.Object(Object.fromEntries(fields.map((field) => [field, textOrNull()])));
  const RowBody = Type.Object(Object.fromEntries(fields.map((field) => [field, Type.Optional(Cell)])), {
    additionalProperties: false,
  });
  const Changed = Type.Object({ version: Type.String(), item: Item });
  const tags = ['amendments'];

  app.get(
    `/${resource}`,
    {
      schema: {
        tags,
        summary: `List: ${SUMMARY[resource]}`,
        response: {
          200: Type.Object({
            version: Type.String(),
            items: Type.Array(Item),
            defaults: Type.Optional(Type.Any()),
          }),
          ...refusals(401, 403, 409),
        },
      },
    },
    async (request) => {
      const user = userWhoMay(request, action);
      const facts = planInForce(parts.facts());
      const items = readRows(file, facts.files?.get(file))
        .filter((row) => maySeeAmendment(user, facts, resource, row, parts.now()))
        .map((row) => viewOf(file, row));
      const defaults = resource === 'rule-settings' ? { defaults: settingNames() } : {};
      return { version: facts.plan.version, items, ...defaults };
    },
  );

  app.post(
    `/${resource}`,
    {
      schema: {
        tags,
        summary: `Add: ${SUMMARY[resource]}`,
        body: RowBody,
        response: { 201: Changed, ...refusals(400, 401, 403, 409) },
      },
    },
    async (request, reply) => {
      const user = userWhoMay(request, action);
      const row = newRow(rowOf(request.body as Body), resource, user, parts);
      const version = await putRow(parts, request, user, resource, row, (rows) => [...rows, row]);
      return reply.code(201).send({ version, item: viewOf(file, row) });
    },
  );

  app.put(
    `/${resource}/:id`,
    {
      schema: {
        tags,
        summary: `Replace one: ${SUMMARY[resource]}`,
        params: Id,
        body: RowBody,
        response: { 200: Changed, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const user = userWhoMay(request, action);
      const { id } = request.params;
      const row = { ...rowOf(request.body as Body), id };
      const version = await putRow(parts, request, user, resource, row, (rows) => {
        if (!rows.some((one) => one.id === id)) throw new ProblemError('not-found');
        return rows.map((one) => (one.id === id ? row : one));
      });
      return { version, item: viewOf(file, row) };
    },
  );

  app.delete(
    `/${resource}/:id`,
    {
      schema: {
        tags,
        summary: `Take one out: ${SUMMARY[resource]}`,
        params: Id,
        response: { 200: Type.Object({ version: Type.String() }), ...refusals(401, 403, 404, 409) },
      },
    },
    async (request) => dropRow(parts, request, userWhoMay(request, action), resource, request.params.id),
  );

  app.put(
    `/${resource}`,
    {
      bodyLimit: LARGEST_FILE_BYTES,
      schema: {
        tags,
        summary: `Replace all: ${SUMMARY[resource]}; refused where the plan is not at \`version\` any more`,
        body: Type.Object(
          {
            version: Type.String({ maxLength: 100 }),
            items: Type.Array(RowBody, { maxItems: 2_000 }),
            note: Note,
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ version: Type.String() }), ...refusals(400, 401, 403, 409) },
      },
    },
    async (request) => {
      const user = userWhoMay(request, action);
      const { version: expected, items, note = '' } = request.body;
      const rows = items.map((item) => newRow(rowOf(item as Body), resource, user, parts));
      const version = await amend(parts, request, user, {
        rows: () => new Map([[file, rows]]),
        note: note || `${resource}: all`,
        expected,
      });
      return { version };
    },
  );
}

/** Dispatch as something done to one run. */
function dispatchOfTrip(app: App, parts: ApiParts): void {
  const { file } = AMENDMENTS.dispatch;
  const params = Type.Object({ id: Type.String({ maxLength: 300 }) });
  app.post(
    '/trips/:id/dispatch',
    {
      schema: {
        tags: ['trips'],
        summary:
          'Change a run on its day: another vehicle, driver or escort, cancel, merge, split, early, detour',
        params,
        body: Type.Object(
          {
            action: Type.String({ maxLength: 20 }),
            value: Type.Optional(Type.String({ maxLength: 400 })),
            serviceDate: Type.Optional(
              Type.String({ pattern: '^\\d{4}-?\\d{2}-?\\d{2}$', description: 'Today if left out' }),
            ),
            note: Type.Optional(Type.String({ maxLength: 500 })),
          },
          { additionalProperties: false },
        ),
        response: {
          201: Type.Object({ version: Type.String(), item: Type.Any() }),
          ...refusals(400, 401, 403, 404, 409),
        },
      },
    },
    async (request, reply) => {
      const user = userWhoMay(request, 'dispatch');
      const { id } = request.params;
      const facts = planInForce(parts.facts());
      if (!facts.plan.trips.has(id) || !mayAmend(user, facts, 'dispatch', { trip_id: id }, parts.now()))
        throw new ProblemError('not-found');
      const row = newRow(rowOf({ ...request.body, tripId: id }), 'dispatch', user, parts);
      const version = await putRow(parts, request, user, 'dispatch', row, (rows) => [...rows, row]);
      return reply.code(201).send({ version, item: viewOf(file, row) });
    },
  );

  app.delete(
    '/trips/:id/dispatch/:row',
    {
      schema: {
        tags: ['trips'],
        summary: 'Undo one change of a run',
        params: Type.Object({ id: Type.String({ maxLength: 300 }), row: Type.String({ maxLength: 200 }) }),
        response: { 200: Type.Object({ version: Type.String() }), ...refusals(401, 403, 404, 409) },
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'dispatch');
      const { id, row } = request.params;
      return dropRow(parts, request, user, 'dispatch', row, (one) => one.trip_id === id);
    },
  );
}

/** Fills in what a new row need not say. */
function newRow(
  row: AmendmentRow,
  resource: AmendmentResource,
  user: User,
  { now, facts }: ApiParts,
): AmendmentRow {
  const time = now();
  const made = { ...row, id: row.id || `${user.login}-${randomUUID().slice(0, 8)}` };
  if (resource !== 'dispatch') return made;
  const zone = planInForce(facts()).plan.timeZone;
  return {
    ...made,
    service_date: row.service_date || localDay(time, zone).date,
    at: row.at || isoTime(time),
    by: user.login,
  };
}

async function putRow(
  parts: ApiParts,
  request: FastifyRequest,
  user: User,
  resource: AmendmentResource,
  row: AmendmentRow,
  change: (rows: readonly AmendmentRow[]) => readonly AmendmentRow[],
): Promise<string> {
  const { file } = AMENDMENTS[resource];
  return amend(parts, request, user, {
    rows: (before) => new Map([[file, change(before(file))]]),
    note: `${resource}: ${row.note || row.id}`,
  });
}

async function dropRow(
  parts: ApiParts,
  request: FastifyRequest,
  user: User,
  resource: AmendmentResource,
  id: string,
  fits: (row: AmendmentRow) => boolean = () => true,
): Promise<{ version: string }> {
  const { file } = AMENDMENTS[resource];
  const facts = planInForce(parts.facts());
  const version = await amend(parts, request, user, {
    rows(before) {
      const rows = before(file);
      const row = rows.find((one) => one.id === id && fits(one));
      if (!row || !maySeeAmendment(user, facts, resource, row, parts.now()))
        throw new ProblemError('not-found');
      return new Map([[file, rows.filter((one) => one !== row)]]);
    },
    note: `${resource}: - ${id}`,
  });
  return { version };
}

/** Changes rows of amendments if the user may make all of it, and notes it in the audit log. */
export async function amend(
  parts: ApiParts,
  request: FastifyRequest,
  user: User,
  change: Omit<Change, 'by' | 'check' | 'files'>,
): Promise<string> {
  return (await changePlanAs(parts, request, user, { ...change, files: AMENDMENT_FILES })).version;
}

export const rowOf = (body: Body): AmendmentRow =>
  Object.fromEntries(
    Object.entries(body)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([field, value]) => [snake(field), String(value)]),
  );

/** Every column of the file, blank ones as null. */
export const viewOf = (file: string, row: AmendmentRow): AmendmentView =>
  Object.fromEntries(columnsOf(file).map((column) => [camel(column), row[column] || null])) as AmendmentView;
