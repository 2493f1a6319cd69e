import { type Static, Type } from 'typebox';
import {
  BOARDING_SOURCES,
  type BoardingEvent,
  type BoardingSource,
} from '../../../geo/boardings/boarding-event.ts';
import type { Run } from '../../../geo/plan/plan.ts';
import { takeBoardings } from '../../boardings/boarding-desk.ts';
import { PHONE_AHEAD_MS } from '../../ingest/place-event.ts';
import type { User } from '../../store/store.ts';
import { type ApiParts, type App, planInForce, userOf } from '../app-types.ts';
import type { BoardingOutcome, BoardingsView } from '../contract.ts';
import {
  type BoardingAccess,
  boardingAccess,
  boardingSource,
  hasPartInBoardings,
} from '../policy/boarding-policy.ts';
import type { PlanFacts } from '../policy/plan-facts.ts';
import { ProblemError } from '../problems.ts';
import { refusals, words } from '../schemas/basics.ts';
import { Boardings, Outcomes, SaidOfRun } from '../schemas/boardings.ts';
import { parseTime } from '../time.ts';
import { boardingsView } from '../views/boarding-view.ts';
import { momentOf, runOfDay } from './run-of-day.ts';

/** A phone may have been without a network so long; older events are not taken. */
const OLDEST_MS = 3 * 86_400_000;
/** Events of one request; a phone sends the next with the next. */
const MOST_EVENTS = 50;

const DATE = Type.Optional(
  Type.String({
    pattern: '^\\d{4}-?\\d{2}-?\\d{2}$',
    description: 'Service day, YYYYMMDD; today if left out',
  }),
);

type SaidEvent = Static<typeof SaidOfRun>;

/** Who got on and off a run and what its crew did: as it stands, and what is said of it. */
export function boardingRoutes(app: App, parts: ApiParts): void {
  const { store, bus, facts, now, codes } = parts;
  const world = { boardings: store.boardings, bus, plan: () => facts()?.plan ?? null, now };

  const seen = (
    user: User,
    trip: string,
    date: string | undefined,
  ): { plan: PlanFacts; run: Run; access: BoardingAccess } => {
    if (!hasPartInBoardings(user)) throw new ProblemError('forbidden');
    const plan = planInForce(facts());
    const time = momentOf(date, plan, now());
    const run = runOfDay(plan, trip, time);
    const access = run && boardingAccess(user, plan, run, time);
    if (!run || !access)
      throw new ProblemError('not-found', 'it does not run on this day, or you may not see it');
    return { plan, run, access };
  };

  app.get(
    '/trips/:id/boardings',
    {
      schema: {
        tags: ['boardings'],
        summary: 'Who got on and off a run, by whose word; every look is audited',
        params: Type.Object({ id: Type.String({ maxLength: 300 }) }),
        querystring: Type.Object({ date: DATE }),
        response: { 200: Boardings, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    async (request): Promise<BoardingsView> => {
      const user = userOf(request);
      const { plan, run, access } = seen(user, request.params.id, request.query.date);
      const events = await store.boardings.ofRun(keyOf(run));
      const view = boardingsView(plan, run, events, access, access.crew ? codes : null, now());
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'boardings-read',
        subject: run.trip.id,
        detail: { serviceDate: run.serviceDate, riders: view.riders.map(({ rider }) => rider) },
        remote: request.ip,
      });
      return view;
    },
  );

  app.post(
    '/trips/:id/boardings',
    {
      schema: {
        tags: ['boardings'],
        summary:
          'Says what happened on a run; answered once it is stored and judged. Where it is not answered, say it all again',
        params: Type.Object({ id: Type.String({ maxLength: 300 }) }),
        querystring: Type.Object({ date: DATE }),
        body: Type.Object(
          {
            source: Type.Optional(
              words(BOARDING_SOURCES, 'Of a school: `gate` or `tablet` where one of them says so'),
            ),
            events: Type.Array(SaidOfRun, { minItems: 1, maxItems: MOST_EVENTS }),
          },
          { additionalProperties: false },
        ),
        response: { 200: Outcomes, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request): Promise<{ items: BoardingOutcome[] }> => {
      const user = userOf(request);
      const { plan, run } = seen(user, request.params.id, request.query.date);
      const { source, events } = request.body;
      const known = await store.boardings.ofRun(keyOf(run));
      const checked = await Promise.all(
        events.map((event) => check({ user, plan, run, claimed: source, known }, event)),
      );
      const good = checked.flatMap((one) => ('event' in one ? [one.event] : []));
      const place = events.find((event) => event.kind === 'sign_on')?.place ?? null;
      const taken =
        good.length === 0
          ? { stored: new Set<string>(), judged: true }
          : await takeBoardings(
              world,
              { ...keyOf(run), vehicle: run.vehicleId, start: run.start },
              good,
              place,
            );
      if (taken.stored.size > 0) {
        const riders = good.flatMap((event) =>
          'rider' in event && taken.stored.has(event.id) ? [event.rider] : [],
        );
        await store.audit.append({
          at: now(),
          userId: user.id,
          action: 'boardings-said',
          subject: run.trip.id,
          detail: {
            serviceDate: run.serviceDate,
            riders: [...new Set(riders)],
            events: good.filter(({ id }) => taken.stored.has(id)).map(({ id, kind }) => ({ id, kind })),
          },
          remote: request.ip,
        });
      }
      if (!taken.judged) {
        throw new ProblemError('unavailable', 'Not all of it was judged; say it all again.', {
          headers: { 'retry-after': '2' },
        });
      }
      return {
        items: checked.map((one) =>
          'event' in one
            ? { id: one.event.id, outcome: taken.stored.has(one.event.id) ? 'stored' : 'before' }
            : { id: one.id, outcome: 'refused', reason: one.reason },
        ),
      };
    },
  );

  interface Saying {
    readonly user: User;
    readonly plan: PlanFacts;
    readonly run: Run;
    readonly claimed: BoardingSource | undefined;
    readonly known: readonly BoardingEvent[];
  }
  type Refused = { readonly id: string; readonly reason: NonNullable<BoardingOutcome['reason']> };

  /** The event as it is kept, or why it is not. One that is not right holds up no other. */
  async function check(
    { user, plan, run, claimed, known }: Saying,
    said: SaidEvent,
  ): Promise<{ readonly event: BoardingEvent } | Refused> {
    const { id } = said;
    const at = parseTime(said.at);
    if (at === null || at > now() + PHONE_AHEAD_MS || at < now() - OLDEST_MS) return { id, reason: 'time' };
    const takes = said.kind === 'taken_back' ? known.find((one) => one.id === said.of) : undefined;
    const source = boardingSource(user, plan, run, { ...said, at }, claimed, takes);
    if (source === null) return { id, reason: 'not_yours' };
    if ('rider' in said && !plan.ridersById.has(said.rider)) return { id, reason: 'unknown_rider' };
    const vehicle = run.vehicleId;
    const common = { id, at, receivedAt: now(), source, by: user.id, vehicle };
    switch (said.kind) {
      case 'boarded':
        return { event: { ...common, kind: said.kind, rider: said.rider, stop: said.stop ?? null } };
      case 'alighted': {
        const { rider, stop = null, to = null } = said;
        return { event: { ...common, kind: said.kind, rider, stop, to } };
      }
      case 'sign_on': {
        const { person, role, code, card } = said;
        if (code !== undefined && !(vehicle !== null && codes.isRight(vehicle, 'door', code)))
          return { id, reason: 'wrong_code' };
        if (card !== undefined && plan.plan.peopleByCard.get(card)?.id !== person)
          return { id, reason: 'wrong_card' };
        const proof = code !== undefined ? 'code' : card !== undefined ? 'card' : null;
        return { event: { ...common, kind: said.kind, person, role, proof } };
      }
      case 'walk_through': {
        const { empty, proof, code } = said;
        if (proof === 'code' && !(vehicle !== null && codes.isRight(vehicle, 'rear', code ?? '')))
          return { id, reason: 'wrong_code' };
        if (proof === 'photo' && (await store.boardings.photo(keyOf(run), id)) === null)
          return { id, reason: 'no_photo' };
        return { event: { ...common, kind: said.kind, empty, proof } };
      }
      case 'head_count':
        return { event: { ...common, kind: said.kind, aboard: said.aboard, stop: said.stop ?? null } };
      default: {
        const { at: _text, ...rest } = said;
        return { event: { ...common, ...rest } as BoardingEvent };
      }
    }
  }
}

export const keyOf = (run: Run) => ({ trip: run.trip.id, serviceDate: run.serviceDate });
