import { Type } from 'typebox';
import { BusNoAnswer } from '../../bus/bus.ts';
import { commandSubject } from '../../bus/subjects.ts';
import type { TerminalCommand, TerminalCommandResult } from '../../ingest/live-events.ts';
import { type ApiParts, type App, userWhoMay, userWithShareIn } from '../app-types.ts';
import type { TerminalCommandRequest, TerminalView } from '../contract.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { maySeeTerminal } from '../policy/policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals } from '../schemas/basics.ts';
import { Terminal } from '../schemas/registers.ts';
import { isoTimeOrNull } from '../time.ts';

/** How long a terminal may take to answer a command; the bus is given a little more. */
const ANSWER_WITHIN_MS = 10_000;
const BUS_MARGIN_MS = 1_000;

const Command = Type.Union([
  Type.Object(
    {
      type: Type.Literal('text'),
      text: Type.String({ minLength: 1, maxLength: 500 }),
      urgent: Type.Optional(Type.Boolean()),
      display: Type.Optional(Type.Boolean({ description: 'True if left out' })),
      speak: Type.Optional(Type.Boolean({ description: 'True if left out' })),
    },
    { additionalProperties: false, description: 'Shows or speaks a text on board (0x8300)' },
  ),
  Type.Object(
    { type: Type.Literal('locate') },
    { additionalProperties: false, description: 'Asks for a position now (0x8201)' },
  ),
  Type.Object(
    {
      type: Type.Literal('track'),
      intervalS: Type.Integer({ minimum: 0, maximum: 3600, description: '0 ends it' }),
      durationS: Type.Integer({ minimum: 0, maximum: 86_400 }),
    },
    { additionalProperties: false, description: 'Asks for closer reports for a while (0x8202)' },
  ),
]);

export function terminalRoutes(app: App, { store, bus, facts, hub, now }: ApiParts): void {
  app.get(
    '/terminals',
    {
      schema: {
        tags: ['terminals'],
        summary: 'Terminals that have ever registered or been heard',
        response: { 200: Type.Object({ items: Type.Array(Terminal) }), ...refusals(401, 403) },
      },
    },
    async (request): Promise<{ items: TerminalView[] }> => {
      const user = userWithShareIn(request, 'terminals');
      const plan = facts();
      const rows = await store.terminals.list();
      const items = rows.flatMap((row) => {
        const vehicle = vehicleOf(plan, row.phone);
        if (!maySeeTerminal(user, plan, vehicle)) return [];
        return {
          phone: row.phone,
          vehicle,
          plate: plan?.plan.vehicles.get(vehicle)?.plate ?? null,
          registeredPlate: row.plate,
          manufacturer: row.manufacturer,
          model: row.model,
          terminalId: row.terminalId,
          version: row.version,
          approved: row.approved,
          registeredAt: isoTimeOrNull(row.registeredAt),
          lastSeenAt: isoTimeOrNull(later(row.lastSeenAt, hub.positions.get(vehicle)?.report.receivedAt)),
        };
      });
      return { items };
    },
  );

  app.post(
    '/terminals/:phone/commands',
    {
      schema: {
        tags: ['terminals'],
        summary: 'Tells a terminal to do something, and waits until it says that it did',
        params: Type.Object({ phone: Type.String({ pattern: '^\\d{1,20}$' }) }),
        body: Command,
        response: {
          200: Type.Object({ result: Type.Literal('done') }),
          ...refusals(400, 401, 403, 404, 409, 429, 503, 504),
        },
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'command');
      const phone = request.params.phone.replace(/^0+(?=\d)/, '');
      const plan = facts();
      const terminal = await store.terminals.get(phone);
      const known = terminal !== null || plan?.plan.vehicleByPhone.has(phone);
      if (!known || !maySeeTerminal(user, plan, vehicleOf(plan, phone))) throw new ProblemError('not-found');
      const audit = (action: string, detail: unknown) =>
        store.audit.append({
          at: now(),
          userId: user.id,
          action,
          subject: phone,
          detail,
          remote: request.ip,
        });

      await audit('terminal-command', request.body);
      const message = messageOf(request.body, terminal?.version ?? '2013');
      const command: TerminalCommand = { ...message, timeoutMs: ANSWER_WITHIN_MS };
      const problem = await bus
        .request(commandSubject(phone), command, ANSWER_WITHIN_MS + BUS_MARGIN_MS)
        .then((answer) => problemOf(answer as TerminalCommandResult), problemOfNoAnswer);
      await audit('terminal-command-result', { result: problem?.type ?? 'done' });
      if (problem) throw problem;
      return { result: 'done' as const };
    },
  );
}

/** The register notes a terminal when it signs on; its reports tell of it since. */
const later = (noted: number | null, reported: number | undefined): number | null =>
  reported === undefined ? noted : Math.max(noted ?? 0, reported);

/** As the ingest names it: the vehicle of the register, else the terminal itself. */
function vehicleOf(plan: PlanFacts | null, phone: string): string {
  const bare = phone.replace(/^0+(?=\d)/, '');
  return plan?.plan.vehicleByPhone.get(bare)?.id ?? `terminal:${bare}`;
}

/**
 * The command as a message of JT/T 808, its fields as the codec names them. Of the text flag (table 37) the edition of
 * 2013 has bit 0 for urgent; that of 2019 has bits 0-1: 2 urgent, 3 notice.
 */
function messageOf(
  command: TerminalCommandRequest,
  version: string,
): Pick<TerminalCommand, 'msgId' | 'body'> {
  switch (command.type) {
    case 'text': {
      const { text, urgent = false, display = true, speak = true } = command;
      const is2019 = version === '2019';
      const urgency = urgent ? (is2019 ? 2 : 1) : is2019 ? 3 : 0;
      const flag = urgency | (display ? 0b100 : 0) | (speak ? 0b1000 : 0);
      return { msgId: 0x8300, body: { flag, ...(is2019 ? { textType: 1 } : {}), text } };
    }
    case 'locate':
      return { msgId: 0x8201, body: {} };
    case 'track':
      return { msgId: 0x8202, body: { intervalS: command.intervalS, validityS: command.durationS } };
  }
}

function problemOf(answer: TerminalCommandResult): ProblemError | null {
  if (answer.ok) {
    if (answer.result === 0) return null;
    const said = ['', 'that it failed', 'that the message is wrong', 'that it cannot do this'];
    return new ProblemError(
      'terminal-refused',
      `It answered ${said[answer.result] ?? `result ${answer.result}`}.`,
    );
  }
  switch (answer.error) {
    case 'timeout':
      return new ProblemError('terminal-silent');
    case 'closed':
      return new ProblemError('terminal-offline');
    case 'unsupported':
      return new ProblemError('terminal-refused', 'Its edition of JT/T 808 does not have this command.');
    case 'bad_request':
      return new ProblemError('bad-request', 'The command cannot be put into a message.');
    case 'busy':
      return new ProblemError('too-many-requests', 'Another command to this terminal is under way.', {
        headers: { 'retry-after': '5' },
      });
  }
}

function problemOfNoAnswer(error: unknown): ProblemError {
  if (!(error instanceof BusNoAnswer)) throw error;
  switch (error.reason) {
    case 'nobody':
      return new ProblemError('terminal-offline');
    case 'timeout':
      return new ProblemError('terminal-silent');
    case 'fault':
      return new ProblemError('terminal-refused', 'The process that holds its connection failed.');
    case 'disconnected':
      return new ProblemError('unavailable', 'The connection to the other processes is down.');
  }
}
