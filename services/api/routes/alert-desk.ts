import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { EXCUSABLE } from '../../../geo/judge/excuse-finding.ts';
import { EXCUSE_KINDS } from '../../../geo/plan/amendments/amendments.ts';
import { commandKind } from '../../commands/command-table.ts';
import { CALL_OUTCOMES, DEEDS, HIGHEST_LEVEL, REASONS, VERDICTS } from '../../desk/codes.ts';
import { levelsOf } from '../../desk/escalation.ts';
import { escalationCause } from '../../desk/escalation-cause.ts';
import { close, escalate, handle, review, undo, undoable } from '../../desk/handling.ts';
import type { StoredFinding, User } from '../../store/store.ts';
import { type ApiParts, type App, planInForce, userWhoMay, userWithShareIn } from '../app-types.ts';
import type { AlertStepView, AlertView, AssigneeView, CallCardView } from '../contract.ts';
import { may, maySeeAlert } from '../policy/policy.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals, words } from '../schemas/basics.ts';
import { AlertStepSchema, AssigneeSchema, CallCardSchema } from '../schemas/desk.ts';
import { isoTime } from '../time.ts';
import { alertFacts, storedAlertView } from '../views/alert-view.ts';
import { callCard } from '../views/call-card.ts';
import { stepView } from '../views/step-view.ts';
import { amend } from './amendments.ts';
import { askTerminal, nudgeTerminal } from './ask-terminal.ts';
import { AlertId, deskOf, Note, noteOf, personOf, type Work } from './desk-parts.ts';
import { readTime } from './query.ts';
import { commandedTerminal } from './terminal-of.ts';

const strict = { additionalProperties: false };
const answers = { 200: Type.Ref('Alert'), ...refusals(400, 401, 403, 404, 409) };
/** An excuse holds this long beyond the alert, unless it says until when. */
const EXCUSE_MARGIN_MS = 30 * 60_000;
const MAX_ASSIGNEES = 200;

/** What people do about an alert, beside taking it up and resolving it. Every act is a step that stays. */
export function alertDeskRoutes(app: App, parts: ApiParts): void {
  const { store, bus, facts, now } = parts;
  const { visible, audit, act } = deskOf(parts);
  const view = (stored: StoredFinding): AlertView => storedAlertView(facts(), stored);
  const route = (name: string, summary: string) => ({
    path: `/alerts/:id/${name}`,
    schema: { tags: ['alerts'], summary, params: AlertId, response: answers },
  });
  const did = async (request: FastifyRequest, user: User, name: string, work: Work): Promise<AlertView> =>
    view(await act(request, user, (request.params as { id: string }).id, name, work));

  app.get(
    '/alerts/:id/steps',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Everything that was done about it, in order, and what this login may take back. Audited',
        params: AlertId,
        response: {
          200: Type.Object({
            items: Type.Array(AlertStepSchema),
            undoable: Type.Union([Type.Integer(), Type.Null()]),
          }),
          ...refusals(401, 403, 404),
        },
      },
    },
    async (request): Promise<{ items: AlertStepView[]; undoable: number | null }> => {
      const user = userWithShareIn(request, 'alerts');
      const { id } = request.params;
      await visible(user, id);
      await audit(request, user, 'alert-look', id);
      const steps = await store.desk.steps(id);
      const mine = may(user, 'acknowledge') ? undoable(steps, user, now()) : null;
      return { items: steps.map(stepView), undoable: mine?.seq ?? null };
    },
  );

  app.get(
    '/alerts/:id/call-card',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Whom to call: crew, provider, schools, as far as the login may see. Audited',
        params: AlertId,
        response: { 200: CallCardSchema, ...refusals(401, 403, 404) },
      },
    },
    async (request): Promise<CallCardView> => {
      const user = userWhoMay(request, 'acknowledge');
      const stored = await visible(user, request.params.id);
      await audit(request, user, 'alert-call-card', request.params.id);
      return callCard(user, facts(), stored.finding);
    },
  );

  app.get(
    '/alerts/:id/assignees',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Who may be given it: those who see it and take up alerts',
        params: AlertId,
        response: { 200: Type.Object({ items: Type.Array(AssigneeSchema) }), ...refusals(401, 403, 404) },
      },
    },
    async (request): Promise<{ items: AssigneeView[] }> => {
      const user = userWhoMay(request, 'acknowledge');
      const stored = await visible(user, request.params.id);
      return {
        items: (await assignees(stored)).map(({ id, displayName, role }) => ({
          id,
          name: displayName,
          role,
        })),
      };
    },
  );

  const assignees = async (stored: StoredFinding): Promise<User[]> => {
    const plan = facts();
    const of = alertFacts(stored);
    const users = await store.users.list();
    return users
      .filter((one) => may(one, 'acknowledge') && maySeeAlert(one, plan, of))
      .slice(0, MAX_ASSIGNEES);
  };

  const assign = route('assign', 'Give it to somebody, or to nobody');
  app.post(
    assign.path,
    {
      schema: {
        ...assign.schema,
        body: Type.Object(
          { to: Type.Union([Type.String({ maxLength: 200 }), Type.Null()], { description: 'Id of a user' }) },
          strict,
        ),
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'acknowledge');
      const { to } = request.body as { to: string | null };
      const stored = await visible(user, (request.params as { id: string }).id);
      const given = to === null ? null : (await assignees(stored)).find(({ id }) => id === to);
      if (given === undefined)
        throw new ProblemError('bad-request', 'This person may not be given the alert.');
      const person = given && personOf(given);
      return did(request, user, 'assign', (doing) => [{ ...doing, act: 'assign', detail: { to: person } }]);
    },
  );

  const noteRoute = route('note', 'Write something down about it');
  app.post(
    noteRoute.path,
    {
      schema: {
        ...noteRoute.schema,
        body: Type.Object({ note: Type.String({ minLength: 1, maxLength: 2000 }) }, strict),
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'acknowledge');
      const { note } = request.body as { note: string };
      return did(request, user, 'note', (doing) => [{ ...doing, act: 'note', detail: { note } }]);
    },
  );

  const call = route('call', 'Write down a call: whom, and how it ended');
  app.post(
    call.path,
    {
      schema: {
        ...call.schema,
        body: Type.Object(
          {
            who: Type.String({ minLength: 1, maxLength: 200 }),
            outcome: words(CALL_OUTCOMES),
            note: Note,
          },
          strict,
        ),
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'acknowledge');
      const { who, outcome, note } = request.body as { who: string; outcome: string; note?: string };
      const said = noteOf(note);
      const detail = { who, outcome, ...(said ? { note: said } : {}) };
      return did(request, user, 'call', (doing) => [{ ...doing, act: 'call', detail }]);
    },
  );

  const up = route('escalate', 'Take it a level up before time does');
  app.post(
    up.path,
    {
      schema: {
        ...up.schema,
        body: Type.Object(
          { level: Type.Integer({ minimum: 1, maximum: HIGHEST_LEVEL }), note: Note },
          strict,
        ),
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'acknowledge');
      const { level, note } = request.body as { level: number; note?: string };
      const users = await store.users.list();
      return did(request, user, 'escalate', (doing, seen, state) => {
        const { severity, rule } = seen.finding;
        // P3 goes up as P2 would, where somebody wants it to.
        const told = levelsOf(severity === 'P3' ? 'P2' : severity, rule)
          .filter((line) => line.level <= level && line.level > state.level)
          .flatMap((line) => line.told);
        const steps = escalate(state, doing, { level, told, note: noteOf(note) });
        return { steps, outbox: escalationCause(seen, level, told, users, facts()) };
      });
    },
  );

  const handled = route('handle', 'Say why it came about and what was done');
  app.post(
    handled.path,
    {
      schema: {
        ...handled.schema,
        body: Type.Object({ reason: words(REASONS), deed: Type.Optional(words(DEEDS)), note: Note }, strict),
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'resolve');
      const { reason, deed, note } = request.body as {
        reason: (typeof REASONS)[number];
        deed?: (typeof DEEDS)[number];
        note?: string;
      };
      return did(request, user, 'handle', (doing, { finding }, state) =>
        handle(state, doing, finding, { reason, deed: deed ?? null, note: noteOf(note) }),
      );
    },
  );

  const reviewed = route('review', 'Say whether it was true, false or excused; of P1 another person does');
  app.post(
    reviewed.path,
    {
      schema: {
        ...reviewed.schema,
        body: Type.Object(
          {
            verdict: words(VERDICTS),
            note: Note,
            close: Type.Optional(Type.Boolean({ description: 'And close it; true if left out' })),
          },
          strict,
        ),
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'review');
      const {
        verdict,
        note,
        close: ends = true,
      } = request.body as {
        verdict: (typeof VERDICTS)[number];
        note?: string;
        close?: boolean;
      };
      return did(request, user, 'review', (doing, { finding }, state) =>
        review(state, doing, finding, { verdict, note: noteOf(note), close: ends }),
      );
    },
  );

  const closed = route('close', 'Close it, once it has been reviewed');
  app.post(closed.path, { schema: closed.schema }, async (request) => {
    const user = userWhoMay(request, 'review');
    return did(request, user, 'close', (doing, _stored, state) => close(state, doing));
  });

  const undone = route('undo', 'Take back your own last step, within ten minutes');
  app.post(undone.path, { schema: undone.schema }, async (request) => {
    const user = userWhoMay(request, 'acknowledge');
    const { id } = request.params as { id: string };
    await visible(user, id);
    const step = undoable(await store.desk.steps(id), user, now());
    const row = step?.detail.excuse?.row;
    if (row !== undefined) {
      await amend(parts, request, user, {
        rows: (before) => new Map([['excuses.csv', before('excuses.csv').filter((one) => one.id !== row)]]),
        note: `excuses: - ${row}`,
      });
    }
    return did(request, user, 'undo', (doing, _stored, _state, steps) => undo(steps, doing));
  });

  const excuse = route(
    'excuse',
    'Excuse it: one of the five of 校车安全管理条例 Art. 30, with what proves it',
  );
  app.post(
    excuse.path,
    {
      schema: {
        ...excuse.schema,
        body: Type.Object(
          {
            kind: words(EXCUSE_KINDS),
            proof: Type.String({
              minLength: 1,
              maxLength: 500,
              description: 'Who says so, or what proves it',
            }),
            whole: Type.Optional(words(['trip', 'route'], 'For this trip alone, or all of its route')),
            to: Type.Optional(Type.String({ description: 'Until when; ISO 8601 with zone' })),
          },
          strict,
        ),
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'excuses');
      const { id } = request.params as { id: string };
      const {
        kind,
        proof,
        whole = 'trip',
        to,
      } = request.body as {
        kind: (typeof EXCUSE_KINDS)[number];
        proof: string;
        whole?: 'trip' | 'route';
        to?: string;
      };
      const { finding } = await visible(user, id);
      const trip = planInForce(facts()).plan.trips.get(finding.trip ?? '');
      if (!EXCUSABLE.has(finding.rule) || !trip)
        throw new ProblemError(
          'not-excusable',
          'Art. 30 excuses leaving the route, its stops and its times.',
        );
      const until = readTime('to', to) ?? Math.max(finding.end ?? now(), now()) + EXCUSE_MARGIN_MS;
      const row = {
        id: `${user.login}-${randomUUID().slice(0, 8)}`,
        kind,
        from: isoTime(finding.start),
        to: isoTime(until),
        by: `${user.displayName}: ${proof}`,
        ...(whole === 'trip' ? { trip_id: trip.id } : { route_id: trip.routeId }),
        note: finding.id,
      };
      await amend(parts, request, user, {
        rows: (before) => new Map([['excuses.csv', [...before('excuses.csv'), row]]]),
        note: `excuses: ${finding.id}`,
      });
      return did(request, user, 'excuse', (doing) => [
        { ...doing, act: 'excuse', detail: { excuse: { kind, row: row.id, proof } } },
      ]);
    },
  );

  const send = async (
    request: FastifyRequest,
    type: 'text' | 'photo',
    fields: { [field: string]: unknown },
  ): Promise<AlertView> => {
    const user = userWhoMay(request, 'command');
    const { finding } = await visible(user, (request.params as { id: string }).id);
    const phone =
      facts()?.plan.vehicles.get(finding.vehicle)?.terminalPhone ||
      /^terminal:(\d{1,20})$/.exec(finding.vehicle)?.[1];
    if (!phone) throw new ProblemError('not-found', 'No terminal is known of this vehicle.');
    const terminal = await commandedTerminal(request, phone, parts);
    const kind = found(commandKind(type));
    const command = await askTerminal(parts, terminal, { kind, fields }, request.ip);
    const detail = { command: command.id, ...(fields as { text?: string; channel?: number }) };
    const done = await did(request, user, type, (doing) => [{ ...doing, act: type, detail }]);
    await nudgeTerminal(bus, terminal.phone);
    return done;
  };

  const text = route('text', 'Send the crew a text; it is shown and spoken');
  app.post(
    text.path,
    {
      schema: {
        ...text.schema,
        response: { ...answers, ...refusals(429, 503) },
        body: Type.Object(
          { text: Type.String({ minLength: 1, maxLength: 500 }), urgent: Type.Optional(Type.Boolean()) },
          strict,
        ),
      },
    },
    async (request) => send(request, 'text', request.body as { text: string; urgent?: boolean }),
  );

  const photo = route('photo', 'Have the bus take a photo');
  app.post(
    photo.path,
    {
      schema: {
        ...photo.schema,
        response: { ...answers, ...refusals(429, 503) },
        body: Type.Object(
          {
            channel: Type.Integer({ minimum: 1, maximum: 127 }),
            count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
          },
          strict,
        ),
      },
    },
    async (request) => send(request, 'photo', request.body as { channel: number; count?: number }),
  );
}
