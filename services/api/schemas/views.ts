import { type Static, type TSchema, Type } from 'typebox';
import { RULE_NAMES } from '../../../geo/finding.ts';
import type { RunState } from '../../../geo/judge.ts';
import { ROLES } from '../../store/store.ts';
import type * as contract from '../contract.ts';
import { RESOURCES } from '../policy/amend-policy.ts';
import { flagOrNull, numberOrNull, objectOrNull, textOrNull, time, timeOrNull, words } from './basics.ts';
import { Command } from './commands.ts';
import { AlertDeskSchema } from './desk.ts';
import { Media } from './media.ts';

/** The shapes of `contract.ts` as JSON Schema, for the OpenAPI document; the compiler holds the two together. */

const RUN_STATES = [
  'PLANNED',
  'CREWED',
  'EMPTY',
  'CARRYING',
  'ARRIVED',
  'CHECK',
  'CLOSED',
] as const satisfies readonly RunState[];

export const SessionView = Type.Object(
  {
    user: Type.Object({
      id: Type.String(),
      login: Type.String(),
      displayName: Type.String(),
      role: words(ROLES),
      district: textOrNull(),
      providerId: textOrNull(),
      schoolId: textOrNull(),
      language: words(['zh', 'en']),
    }),
    mustChangePassword: Type.Boolean(),
    can: Type.Object({
      acknowledge: Type.Boolean(),
      resolve: Type.Boolean(),
      command: Type.Boolean(),
      configure: Type.Boolean(),
      control: Type.Boolean(),
      seeSpeed: Type.Boolean(),
      explain: Type.Boolean(),
      seeMedia: Type.Boolean(),
      hold: Type.Boolean(),
      review: Type.Boolean(),
      evidence: Type.Boolean(),
      amend: Type.Array(words(RESOURCES)),
      whatIf: Type.Boolean(),
      accounts: Type.Boolean(),
      audit: Type.Boolean(),
    }),
  },
  { $id: 'Session' },
);

export const MapConfig = Type.Object(
  {
    basemap: Type.Union([
      Type.Object({ kind: Type.Literal('offline') }),
      Type.Object({ kind: Type.Literal('style'), url: Type.String() }),
      Type.Object({ kind: Type.Literal('pmtiles'), url: Type.String() }),
    ]),
    bounds: objectOrNull(Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()])),
  },
  { $id: 'MapConfig' },
);

export const PositionView = Type.Object(
  {
    vehicle: Type.String(),
    plate: textOrNull(),
    time: time('When the terminal measured it'),
    receivedAt: time('When the platform had it'),
    lat: Type.Number({ description: 'WGS-84 degrees' }),
    lon: Type.Number({ description: 'WGS-84 degrees' }),
    speedKmh: Type.Optional(numberOrNull('Left out for those who may not see it')),
    directionDeg: numberOrNull('0 north, clockwise'),
    accOn: flagOrNull('Ignition'),
    positioned: Type.Boolean({ description: 'The terminal has a fix' }),
    run: objectOrNull(
      Type.Object({
        trip: Type.String(),
        route: Type.String(),
        routeName: Type.String(),
        routeShortName: Type.String(),
        headsign: Type.String(),
        runState: words(RUN_STATES),
        progressM: Type.Number({ description: 'Along the shape of the trip' }),
        nextStop: textOrNull(),
        nextStopName: textOrNull(),
        delayS: numberOrNull('Positive is late'),
        aboard: words(['known', 'inferred']),
      }),
    ),
    schoolIds: Type.Array(Type.String()),
    district: textOrNull(),
  },
  { $id: 'Position' },
);

export const AlertView = Type.Object(
  {
    id: Type.String(),
    rule: words(RULE_NAMES),
    vehicle: Type.String(),
    plate: textOrNull(),
    trip: textOrNull(),
    routeName: textOrNull(),
    routeShortName: textOrNull(),
    severity: words(['P1', 'P2', 'P3'], 'P1 life or safety now, P2 violation, P3 record or service'),
    start: time(),
    end: timeOrNull('Null while it lasts'),
    lat: numberOrNull(),
    lon: numberOrNull(),
    late: Type.Boolean({ description: 'Found only from reports that arrived late' }),
    evidence: Type.Record(Type.String(), Type.Unknown()),
    state: words(['new', 'acknowledged', 'resolved']),
    acknowledgedAt: timeOrNull(),
    acknowledgedBy: textOrNull(),
    resolvedAt: timeOrNull(),
    resolvedBy: textOrNull(),
    resolution: textOrNull(),
    note: textOrNull(),
    raisedAt: time(),
    retracted: Type.Boolean({ description: 'Reports that came late showed that it never was' }),
    shadow: Type.Optional(Type.Literal(true)),
    incident: Type.Optional(Type.String({ description: 'The alert under which it is held' })),
    desk: Type.Optional(AlertDeskSchema),
    replaces: Type.Optional(Type.String({ description: 'Live only: the id this episode went by before' })),
  },
  { $id: 'Alert' },
);

const PersonView = Type.Object({ id: Type.String(), name: Type.String() });

export const EtaSchema = Type.Object(
  {
    vehicle: Type.String(),
    trip: Type.String(),
    serviceDate: Type.String({ description: 'YYYYMMDD' }),
    at: time('Time of the position that it rests on'),
    validUntil: time('Show no minutes after this'),
    stops: Type.Array(
      Type.Object({
        id: Type.String(),
        predicted: time(),
        from: time('One bus in ten comes before'),
        to: time('One bus in ten comes after'),
        confidence: Type.Number({ description: 'Share of such predictions that has held, 0 to 1' }),
      }),
    ),
  },
  { $id: 'Eta' },
);

export const RunView = Type.Object(
  {
    trip: Type.String(),
    serviceDate: Type.String({ description: 'YYYYMMDD' }),
    route: Type.String(),
    routeName: Type.String(),
    routeShortName: Type.String(),
    headsign: Type.String(),
    start: time(),
    end: time(),
    vehicle: textOrNull(),
    driver: objectOrNull(PersonView),
    escort: objectOrNull(PersonView),
    runState: words(RUN_STATES),
    stops: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        lat: Type.Number(),
        lon: Type.Number(),
        arrival: time(),
        departure: time(),
        riders: Type.Number({ description: 'Pupils expected; for guardians only their own children' }),
        isSchool: Type.Boolean(),
      }),
    ),
    eta: Type.Unsafe<contract.EtaView | null>(objectOrNull(Type.Ref('Eta'))),
  },
  { $id: 'Run' },
);

export const VehicleView = Type.Object(
  {
    id: Type.String(),
    plate: Type.String(),
    plateColour: Type.String(),
    terminalPhone: Type.String(),
    seats: numberOrNull(),
    schoolBusType: Type.String(),
    operator: textOrNull(),
    district: textOrNull(),
    schoolIds: Type.Array(Type.String()),
    run: objectOrNull(Type.Ref('Run')),
    permit: objectOrNull(
      Type.Object({
        no: Type.String(),
        status: Type.String(),
        validFrom: Type.String(),
        validTo: Type.String(),
      }),
    ),
    position: objectOrNull(Type.Ref('Position')),
  },
  { $id: 'Vehicle' },
);

export const FleetVehicle = Type.Object(
  {
    id: Type.String(),
    plate: Type.String(),
    operator: textOrNull(),
    operatorName: textOrNull(),
    district: textOrNull(),
    schoolIds: Type.Array(Type.String()),
    route: textOrNull(),
    routeName: textOrNull(),
    routeShortName: textOrNull(),
    driver: textOrNull(),
  },
  { $id: 'FleetVehicle' },
);

export const TrackPoint = Type.Object(
  {
    time: time(),
    lat: Type.Number(),
    lon: Type.Number(),
    speedKmh: numberOrNull(),
    directionDeg: numberOrNull(),
    positioned: Type.Boolean(),
    backfill: Type.Boolean({ description: 'Came later, from the memory of the terminal' }),
  },
  { $id: 'TrackPoint' },
);

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), reason: Type.String() }))),
  },
  { $id: 'Problem' },
);

/** Registered once, so that the document names each shape once. */
export const SHARED: readonly TSchema[] = [
  SessionView,
  MapConfig,
  PositionView,
  AlertView,
  EtaSchema,
  RunView,
  VehicleView,
  TrackPoint,
  FleetVehicle,
  Command,
  Problem,
  Media,
];

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Agrees<T extends true> = T;
/** Does not compile where a schema and the contract differ. */
export type ContractHolds = [
  Agrees<Same<Static<typeof SessionView>, contract.SessionView>>,
  Agrees<Same<Static<typeof MapConfig>, contract.MapConfig>>,
  Agrees<Same<Static<typeof PositionView>, contract.PositionView>>,
  Agrees<Same<Static<typeof AlertView>, contract.AlertView>>,
  Agrees<Same<Static<typeof EtaSchema>, contract.EtaView>>,
  Agrees<Same<Static<typeof RunView>, contract.RunView>>,
  Agrees<Same<Static<typeof TrackPoint>, contract.TrackPoint>>,
  Agrees<Same<Static<typeof Problem>, contract.Problem>>,
];
