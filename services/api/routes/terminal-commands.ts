import { Type } from 'typebox';
import { commandedSubject } from '../../bus/subjects.ts';
import type { CommandKind } from '../../commands/command-kind.ts';
import { COMMANDS, commandKind } from '../../commands/command-table.ts';
import { planForTerminal } from '../../commands/plan-areas.ts';
import type { CommandChange } from '../../ingest/live-events.ts';
import type { CommandRow } from '../../store/command-store.ts';
import { type ApiParts, type App, planInForce, userWhoMay } from '../app-types.ts';
import type { CommandKindView, CommandView, TerminalCommandRequest } from '../contract.ts';
import { may } from '../policy/policy.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { CommandBody, CommandKindSchema, PLAN_AREAS, requestSchema } from '../schemas/commands.ts';
import { commandKindView, commandView, eventsView } from '../views/command-view.ts';
import { announceCommand, askTerminal, nudgeTerminal } from './ask-terminal.ts';
import { readCursor, writeCursor } from './query.ts';
import { type CommandedTerminal, commandedTerminal, PhoneParam } from './terminal-of.ts';

const MAX_WAIT_S = 25;
/** A set of areas may have some thousands of corners. */
const MAX_BODY_BYTES = 512 * 1024;

const Id = Type.String({ pattern: '^[0-9a-f-]{36}$' });
const Params = Type.Object({ phone: PhoneParam });
const OneParams = Type.Object({ phone: PhoneParam, id: Id });

/** Commands to terminals: queued in the database, delivered by whichever process holds the connection. */
export function commandRoutes(app: App, parts: ApiParts): void {
  const { store, bus, now } = parts;

  app.get(
    '/command-kinds',
    {
      schema: {
        tags: ['terminals'],
        summary: 'What this login may ask of terminals, with the JSON Schema of each request',
        response: { 200: Type.Object({ items: Type.Array(CommandKindSchema) }), ...refusals(401, 403) },
      },
    },
    async (request): Promise<{ items: CommandKindView[] }> => {
      const user = userWhoMay(request, 'command');
      const all = [...COMMANDS.map((kind) => commandKindView(kind)), planAreasView()];
      return { items: all.filter(({ right }) => may(user, right)) };
    },
  );

  app.get(
    '/terminals/:phone/commands',
    {
      schema: {
        tags: ['terminals'],
        summary: 'What was asked of the terminal and what became of it, newest first',
        params: Params,
        querystring: Type.Object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          type: Type.Optional(Type.String({ maxLength: 40 })),
          before: Type.Optional(
            Type.String({ maxLength: 600, description: 'The `next` of an earlier page' }),
          ),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Type.Ref('Command')),
            next: Type.Union([Type.String(), Type.Null()]),
          }),
          ...refusals(400, 401, 403, 404),
        },
      },
    },
    async (request): Promise<{ items: CommandView[]; next: string | null }> => {
      const { phone } = await commandedTerminal(request, request.params.phone, parts);
      const { limit = 50, type } = request.query;
      const before = readCursor(request.query.before)?.start;
      const rows = await store.commands.list({
        phone,
        limit,
        ...(type === undefined ? {} : { type }),
        ...(before === undefined ? {} : { before }),
      });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return { items: rows.map(commandView), next: last ? writeCursor(last.seq, last.id) : null };
    },
  );

  app.get(
    '/terminals/:phone/commands/:id',
    {
      schema: {
        tags: ['terminals'],
        summary: 'One command with everything that happened to it',
        params: OneParams,
        response: { 200: Type.Ref('Command'), ...refusals(401, 403, 404) },
      },
    },
    async (request): Promise<CommandView> => {
      const { phone } = await commandedTerminal(request, request.params.phone, parts);
      return withEvents(await commandOf(phone, request.params.id));
    },
  );

  app.post(
    '/terminals/:phone/commands',
    {
      bodyLimit: MAX_BODY_BYTES,
      schema: {
        tags: ['terminals'],
        summary: 'Asks something of a terminal; where it is away the command waits for it',
        params: Params,
        querystring: Type.Object({
          wait: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: MAX_WAIT_S,
              default: 0,
              description: 'Seconds to wait for its end; 200 if it ended, else 202',
            }),
          ),
        }),
        body: CommandBody,
        response: {
          200: Type.Ref('Command'),
          202: Type.Ref('Command'),
          ...refusals(400, 401, 403, 404, 409, 429, 503),
        },
      },
    },
    async (request, reply): Promise<CommandView> => {
      const terminal = await commandedTerminal(request, request.params.phone, parts);
      const { phone } = terminal;
      const { expiresInS, ...asked } = request.body;
      const [kind, fields] = resolve(asked, terminal);
      const queued = await askTerminal(parts, terminal, { kind, fields, expiresInS }, request.ip);
      const ended = watchEnd(queued.id, phone, (request.query.wait ?? 0) * 1_000);
      const connected = await nudgeTerminal(bus, phone);
      const row = (await ended) ?? queued;
      reply.code(hasEnded(row) ? 200 : 202);
      reply.header('location', `/api/v1/terminals/${phone}/commands/${row.id}`);
      return { ...commandView(row), connected };
    },
  );

  app.post(
    '/terminals/:phone/commands/:id/cancel',
    {
      schema: {
        tags: ['terminals'],
        summary: 'Takes a command out of the queue, as long as it was not sent',
        params: OneParams,
        response: { 200: Type.Ref('Command'), ...refusals(401, 403, 404, 409) },
      },
    },
    async (request): Promise<CommandView> => {
      const { user, phone } = await commandedTerminal(request, request.params.phone, parts);
      const command = await commandOf(phone, request.params.id);
      const right = commandKind(command.type)?.right ?? 'command';
      if (!may(user, right)) throw new ProblemError('forbidden');
      const at = now();
      const remote = request.ip;
      const detail = { user: user.displayName, userId: user.id, remote };
      const cancelled = await store.commands.cancelled(command.id, at, detail);
      if (!cancelled) throw new ProblemError('command-under-way', `It is ${command.state}.`);
      await store.audit.append({
        at,
        userId: user.id,
        action: 'terminal-command-cancel',
        subject: phone,
        detail: { id: command.id, type: command.type },
        remote,
      });
      announceCommand(bus, cancelled);
      return withEvents(cancelled);
    },
  );

  async function commandOf(phone: string, id: string): Promise<CommandRow> {
    const row = found(await store.commands.get(id));
    if (row.phone !== phone) throw new ProblemError('not-found');
    return row;
  }

  async function withEvents(row: CommandRow): Promise<CommandView> {
    return { ...commandView(row), events: eventsView(await store.commands.events(row.id)) };
  }

  /** The kind and its fields; the areas of the plan become those of the plan as it is now. */
  function resolve(
    asked: Omit<TerminalCommandRequest, 'expiresInS'>,
    { plan, vehicle }: CommandedTerminal,
  ): [CommandKind, { [field: string]: unknown }] {
    if (asked.type === 'plan_areas') {
      const inForce = planInForce(plan);
      const runs = inForce.dayAt(now()).runsByVehicle.get(vehicle) ?? [];
      return [found(commandKind('set_areas')), { ...planForTerminal(inForce.plan, runs).areas }];
    }
    const { type, ...fields } = asked;
    return [found(commandKind(type)), fields];
  }

  /** The command once it has ended, or as it is after `ms`; null where nobody wants to wait. */
  async function watchEnd(id: string, phone: string, ms: number): Promise<CommandRow | null> {
    if (ms === 0) return null;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const stop = bus.subscribe(commandedSubject(phone), (payload) => {
      const change = payload as CommandChange;
      if (change.id === id && hasEnded(change)) end();
    });
    const timer = setTimeout(end, ms);
    await ended;
    clearTimeout(timer);
    stop();
    return store.commands.get(id);
  }
}

const hasEnded = ({ state }: Pick<CommandRow, 'state'>): boolean => state !== 'queued' && state !== 'sent';

function planAreasView(): CommandKindView {
  const kind = commandKindView(found(commandKind('set_areas')));
  const schema = requestSchema(PLAN_AREAS) as unknown as CommandKindView['schema'];
  return { ...kind, type: PLAN_AREAS.type, summary: PLAN_AREAS.summary, schema };
}
