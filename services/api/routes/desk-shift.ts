import { Type } from 'typebox';
import { shiftFigures } from '../../desk/shift-summary.ts';
import type { ShiftHandover } from '../../store/desk-store.ts';
import type { FindingQuery, StoredFinding, User } from '../../store/store.ts';
import { type ApiParts, type App, userWhoMay } from '../app-types.ts';
import type { ShiftHandoverView, ShiftSummaryView } from '../contract.ts';
import { maySeeAlert, POLICY } from '../policy/policy.ts';
import { refusals } from '../schemas/basics.ts';
import { isoTime } from '../time.ts';
import { alertFacts, storedAlertView } from '../views/alert-view.ts';
import { readSpan } from './query.ts';

/** A shift, or two in a row. */
const LONGEST_SPAN_MS = 48 * 3_600_000;
const DEFAULT_SPAN_MS = 8 * 3_600_000;
const MAX_READ = 4_000;
const MAX_STEPS = 20_000;
const MAX_OPEN = 200;

const Span = {
  from: Type.Optional(Type.String({ description: 'ISO 8601 with zone; eight hours ago if left out' })),
  to: Type.Optional(Type.String({ description: 'ISO 8601 with zone; now if left out' })),
};

/** What one shift tells the next. */
export function deskShiftRoutes(app: App, { store, facts, now }: ApiParts): void {
  const summaryOf = async (user: User, from: number, to: number): Promise<ShiftSummaryView> => {
    const plan = facts();
    const seen = (stored: StoredFinding) => maySeeAlert(user, plan, alertFacts(stored)) && !stored.retracted;
    const list = (query: Partial<FindingQuery>) => store.findings.list({ ...query, limit: MAX_READ });
    const [touching, steps, ...waiting] = await Promise.all([
      list({ from, to }),
      store.desk.stepsBetween(from, to, MAX_STEPS),
      list({ severities: ['P1'], stages: ['new', 'acknowledged'] }),
      list({ severities: ['P2', 'P3'], stages: ['new', 'acknowledged'] }),
    ]);
    const raised = touching.filter(
      (stored) => seen(stored) && stored.raisedAt >= from && stored.raisedAt < to,
    );
    const open = waiting.flat().filter(seen);
    const known = new Set([...touching.filter(seen), ...open].map(({ finding }) => finding.id));
    const own = steps.filter(({ alertId }) => known.has(alertId));
    const { people, ...figures } = shiftFigures(raised, own);
    return {
      from: isoTime(from),
      to: isoTime(to),
      ...figures,
      people: people.map((person) => ({ ...person })),
      truncated: touching.length === MAX_READ || steps.length === MAX_STEPS || open.length > MAX_OPEN,
      open: open
        .sort((a, b) => (a.finding.severity < b.finding.severity ? -1 : 1))
        .slice(0, MAX_OPEN)
        .map((stored) => storedAlertView(plan, stored)),
    };
  };

  app.get(
    '/desk/summary',
    {
      schema: {
        tags: ['alerts'],
        summary: 'What was raised and done in a span of time, and what is still open',
        querystring: Type.Object(Span),
        response: { 200: Type.Any({ description: 'ShiftSummary' }), ...refusals(400, 401, 403) },
      },
    },
    async (request): Promise<ShiftSummaryView> => {
      const user = userWhoMay(request, 'acknowledge');
      const { from, to } = readSpan(
        request.query,
        { from: now() - DEFAULT_SPAN_MS, to: now() },
        LONGEST_SPAN_MS,
      );
      return summaryOf(user, from, to);
    },
  );

  app.get(
    '/desk/handovers',
    {
      schema: {
        tags: ['alerts'],
        summary: 'What earlier shifts of this desk handed over, newest first',
        querystring: Type.Object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 10 })),
        }),
        response: {
          200: Type.Object({ items: Type.Array(Type.Any({ description: 'ShiftHandover' })) }),
          ...refusals(401, 403),
        },
      },
    },
    async (request): Promise<{ items: ShiftHandoverView[] }> => {
      const user = userWhoMay(request, 'acknowledge');
      const desk = deskOfUser(user);
      const rows = await store.desk.handovers(desk === 'all' ? null : desk, request.query.limit ?? 10);
      return { items: rows.map(handoverView) };
    },
  );

  app.post(
    '/desk/handovers',
    {
      schema: {
        tags: ['alerts'],
        summary: 'Hand the shift over: the figures as they are now, and what the next has to know',
        body: Type.Object(
          { ...Span, note: Type.String({ minLength: 1, maxLength: 4000 }) },
          { additionalProperties: false },
        ),
        response: { 201: Type.Any({ description: 'ShiftHandover' }), ...refusals(400, 401, 403) },
      },
    },
    async (request, reply): Promise<ShiftHandoverView> => {
      const user = userWhoMay(request, 'acknowledge');
      const at = now();
      const { from, to } = readSpan(request.body, { from: at - DEFAULT_SPAN_MS, to: at }, LONGEST_SPAN_MS);
      const saved = await store.desk.saveHandover({
        at,
        from,
        to,
        userId: user.id,
        userName: user.displayName,
        desk: deskOfUser(user),
        note: request.body.note,
        summary: await summaryOf(user, from, to),
      });
      await store.audit.append({
        at,
        userId: user.id,
        action: 'shift-handover',
        subject: String(saved.seq),
        detail: {},
        remote: request.ip,
      });
      reply.code(201);
      return handoverView(saved);
    },
  );
}

/** Those who see the same alerts sit at the same desk. */
function deskOfUser({ role, district, providerId, schoolId }: User): string {
  const reach = POLICY[role].alerts;
  if (reach === 'district') return district === null ? 'all' : `district:${district}`;
  if (reach === 'provider') return `provider:${providerId ?? ''}`;
  if (reach === 'school') return `school:${schoolId ?? ''}`;
  return 'all';
}

const handoverView = ({ seq, at, userName, note, summary }: ShiftHandover): ShiftHandoverView => ({
  seq,
  at: isoTime(at),
  by: userName,
  note,
  // Written by ourselves when it was saved.
  summary: summary as ShiftSummaryView,
});
