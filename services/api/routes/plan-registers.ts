import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { parseWktLine } from '../../../geo/plan/wkt.ts';
import { expiringOf } from '../../plan/expiring.ts';
import { readPlanRows } from '../../plan/plan-row-files.ts';
import { keyOf, type PlanRow } from '../../plan/plan-rows.ts';
import { csvText } from '../../plan/register-rows.ts';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, planInForce, userOf } from '../app-types.ts';
import type { RegisterList, RegisterRow, RegisterRows } from '../contract.ts';
import { askingAbout, camel, changePlanAs, snake } from '../plan-change.ts';
import {
  isWide,
  mayEditRegister,
  mayEditRow,
  mayMovePlans,
  mayReadRegisters,
  maySeeRow,
  ownColumns,
  PERSONAL_COLUMNS,
  REGISTER_NAMES,
  REGISTERS,
  type RegisterAsking,
  type RegisterName,
} from '../policy/register-policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals, textOrNull, words } from '../schemas/basics.ts';
import { localDay } from '../time.ts';
import { columnsOfRegister, neededColumns, registerRowView, rowVersion } from '../views/register-view.ts';

/** The line of a route or the ring of a fence is one cell. */
const LONGEST_CELL = 500_000;
const LARGEST_ROW_BYTES = 1024 * 1024;
const MOST_FIELDS = 60;
const FIELD = '^[A-Za-z][A-Za-z0-9]{0,60}$';

const Register = Type.Object({ register: words(REGISTER_NAMES) });
const RowKey = Type.Object({
  register: words(REGISTER_NAMES),
  key: Type.String({ minLength: 1, maxLength: 600 }),
});
const Cells = Type.Record(
  Type.String({ pattern: FIELD }),
  Type.Union([Type.String({ maxLength: LONGEST_CELL }), Type.Number(), Type.Null()]),
  { maxProperties: MOST_FIELDS, additionalProperties: false },
);
const Row = Type.Object({
  key: Type.String(),
  rowVersion: Type.String({ description: 'Names this content; to be given with a change of it' }),
  mayEdit: Type.Boolean(),
  masked: Type.Boolean({
    description: 'Some cells are hidden; the row by itself shows them, which is audited',
  }),
  cells: Type.Record(Type.String(), textOrNull()),
});
const Changed = Type.Object({ version: Type.String(), row: Row });
const Note = Type.Optional(Type.String({ maxLength: 500, description: 'Kept with the change' }));
const tags = ['registers'];

/** The plan's registers, row by row. A change is a new version of the plan, checked as an import is, in force at once. */
export function planRegisterRoutes(app: App, parts: ApiParts): void {
  const { store, facts, now } = parts;
  const asking = (request: FastifyRequest): Promise<RegisterAsking> => {
    const user = userOf(request);
    if (!mayReadRegisters(user)) throw new ProblemError('forbidden');
    return askingAbout(user, planInForce(facts()), now());
  };
  const rowsIn = async ({ facts: { files } }: RegisterAsking, register: RegisterName) => {
    const { file } = REGISTERS[register];
    return readPlanRows(file, files?.get(file));
  };
  const audited = (request: FastifyRequest, user: User, register: RegisterName, what: string, rows: number) =>
    store.audit.append({
      at: now(),
      userId: user.id,
      action: 'register-read',
      subject: `${register}: ${what}`,
      detail: { rows },
      remote: request.ip,
    });

  app.get(
    '/registers',
    {
      schema: {
        tags,
        summary: 'The registers of the plan, their columns, and what of them the login may change',
        response: { 200: Type.Any(), ...refusals(401, 403, 409) },
      },
    },
    async (request): Promise<RegisterList> => {
      const { user, facts: plan } = await asking(request);
      return {
        version: plan.plan.version,
        mayMovePlans: mayMovePlans(user),
        registers: REGISTER_NAMES.map((name) => ({
          name,
          file: REGISTERS[name].file,
          columns: columnsOfRegister(name).map(camel),
          needed: neededColumns(name).map(camel),
          personal: (PERSONAL_COLUMNS[name] ?? []).map(camel),
          mayEdit: mayEditRegister(user, name),
          mayAdd: mayEditRegister(user, name) && (isWide(user) || ADDED_BY_DISTRICTS.has(name)),
        })),
      };
    },
  );

  app.get(
    '/registers/:register',
    {
      schema: {
        tags,
        summary:
          'Rows of a register that the login may see, in the order of the file; what tells who a person is, masked',
        params: Register,
        querystring: Type.Object({
          search: Type.Optional(
            Type.String({ maxLength: 100, description: 'Text in any cell that is shown' }),
          ),
          role: Type.Optional(words(['driver', 'escort'], 'Of people')),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
          offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0 })),
        }),
        response: {
          200: Type.Object({ version: Type.String(), total: Type.Integer(), items: Type.Array(Row) }),
          ...refusals(400, 401, 403, 409),
        },
      },
    },
    async (request): Promise<RegisterRows> => {
      const of = await asking(request);
      const { register } = request.params;
      const { search = '', role, limit = 100, offset = 0 } = request.query;
      const wanted = search.trim().toLowerCase();
      const seen = (await rowsIn(of, register)).filter(
        (row) =>
          (role === undefined || register !== 'people' || row.role === role) &&
          holds(register, row, wanted) &&
          maySeeRow(of, register, row),
      );
      const items = seen.slice(offset, offset + limit).map((row) => rowView(of, register, row, true));
      return { version: of.facts.plan.version, total: seen.length, items };
    },
  );

  app.get(
    '/registers/:register/:key',
    {
      schema: {
        tags,
        summary: 'One row whole; where it is about a person the look is audited',
        params: RowKey,
        response: { 200: Row, ...refusals(401, 403, 404, 409) },
      },
    },
    async (request): Promise<RegisterRow> => {
      const of = await asking(request);
      const { register, key } = request.params;
      const row = await visible(of, register, key);
      if (PERSONAL_COLUMNS[register]) await audited(request, of.user, register, key, 1);
      return rowView(of, register, row, false);
    },
  );

  async function visible(of: RegisterAsking, register: RegisterName, key: string): Promise<PlanRow> {
    const { file } = REGISTERS[register];
    const row = (await rowsIn(of, register)).find((one) => keyOf(file, one) === key);
    if (!row || !maySeeRow(of, register, row)) throw new ProblemError('not-found');
    return row;
  }

  app.post(
    '/registers/:register',
    {
      bodyLimit: LARGEST_ROW_BYTES,
      schema: {
        tags,
        summary: 'Add a row',
        params: Register,
        body: Type.Object({ cells: Cells, note: Note }, { additionalProperties: false }),
        response: { 201: Changed, ...refusals(400, 401, 403, 409) },
      },
    },
    async (request, reply) => {
      const of = await editing(request);
      const { register } = request.params;
      const { file } = REGISTERS[register];
      const { cells, note } = request.body;
      const row = { ...ownColumns(of.user, register), ...rowOf(register, cells) };
      const { version } = await changePlanAs(parts, request, of.user, {
        files: [file],
        rows(before) {
          const given = { ...row };
          if (register === 'fences' && !given.id) given.id = freeId(before(file));
          Object.assign(row, given);
          if (before(file).some((one) => keyOf(file, one) === keyOf(file, row)))
            throw new ProblemError('conflict', `There is a row ${keyOf(file, row)} already.`);
          return new Map([[file, [...before(file), row]]]);
        },
        note: note || `${register}: + ${keyOf(file, row)}`,
      });
      const after = await asking(request);
      return reply.code(201).send({ version, row: rowView(after, register, row, false) });
    },
  );

  app.put(
    '/registers/:register/:key',
    {
      bodyLimit: LARGEST_ROW_BYTES,
      schema: {
        tags,
        summary: 'Change cells of a row; refused where the row is not as it was seen any more',
        params: RowKey,
        body: Type.Object(
          { cells: Cells, rowVersion: Type.String({ maxLength: 100 }), note: Note },
          { additionalProperties: false },
        ),
        response: { 200: Changed, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const of = await editing(request);
      const { register, key } = request.params;
      const { file } = REGISTERS[register];
      const { cells, rowVersion: seen, note } = request.body;
      await visible(of, register, key);
      let row: PlanRow = {};
      const { version } = await changePlanAs(parts, request, of.user, {
        files: [file],
        rows(before) {
          const was = asSeen(before(file), file, key, seen);
          row = { ...was, ...rowOf(register, cells) };
          return new Map([[file, before(file).map((one) => (one === was ? row : one))]]);
        },
        note: note || `${register}: ${key}`,
      });
      return { version, row: rowView(await asking(request), register, row, false) };
    },
  );

  app.delete(
    '/registers/:register/:key',
    {
      schema: {
        tags,
        summary: 'Take a row out; refused where others of the plan refer to it',
        params: RowKey,
        querystring: Type.Object({ rowVersion: Type.String({ maxLength: 100 }) }),
        response: { 200: Type.Object({ version: Type.String() }), ...refusals(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      const of = await editing(request);
      const { register, key } = request.params;
      const { file } = REGISTERS[register];
      await visible(of, register, key);
      const { version } = await changePlanAs(parts, request, of.user, {
        files: [file],
        rows(before) {
          const was = asSeen(before(file), file, key, request.query.rowVersion);
          return new Map([[file, before(file).filter((one) => one !== was)]]);
        },
        note: `${register}: - ${key}`,
      });
      return { version };
    },
  );

  async function editing(request: FastifyRequest): Promise<RegisterAsking> {
    const { register } = request.params as { register: RegisterName };
    if (!mayEditRegister(userOf(request), register)) throw new ProblemError('forbidden');
    return asking(request);
  }

  app.get(
    '/expiring',
    {
      schema: {
        tags,
        summary: 'Permits, licences, inspections and insurances that run out or have run out, soonest first',
        querystring: Type.Object({
          days: Type.Optional(Type.Integer({ minimum: 0, maximum: 366, default: 60 })),
        }),
        response: { 200: Type.Any(), ...refusals(401, 403, 409) },
      },
    },
    async (request) => {
      const of = await asking(request);
      const { plan } = of.facts;
      const { date } = localDay(now(), plan.timeZone);
      const items = expiringOf(plan, date, request.query.days ?? 60).filter((one) =>
        one.vehicle !== null
          ? maySeeRow(of, 'vehicles', { vehicle_id: one.vehicle })
          : maySeePerson(of, one.person ?? ''),
      );
      const named = items.map(({ file, ...one }) => ({
        ...one,
        register: REGISTER_NAMES.find((name) => REGISTERS[name].file === file),
        operator: one.vehicle === null ? null : operatorOf(of, one.vehicle),
      }));
      return { today: date, items: named.slice(0, MOST_EXPIRING), total: items.length };
    },
  );

  const maySeePerson = (of: RegisterAsking, person_id: string): boolean =>
    isWide(of.user) || maySeeRow(of, 'people', { person_id });

  app.get(
    '/registers/:register/file',
    {
      schema: {
        tags,
        summary: 'The rows that the login may see as a file of the plan: CSV, or GeoJSON of fences',
        params: Register,
        response: { 200: Type.String(), ...refusals(401, 403, 409) },
      },
    },
    async (request, reply) => {
      const of = await asking(request);
      const { register } = request.params;
      if (!mayEditRegister(of.user, register) && PERSONAL_COLUMNS[register])
        throw new ProblemError('forbidden');
      const rows = (await rowsIn(of, register)).filter((row) => maySeeRow(of, register, row));
      if (PERSONAL_COLUMNS[register]) await audited(request, of.user, register, 'file', rows.length);
      const columns = [...new Set([...columnsOfRegister(register), ...Object.keys(rows[0] ?? {})])];
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${register}.csv"`)
        .serializer(asIs)
        .send(`\ufeff${csvText(columns, rows)}` as never);
    },
  );
}

const MOST_EXPIRING = 2_000;
/** A user of one district or carrier may add what says itself whose it is, and what hangs on such. */
const ADDED_BY_DISTRICTS: ReadonlySet<RegisterName> = new Set([
  'vehicles',
  'permits',
  'people',
  'schools',
  'duties',
  'fences',
]);

const asIs = (text: unknown): string => String(text);

function rowView(of: RegisterAsking, register: RegisterName, row: PlanRow, masked: boolean): RegisterRow {
  const { id, note: _, ...rest } = registerRowView(register, row, masked);
  const cells = columnsOfRegister(register).includes('id') ? { ...rest, id } : rest;
  return {
    key: id,
    rowVersion: rowVersion(row),
    mayEdit: mayEditRow(of, register, row),
    masked: masked && PERSONAL_COLUMNS[register] !== undefined,
    cells,
  };
}

/** Is the text in a cell that lists show? Hidden ones are not searched: that would tell what they hold. */
function holds(register: RegisterName, row: PlanRow, wanted: string): boolean {
  if (wanted === '') return true;
  const hidden = PERSONAL_COLUMNS[register] ?? [];
  return columnsOfRegister(register).some(
    (column) => !hidden.includes(column) && (row[column] ?? '').toLowerCase().includes(wanted),
  );
}

function asSeen(rows: readonly PlanRow[], file: string, key: string, seen: string): PlanRow {
  const row = rows.find((one) => keyOf(file, one) === key);
  if (!row || rowVersion(row) !== seen) throw new ProblemError('conflict');
  return row;
}

/** Cells as the file has them: columns that there are, trimmed as a reader would; a line in one way of writing it. */
function rowOf(register: RegisterName, cells: { readonly [field: string]: string | number | null }): PlanRow {
  const columns = columnsOfRegister(register);
  const row: { [column: string]: string } = {};
  for (const [field, value] of Object.entries(cells)) {
    const column = snake(field);
    if (!columns.includes(column)) {
      const errors = [{ path: `body/cells/${field}`, reason: 'is no column of this register' }];
      throw new ProblemError('bad-request', `There is no column ${field}.`, { errors });
    }
    row[column] = value === null ? '' : String(value).trim();
  }
  if (register === 'lines' && row.line !== undefined) {
    const points = parseWktLine(row.line);
    if (typeof points === 'string')
      throw new ProblemError('bad-request', points, {
        errors: [{ path: 'body/cells/line', reason: points }],
      });
    row.line = `LINESTRING(${points.map(([lon, lat]) => `${lon} ${lat}`).join(', ')})`;
  }
  return row;
}

function freeId(rows: readonly PlanRow[]): string {
  const taken = new Set(rows.map((row) => row.id));
  let number = rows.length + 1;
  while (taken.has(`F-${number}`)) number++;
  return `F-${number}`;
}

function operatorOf({ facts: { plan } }: RegisterAsking, vehicle: string): string | null {
  const operator = plan.vehicles.get(vehicle)?.operatorId ?? null;
  return operator === null ? null : (plan.agencies.get(operator)?.name ?? operator);
}
