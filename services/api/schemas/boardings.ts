import { type TProperties, Type } from 'typebox';
import {
  BOARDING_SOURCES,
  type BoardingEvent,
  HANDED_TO,
  PRE_TRIP_CHECKS,
} from '../../../geo/boardings/boarding-event.ts';
import { flagOrNull, numberOrNull, objectOrNull, textOrNull, time, timeOrNull, words } from './basics.ts';

const id = (description: string) => Type.String({ minLength: 1, maxLength: 100, description });
const stop = Type.Optional(id('`stop_id` of the plan'));
const rider = id('`rider_id` of the plan, never a name');

const said = <const K extends BoardingEvent['kind'], P extends TProperties>(
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
        description: 'Made by the sender, a UUID say; sent again it is stored once',
      }),
      at: Type.String({ description: 'When it happened; ISO 8601 with zone' }),
      ...more,
    },
    { additionalProperties: false, description },
  );

const signing = { person: id('`person_id` of the plan'), role: words(['driver', 'escort'] as const) };
const code = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 40, description }));

/** One thing said of a run, as it is sent. */
export const SaidOfRun = Type.Union([
  said('boarded', 'A child got on', { rider, stop }),
  said('alighted', 'A child got off', {
    rider,
    stop,
    to: Type.Optional(words(HANDED_TO, 'Who took the child over')),
  }),
  said('absent', 'A child does not ride on this run', { rider }),
  said('taken_back', 'An event that was wrong', { rider, of: id('`id` of the event') }),
  said('sign_on', 'Somebody is on the bus', {
    ...signing,
    code: code('As it is put up by the door of the bus'),
    card: code('Number of their own card'),
    place: Type.Optional(
      Type.Object(
        {
          lat: Type.Number({ minimum: -90, maximum: 90 }),
          lon: Type.Number({ minimum: -180, maximum: 180 }),
        },
        { additionalProperties: false, description: 'Where the phone was, WGS-84' },
      ),
    ),
  }),
  said('sign_off', 'Somebody has left the bus', signing),
  said('head_count', 'Children aboard, counted', {
    aboard: Type.Integer({ minimum: 0, maximum: 300 }),
    stop,
  }),
  said('pre_trip', 'The seven checks before the run (校车安全管理条例 Art. 41)', {
    passed: Type.Boolean(),
    defects: Type.Array(words(PRE_TRIP_CHECKS), { maxItems: 7 }),
  }),
  said('walk_through', 'The bus was walked through to the rear seat', {
    empty: Type.Boolean(),
    proof: words(['code', 'photo', 'seen'] as const),
    code: code('As it is put up at the rear seat'),
  }),
  said('departure_refused', 'The escort does not let the bus go', {
    reason: Type.String({ minLength: 1, maxLength: 200 }),
  }),
  said('sos', 'Help is needed', {}),
]);

const Mark = {
  id: Type.String(),
  at: time(),
  source: words(BOARDING_SOURCES),
  stop: textOrNull(),
};

const Event = Type.Object(
  {
    id: Type.String(),
    kind: Type.String(),
    at: time(),
    receivedAt: timeOrNull(),
    source: words(BOARDING_SOURCES),
  },
  { additionalProperties: true, description: 'As it was said, with who said it' },
);

/** `GET /trips/{id}/boardings`. */
export const Boardings = Type.Object({
  trip: Type.String(),
  serviceDate: Type.String(),
  routeName: Type.String(),
  vehicle: textOrNull(),
  plate: textOrNull(),
  toSchool: Type.Boolean(),
  start: time(),
  end: time(),
  stops: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      lat: Type.Number(),
      lon: Type.Number(),
      planned: time(),
      isSchool: Type.Boolean(),
    }),
  ),
  riders: Type.Array(
    Type.Object({
      rider: Type.String(),
      name: textOrNull(),
      grade: textOrNull(),
      expectedStop: textOrNull('Their own stop; null where they are on no roster of this run'),
      state: words(['expected', 'boarded', 'alighted', 'absent'] as const),
      boarded: objectOrNull(Type.Object(Mark)),
      alighted: objectOrNull(Type.Object({ ...Mark, to: textOrNull() })),
      absent: objectOrNull(Type.Object(Mark)),
      conflicts: Type.Array(Type.String()),
      warnings: Type.Array(Type.String()),
      evidence: Type.Array(Event),
    }),
  ),
  crew: objectOrNull(
    Type.Object({
      escort: textOrNull(),
      onDuty: Type.Array(Type.String()),
      mayClose: Type.Boolean({ description: 'Everybody is off and the rear seat was reached' }),
      counts: Type.Object({
        expected: Type.Integer(),
        boarded: Type.Integer(),
        alighted: Type.Integer(),
        absent: Type.Integer(),
        aboard: Type.Integer(),
        heads: numberOrNull('The newest count of heads'),
        headsDiffer: flagOrNull('It is not the number of children aboard one by one when it was made'),
      }),
      events: Type.Array(Event),
    }),
  ),
  codes: objectOrNull(
    Type.Object(
      { door: Type.String(), rear: Type.String() },
      {
        description:
          'SHA-256 of vehicle, place and code: tells a phone without a network whether one is right',
      },
    ),
  ),
  at: time(),
});

/** What became of each event sent. */
export const Outcomes = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      outcome: words(['stored', 'before', 'refused'] as const),
      reason: Type.Optional(
        words(['not_yours', 'wrong_code', 'wrong_card', 'time', 'unknown_rider', 'no_photo'] as const),
      ),
    }),
  ),
});
