import { Type } from 'typebox';
import { RULE_NAMES, type Severity } from '../../../geo/finding.ts';
import { STAGES, type Stage } from '../../desk/codes.ts';
import { acknowledge, resolve } from '../../desk/handling.ts';
import type { FindingQuery, StoredFinding } from '../../store/store.ts';
import { type ApiParts, type App, userWhoMay, userWithShareIn } from '../app-types.ts';
import { may, maySeeAlert } from '../policy/policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals, words } from '../schemas/basics.ts';
import { alertFacts, storedAlertView } from '../views/alert-view.ts';
import { AlertId, deskOf, Note, noteOf } from './desk-parts.ts';
import { readCursor, readList, readTime, writeCursor } from './query.ts';

/** Findings read at most for one page: where the asker may see few of many, the page is short and has a next. */
const MAX_READ = 2_000;
const READ_AT_ONCE = 500;

export function alertRoutes(app: App, parts: ApiParts): void {
  const { store, facts } = parts;
  const { visible, act } = deskOf(parts);

  app.get(
    '/alerts',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Alerts, newest first',
        querystring: Type.Object({
          vehicle: Type.Optional(Type.String({ description: 'Ids with commas between' })),
          rule: Type.Optional(Type.String({ description: 'Rules with commas between' })),
          state: Type.Optional(words(['new', 'acknowledged', 'resolved'])),
          stage: Type.Optional(
            Type.String({ description: 'Where they stand on the desk, with commas between: new to closed' }),
          ),
          severity: Type.Optional(Type.String({ description: 'P1, P2, P3 with commas between' })),
          open: Type.Optional(
            Type.Boolean({ description: 'Only those that last, or only those that ended' }),
          ),
          shadow: Type.Optional(
            Type.Boolean({ description: 'Those of rules that are being tried out, for administrators' }),
          ),
          incident: Type.Optional(
            Type.String({ maxLength: 300, description: 'Those held under this alert' }),
          ),
          from: Type.Optional(Type.String({ description: 'Start at or after; ISO 8601 with zone' })),
          to: Type.Optional(Type.String({ description: 'Start at or before; ISO 8601 with zone' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          before: Type.Optional(
            Type.String({ maxLength: 600, description: 'The `next` of an earlier page' }),
          ),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(Type.Ref('Alert')),
            next: Type.Union([Type.String(), Type.Null()]),
          }),
          ...refusals(400, 401, 403),
        },
      },
    },
    async (request) => {
      const user = userWithShareIn(request, 'alerts');
      const { query } = request;
      const limit = query.limit ?? 50;
      if (query.shadow && !may(user, 'what_if')) throw new ProblemError('forbidden');
      const filter = filterOf(query);
      const plan = facts();
      const items: StoredFinding[] = [];
      let before = readCursor(query.before);
      let more = true;
      for (let read = 0; items.length < limit && more && read < MAX_READ; ) {
        const wanted = Math.max(limit - items.length + 1, user.role === 'admin' ? 0 : READ_AT_ONCE);
        const page = await store.findings.list({ ...filter, limit: wanted, ...(before ? { before } : {}) });
        read += page.length;
        more = page.length === wanted;
        for (const [index, stored] of page.entries()) {
          before = { start: stored.finding.start, id: stored.finding.id };
          if (maySeeAlert(user, plan, alertFacts(stored))) items.push(stored);
          if (items.length === limit) {
            more ||= index < page.length - 1;
            break;
          }
        }
      }
      return {
        items: items.map((stored) => storedAlertView(plan, stored)),
        next: more && before ? writeCursor(before.start, before.id) : null,
      };
    },
  );

  app.get(
    '/alerts/:id',
    {
      schema: {
        tags: ['alerts'],
        summary: 'One alert',
        params: AlertId,
        response: { 200: Type.Ref('Alert'), ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      const user = userWithShareIn(request, 'alerts');
      return storedAlertView(facts(), await visible(user, request.params.id));
    },
  );

  app.post(
    '/alerts/:id/acknowledge',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Say that somebody is dealing with it; doing it again changes nothing',
        params: AlertId,
        body: Type.Optional(Type.Object({ note: Note }, { additionalProperties: false })),
        response: { 200: Type.Ref('Alert'), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'acknowledge');
      const note = noteOf(request.body?.note);
      const stored = await act(request, user, request.params.id, 'acknowledge', (doing, _stored, state) =>
        acknowledge(state, doing, note),
      );
      return storedAlertView(facts(), stored);
    },
  );

  app.post(
    '/alerts/:id/resolve',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Close it with what it came to; doing it again changes nothing',
        params: AlertId,
        body: Type.Object(
          { resolution: Type.String({ minLength: 1, maxLength: 100 }), note: Note },
          { additionalProperties: false },
        ),
        response: { 200: Type.Ref('Alert'), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'resolve');
      const { resolution, note } = request.body;
      const stored = await act(request, user, request.params.id, 'resolve', (doing, _stored, state) =>
        resolve(state, doing, resolution, noteOf(note)),
      );
      return storedAlertView(facts(), stored);
    },
  );
}

function filterOf(query: {
  vehicle?: string;
  rule?: string;
  state?: StoredFinding['state'];
  stage?: string;
  severity?: string;
  open?: boolean;
  shadow?: boolean;
  incident?: string;
  from?: string;
  to?: string;
}): Omit<FindingQuery, 'limit' | 'before'> {
  const vehicles = readList(query.vehicle);
  const rules = readList(query.rule);
  const unknown = rules?.find((rule) => !(RULE_NAMES as readonly string[]).includes(rule));
  if (unknown !== undefined)
    throw new ProblemError('bad-request', `there is no rule "${unknown.slice(0, 60)}"`);
  const stages = readWords<Stage>('stage', query.stage, STAGES);
  const severities = readWords<Severity>('severity', query.severity, ['P1', 'P2', 'P3']);
  const from = readTime('from', query.from);
  const to = readTime('to', query.to);
  return {
    ...(vehicles ? { vehicles } : {}),
    ...(rules ? { rules } : {}),
    ...(query.state ? { state: query.state } : {}),
    ...(stages ? { stages } : {}),
    ...(severities ? { severities } : {}),
    ...(query.open === undefined ? {} : { open: query.open }),
    ...(query.shadow ? { shadow: true } : {}),
    ...(query.incident ? { incident: query.incident } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** A list of some of these words, or 400. */
function readWords<T extends string>(
  name: string,
  text: string | undefined,
  known: readonly T[],
): T[] | undefined {
  const given = readList(text);
  const unknown = given?.find((word) => !(known as readonly string[]).includes(word));
  if (unknown !== undefined)
    throw new ProblemError('bad-request', `${name} takes ${known.join(', ')}; not "${unknown.slice(0, 60)}"`);
  return given as T[] | undefined;
}
