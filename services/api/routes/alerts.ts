import { Type } from 'typebox';
import { RULE_NAMES } from '../../../geo/finding.ts';
import { handledSubject } from '../../bus/subjects.ts';
import { type HandledAlert, handlingOf } from '../../live/alert-handling.ts';
import type { FindingQuery, StoredFinding, User } from '../../store/store.ts';
import { type ApiParts, type App, userWhoMay, userWithShareIn } from '../app-types.ts';
import { may, maySeeAlert } from '../policy/policy.ts';
import { found, ProblemError } from '../problems.ts';
import { refusals, words } from '../schemas/basics.ts';
import { alertFacts, storedAlertView } from '../views/alert-view.ts';
import { readCursor, readList, readTime, writeCursor } from './query.ts';

/** Findings read at most for one page: where the asker may see few of many, the page is short and has a next. */
const MAX_READ = 2_000;
const READ_AT_ONCE = 500;

const Id = Type.Object({ id: Type.String({ maxLength: 300 }) });
const Note = Type.Optional(Type.String({ maxLength: 2000 }));

export function alertRoutes(app: App, { store, bus, facts, now }: ApiParts): void {
  const visible = async (user: User, id: string): Promise<StoredFinding> => {
    const stored = await store.findings.get(id);
    if (!stored || !maySeeAlert(user, facts(), alertFacts(stored))) throw new ProblemError('not-found');
    if (stored.finding.shadow && !may(user, 'what_if')) throw new ProblemError('not-found');
    return stored;
  };

  /** Tells every viewer, on this and the other web processes. */
  const announce = (stored: StoredFinding): void => {
    const { finding, district, schoolIds, retracted } = stored;
    const handling = handlingOf(stored);
    const alert: HandledAlert = { finding, district, schoolIds, replaces: null, retracted, handling };
    bus.publish(handledSubject(district ?? '', finding.vehicle), alert);
  };

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
        params: Id,
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
        params: Id,
        body: Type.Optional(Type.Object({ note: Note }, { additionalProperties: false })),
        response: { 200: Type.Ref('Alert'), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'acknowledge');
      const { id } = request.params;
      await visible(user, id);
      const note = request.body?.note ?? null;
      const stored = found(await store.findings.acknowledge(id, user.login, now(), note));
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'alert-acknowledge',
        subject: id,
        detail: {},
        remote: request.ip,
      });
      announce(stored);
      return storedAlertView(facts(), stored);
    },
  );

  app.post(
    '/alerts/:id/resolve',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Close it with what it came to; doing it again changes nothing',
        params: Id,
        body: Type.Object(
          { resolution: Type.String({ minLength: 1, maxLength: 100 }), note: Note },
          { additionalProperties: false },
        ),
        response: { 200: Type.Ref('Alert'), ...refusals(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const user = userWhoMay(request, 'resolve');
      const { id } = request.params;
      await visible(user, id);
      const { resolution, note } = request.body;
      const stored = found(await store.findings.resolve(id, user.login, now(), resolution, note ?? null));
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'alert-resolve',
        subject: id,
        detail: { resolution },
        remote: request.ip,
      });
      announce(stored);
      return storedAlertView(facts(), stored);
    },
  );
}

function filterOf(query: {
  vehicle?: string;
  rule?: string;
  state?: StoredFinding['state'];
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
  const from = readTime('from', query.from);
  const to = readTime('to', query.to);
  return {
    ...(vehicles ? { vehicles } : {}),
    ...(rules ? { rules } : {}),
    ...(query.state ? { state: query.state } : {}),
    ...(query.open === undefined ? {} : { open: query.open }),
    ...(query.shadow ? { shadow: true } : {}),
    ...(query.incident ? { incident: query.incident } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
