import { type TProperties, Type } from 'typebox';
import type { CrewEvent } from '../../../geo/vehicle-event.ts';
import { PHONE_AHEAD_MS } from '../../ingest/place-event.ts';
import { sendCrewEvent } from '../../ingest/send-crew-event.ts';
import { type ApiParts, type App, userOf } from '../app-types.ts';
import { eventSource, saysEvents } from '../policy/policy.ts';
import { ProblemError } from '../problems.ts';
import { refusals, words } from '../schemas/basics.ts';
import { parseTime } from '../time.ts';

/** A phone may have been without a network so long; older events are not taken. */
const OLDEST_MS = 3 * 86_400_000;

const id = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });
const stop = Type.Optional(id('`stop_id` of the plan'));

const said = <const K extends CrewEvent['kind'], P extends TProperties>(
  kind: K,
  description: string,
  more: P,
) =>
  Type.Object(
    {
      kind: Type.Literal(kind),
      id: Type.String({
        minLength: 8,
        maxLength: 64,
        pattern: '^[A-Za-z0-9_-]+$',
        description: 'Made by the sender, a UUID say; sent again with the same time it is stored once',
      }),
      at: Type.String({ description: 'When it happened; ISO 8601 with zone' }),
      place: Type.Optional(
        Type.Object(
          {
            lat: Type.Number({ minimum: -90, maximum: 90 }),
            lon: Type.Number({ minimum: -180, maximum: 180 }),
          },
          { additionalProperties: false, description: 'Where the phone was, WGS-84' },
        ),
      ),
      ...more,
    },
    { additionalProperties: false, description },
  );

const signing = { person: id('`person_id` of the plan'), role: words(['driver', 'escort'] as const) };
const rider = id('`rider_id` of the plan, never a name');

const Said = Type.Union([
  said('sign_on', 'Somebody is on the bus for this run', signing),
  said('sign_off', 'Somebody has left the bus', signing),
  said('head_count', 'Pupils aboard, counted', { aboard: Type.Integer({ minimum: 0, maximum: 300 }) }),
  said('boarded', 'A child got on', { rider, stop }),
  said('alighted', 'A child got off', { rider, stop }),
  said('absent', 'A child is excused today', { rider }),
  said('pre_trip', 'The seven checks before the run (校车安全管理条例 Art. 41)', {
    passed: Type.Boolean(),
    defects: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 7 }),
  }),
  said('walk_through', 'The bus was walked through to the rear seat', {
    empty: Type.Boolean(),
    proof: words(['code', 'photo', 'tag', 'seen'] as const),
  }),
  said('departure_refused', 'The escort does not let the bus go', {
    reason: Type.String({ minLength: 1, maxLength: 200 }),
  }),
  said('sos', 'Help is needed', {}),
]);

/** What escorts, schools and operators say of a vehicle: judged with its reports, answered once it is committed. */
export function vehicleEventRoutes(app: App, { store, bus, facts, now }: ApiParts): void {
  app.post(
    '/vehicles/:id/events',
    {
      schema: {
        tags: ['vehicles'],
        summary: 'Says something of the run under way, and waits until it is stored and judged',
        params: Type.Object({ id: Type.String({ maxLength: 200 }) }),
        body: Said,
        response: {
          200: Type.Object({ id: Type.String(), stored: words(['now', 'before'] as const) }),
          ...refusals(400, 401, 403, 404, 503),
        },
      },
    },
    async (request) => {
      const user = userOf(request);
      if (!saysEvents(user)) throw new ProblemError('forbidden');
      const { at: text, place = null, ...event } = request.body;
      const at = timeOf(text, now());
      const vehicle = request.params.id;
      const plan = facts();
      const by = eventSource(user, plan, vehicle, at, event);
      if (by === null || !plan?.plan.vehicles.has(vehicle)) throw new ProblemError('not-found');
      if (by === 'forbidden') throw new ProblemError('forbidden');
      const answer = await sendCrewEvent(bus, { vehicle, event: crewEvent(event, by), at, place });
      if (answer === null || !answer.ok) {
        if (answer?.error === 'bad_request') throw new ProblemError('bad-request');
        throw new ProblemError('unavailable', 'Nothing was stored; send it again.', {
          headers: { 'retry-after': '2' },
        });
      }
      await store.audit.append({
        at: now(),
        userId: user.id,
        action: 'vehicle-event',
        subject: vehicle,
        detail: { kind: event.kind, id: event.id, stored: answer.stored },
        remote: request.ip,
      });
      return { id: event.id, stored: answer.stored };
    },
  );
}

/** Without what only the way here needs; whether the phone was at the bus is found out where the bus is known. */
function crewEvent(event: { readonly kind: CrewEvent['kind'] }, by: CrewEvent['by']): CrewEvent {
  switch (event.kind) {
    case 'sign_on':
    case 'sign_off':
      return { ...event, by, nearBus: null } as CrewEvent;
    case 'boarded':
    case 'alighted':
      return { stop: null, ...event, by } as CrewEvent;
    default:
      return { ...event, by } as CrewEvent;
  }
}

function timeOf(text: string, now: number): number {
  const at = parseTime(text);
  const reason =
    at === null
      ? 'is no ISO 8601 time with a zone'
      : at > now + PHONE_AHEAD_MS
        ? 'lies in the future: set the clock of the phone'
        : at < now - OLDEST_MS
          ? 'is too long ago'
          : null;
  if (at !== null && reason === null) return at;
  throw new ProblemError('bad-request', `at ${reason}`, {
    errors: [{ path: 'body/at', reason: reason ?? '' }],
  });
}
