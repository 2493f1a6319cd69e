import { Type } from 'typebox';
import { objectOrNull, textOrNull, timeOrNull, words } from './basics.ts';

const Window = objectOrNull(Type.Object({ from: Type.String(), to: Type.String() }));

export const Route = Type.Object({
  id: Type.String(),
  name: Type.String(),
  shortName: Type.String(),
  longName: Type.String(),
  agency: textOrNull(),
  colour: textOrNull('#rrggbb'),
  schoolIds: Type.Array(Type.String()),
  runsToday: Type.Integer(),
});

export const Permit = Type.Object({
  no: Type.String(),
  vehicle: Type.String(),
  plate: textOrNull(),
  routes: Type.Array(Type.String()),
  drivers: Type.Array(Type.String()),
  validFrom: Type.String({ description: 'YYYYMMDD' }),
  validTo: Type.String({ description: 'YYYYMMDD, included' }),
  morningWindow: Window,
  afternoonWindow: Window,
  status: words(['valid', 'suspended', 'revoked']),
});

export const School = Type.Object({
  id: Type.String(),
  name: Type.String(),
  district: textOrNull(),
  lat: Type.Number(),
  lon: Type.Number(),
});

export const Rider = Type.Object({
  id: Type.String(),
  school: Type.String(),
  name: Type.String(),
  grade: Type.String(),
  runs: Type.Array(Type.Object({ trip: Type.String(), stop: Type.String(), stopName: textOrNull() })),
  guardianPhones: Type.Optional(Type.Array(Type.String())),
});

export const Terminal = Type.Object({
  phone: Type.String(),
  vehicle: Type.String(),
  plate: textOrNull(),
  registeredPlate: Type.String({ description: 'As the terminal itself says' }),
  manufacturer: Type.String(),
  model: Type.String(),
  terminalId: Type.String(),
  version: Type.String(),
  approved: Type.Boolean(),
  registeredAt: timeOrNull(),
  lastSeenAt: timeOrNull(),
});

export const Summary = Type.Object({
  from: Type.String(),
  to: Type.String(),
  vehicles: Type.Object({
    live: Type.Integer({ description: 'Newest position at most 30 s old' }),
    delayed: Type.Integer({ description: 'At most 90 s' }),
    stale: Type.Integer(),
    never: Type.Integer(),
  }),
  alerts: Type.Object({
    total: Type.Integer(),
    open: Type.Integer(),
    byRule: Type.Record(Type.String(), Type.Integer()),
    bySeverity: Type.Record(Type.String(), Type.Integer()),
    byState: Type.Record(Type.String(), Type.Integer()),
  }),
  truncated: Type.Boolean(),
});

/** A GeoJSON collection; its features are as `PlanGeometry` of the contract says. */
const Features = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(Type.Unknown()),
});

export const Geometry = Type.Object({
  version: Type.String(),
  routes: Features,
  stops: Features,
  schools: Features,
  fences: Features,
  base: Features,
});
