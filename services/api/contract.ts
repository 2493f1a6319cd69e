/**
 * The shapes that cross the wire between the service and its pages and other systems. Types only: the web pages
 * import this file and nothing else of the service. Times are ISO 8601 with +08:00.
 */

import type { BoardingEvent, BoardingSource } from '../../geo/boardings/boarding-event.ts';
import type { RiderRecord } from '../../geo/boardings/rider-record.ts';
import type { RuleName, Severity } from '../../geo/finding.ts';
import type { RunProgress, RunState } from '../../geo/judge.ts';
import type { FaultCode } from '../../protocol/jt808/message.ts';
import type { CommandGroup, CommandRight } from '../commands/command-kind.ts';
import type { CommandRequest, CommandType } from '../commands/command-table.ts';
import type { Act, Deed, Stage, Verdict } from '../desk/codes.ts';
import type { CommandState } from '../store/command-store.ts';
import type { AmendmentResource } from './policy/amend-policy.ts';
import type { RegisterName } from './policy/register-policy.ts';

export type Role =
  | 'admin'
  | 'police'
  | 'transport'
  | 'education'
  | 'provider'
  | 'school'
  | 'guardian'
  | 'escort';
export type Language = 'zh' | 'en';

/** `GET /api/v1/session`, and the answer to `POST /api/v1/session {login, password}`. */
export interface SessionView {
  user: {
    id: string;
    login: string;
    displayName: string;
    role: Role;
    district: string | null;
    providerId: string | null;
    schoolId: string | null;
    language: Language;
  };
  /** Somebody else set the password: the person has to, before anything else. */
  mustChangePassword: boolean;
  /** What this login may do, so that pages show no button that will be refused. */
  can: {
    acknowledge: boolean;
    resolve: boolean;
    command: boolean;
    configure: boolean;
    control: boolean;
    seeSpeed: boolean;
    explain: boolean;
    /** Photos and recordings; `hold` keeps them as evidence. */
    seeMedia: boolean;
    hold: boolean;
    /** Says whether an alert was true; of P1 not of one that it handled itself. */
    review: boolean;
    /** Makes evidence packs and hands alerts over to the police. */
    evidence: boolean;
    /** Amendments of the plan that it may change, by the name of their resource. */
    amend: AmendmentResource[];
    whatIf: boolean;
    accounts: boolean;
    audit: boolean;
  };
}

/** `GET /api/v1/users`. */
export interface UserView {
  id: string;
  login: string;
  displayName: string;
  role: Role;
  district: string | null;
  providerId: string | null;
  schoolId: string | null;
  riderIds: string[];
  personId: string | null;
  language: Language;
  disabled: boolean;
  mustChangePassword: boolean;
  passwordSetAt: string | null;
  lastSignInAt: string | null;
  secondFactor: boolean;
  singleSignOn: boolean;
}

/** `GET /api/v1/api-keys`. */
export interface ApiKeyView {
  id: string;
  name: string;
  role: Exclude<Role, 'guardian' | 'escort'>;
  district: string | null;
  providerId: string | null;
  schoolId: string | null;
  createdAt: string;
  createdBy: string;
  expiresAt: string;
  lastUsedAt: string | null;
  lastUsedFrom: string | null;
  revokedAt: string | null;
}

/** `GET /api/v1/audit`. */
export interface AuditEntryView {
  seq: number;
  at: string;
  userId: string | null;
  user: string | null;
  action: string;
  subject: string;
  detail: unknown;
  remote: string;
}

/** `GET /api/v1/map-config` (no sign-in needed). */
export interface MapConfig {
  /** `offline` draws the plan's own base layer; a style is a MapLibre style URL; pmtiles is a path on this server. */
  basemap: { kind: 'offline' } | { kind: 'style'; url: string } | { kind: 'pmtiles'; url: string };
  /** [west, south, east, north] of the plan, or null where there is none. */
  bounds: [number, number, number, number] | null;
}

/** Live event `position`; `GET /api/v1/positions/latest` gives `{items: PositionView[], at}`. */
export interface PositionView {
  vehicle: string;
  plate: string | null;
  /** Event time; `receivedAt` is when the platform had it. */
  time: string;
  receivedAt: string;
  lat: number;
  lon: number;
  /** Left out for those who may not see it (guardians). */
  speedKmh?: number | null;
  directionDeg: number | null;
  accOn: boolean | null;
  positioned: boolean;
  run: {
    trip: string;
    route: string;
    routeName: string;
    /** The short name where there is one, for labels. */
    routeShortName: string;
    headsign: string;
    runState: RunState;
    progressM: number;
    nextStop: string | null;
    nextStopName: string | null;
    delayS: number | null;
    aboard: RunProgress['aboard'];
  } | null;
  schoolIds: string[];
  district: string | null;
}

/**
 * Live event `alert`; `GET /api/v1/alerts` gives `{items: AlertView[], next: string | null}`, newest first. `next` is
 * given back as `before` for the page that follows; a page may be short, or empty, and still have one.
 */
export interface AlertView {
  id: string;
  rule: RuleName;
  vehicle: string;
  plate: string | null;
  trip: string | null;
  routeName: string | null;
  routeShortName: string | null;
  severity: Severity;
  start: string;
  end: string | null;
  lat: number | null;
  lon: number | null;
  late: boolean;
  evidence: { [key: string]: unknown };
  state: 'new' | 'acknowledged' | 'resolved';
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  resolvedAt: string | null;
  resolvedBy: string | null;
  resolution: string | null;
  note: string | null;
  raisedAt: string;
  /** Taken back: reports that came late showed that it never was. */
  retracted: boolean;
  /** Of a rule that is being tried out; only in lists asked for with `shadow=true`. */
  shadow?: true;
  /** The alert under which it is held. */
  incident?: string;
  /** How it stands on the desk; left out while nothing was done about it. */
  desk?: AlertDeskView;
  /** Live only: the id this episode went by before. */
  replaces?: string;
}

/** Somebody of the desk, as far as others are told. */
export interface PersonView {
  id: string;
  name: string;
}

export interface AlertDeskView {
  stage: Stage;
  assignee: PersonView | null;
  /** Escalated to: 1 the provider, 2 and 3 above; 0 is the desk itself. */
  level: number;
  handledBy: PersonView | null;
  handledAt: string | null;
  reason: string | null;
  deed: Deed | null;
  verdict: Verdict | null;
  reviewedBy: PersonView | null;
  reviewedAt: string | null;
  closedAt: string | null;
  excuse: string | null;
  handedOver: { at: string; office: string; pack: string } | null;
  steps: number;
}

/** `GET /api/v1/alerts/{id}/steps` gives `{items, undoable}`; `by` is null where time did it. */
export interface AlertStepView {
  seq: number;
  at: string;
  by: PersonView | null;
  act: Act;
  detail: { [name: string]: unknown };
}

/** `GET /api/v1/alerts/{id}/assignees` `{items}` */
export interface AssigneeView extends PersonView {
  role: Role;
}

/** `GET /api/v1/alerts/{id}/call-card` */
export interface CallCardView {
  vehicle: string;
  plate: string | null;
  terminalPhone: string | null;
  crew: { role: 'driver' | 'escort'; name: string; phone: string | null }[];
  provider: { name: string; phone: string | null } | null;
  schools: { name: string; phone: string | null }[];
}

/** `GET /api/v1/desk/summary`, and what a shift hands to the next. */
export interface ShiftSummaryView {
  from: string;
  to: string;
  raised: { [severity in Severity]: number };
  /** Of those raised: taken up, handled, closed by now. */
  acknowledged: number;
  handled: number;
  closed: number;
  /** Seconds from raised to taken up; null where none was. */
  medianToAcknowledgeS: { [severity in Severity]: number | null };
  escalated: number;
  handedOver: number;
  /** More happened than is counted here. */
  truncated: boolean;
  people: { name: string; acts: number; handled: number }[];
  /** Not handled yet, gravest first. */
  open: AlertView[];
}

/** `GET /api/v1/desk/handovers` `{items}`; `POST` `{from, to, note}`. */
export interface ShiftHandoverView {
  seq: number;
  at: string;
  by: string;
  note: string;
  summary: ShiftSummaryView;
}

/** `GET /api/v1/alerts/{id}/evidence` `{items}`; the files are at `/api/v1/evidence/{id}/pack.pdf`, `pack.zip`. */
export interface EvidencePackView {
  id: string;
  alert: string;
  vehicle: string;
  madeAt: string;
  madeBy: string;
  records: number;
  /** SHA-256 of the last record, which is printed on the pack. */
  head: string;
}

/** `GET /api/v1/holds` `{items}`: positions that are kept beyond their retention. */
export interface PositionHoldView {
  id: string;
  vehicle: string;
  from: string;
  to: string;
  reason: string;
  alert: string | null;
  heldAt: string;
  heldBy: string;
  releasedAt: string | null;
  releasedBy: string | null;
}

/** One report of a replay. `doors`: bits front, middle, rear, driver's; null where the source says nothing. */
export interface ReplayFix {
  time: string;
  lat: number;
  lon: number;
  positioned: boolean;
  speedKmh: number | null;
  directionDeg: number | null;
  accOn: boolean | null;
  doors: number;
  /** Items 0x25 and 0x2A as sent; null where the report has none. */
  signals: number | null;
  inputs: number | null;
  backfill: boolean;
}

/** A planned run in the span of a replay, and what became of it. */
export interface ReplayRun {
  trip: string;
  serviceDate: string;
  routeName: string;
  start: string;
  end: string;
  /** [lon, lat] of the planned line. */
  line: [number, number][];
  stops: {
    id: string;
    name: string;
    lat: number;
    lon: number;
    planned: string;
    arrived: string | null;
    left: string | null;
    /** Null where it is not known; positive is late. */
    lateS: number | null;
    how: 'stood' | 'passed' | 'away' | 'unsure' | null;
  }[];
}

/** `GET /api/v1/vehicles/{id}/replay?from&to` */
export interface ReplayView {
  vehicle: string;
  plate: string | null;
  from: string;
  to: string;
  fixes: ReplayFix[];
  truncated: boolean;
  runs: ReplayRun[];
  alerts: AlertView[];
  media: MediaView[];
}

/** A row of `GET /api/v1/rule-settings`, `orders`, `detours`, `excuses`, `school-calendar`, `dispatch`. */
export type AmendmentView = { id: string; note: string | null } & { [field: string]: string | null };

export interface AmendmentList {
  version: string;
  items: AmendmentView[];
  /** Of rule settings: every number there is, with its default. */
  defaults?: { rule: string; parameter: string; value: unknown }[];
}

/** `GET /api/v1/plan/changes` `{items}`; `POST /api/v1/plan/changes/{seq}/undo`. */
export interface PlanChangeView {
  seq: number;
  at: string;
  version: string;
  by: string | null;
  note: string;
  files: string[];
  diff: { resource: string; removed: AmendmentView[]; added: AmendmentView[] }[];
}

/** `GET /api/v1/registers`. Columns by the names of the files, in camel case. */
export interface RegisterList {
  version: string;
  mayMovePlans: boolean;
  registers: {
    name: RegisterName;
    file: string;
    columns: string[];
    needed: string[];
    personal: string[];
    mayEdit: boolean;
    mayAdd: boolean;
  }[];
}

export interface RegisterRow {
  key: string;
  /** Names this content; to be given with a change of it. */
  rowVersion: string;
  mayEdit: boolean;
  /** Cells that tell who a person is are hidden. */
  masked: boolean;
  cells: { [column: string]: string | null };
}

/** `GET /api/v1/registers/{register}?search&limit&offset`. */
export interface RegisterRows {
  version: string;
  total: number;
  items: RegisterRow[];
}

/** `GET /api/v1/expiring?days` `{today, items, total}`. */
export interface ExpiringView {
  kind: 'permit' | 'licence' | 'inspection' | 'insurance';
  register: RegisterName;
  key: string;
  plate: string | null;
  vehicle: string | null;
  person: string | null;
  operator: string | null;
  /** YYYYMMDD */
  lastDay: string;
  daysLeft: number;
}

/** `POST /api/v1/plan/upload`. */
export type UploadView =
  | {
      ok: true;
      version: string;
      inForce: boolean;
      changes: {
        file: string;
        resource: string | null;
        added: number;
        removed: number;
        changed: number;
        comes: AmendmentView[];
        goes: AmendmentView[];
      }[];
      warnings: readonly { file: string; line: number; column: string; reason: string }[];
    }
  | {
      ok: false;
      version: string;
      problems: readonly { file: string; line: number; column: string; reason: string }[];
    };

/** Lines of the answer to `POST /api/v1/what-if`. `now` is under the settings in force, `tried` under those asked about. */
export type WhatIfMessage =
  | { type: 'progress'; judged: number; share: number }
  | { type: 'refused'; errors: { path: string; reason: string }[] }
  | { type: 'failed' }
  | WhatIfResultView;

export interface WhatIfResultView {
  type: 'result';
  judged: number;
  counts: { readonly [rule in RuleName]?: { readonly now: number; readonly tried: number } };
  same: number;
  totals: { onlyNow: number; onlyTried: number; regraded: number };
  onlyNow: AlertView[];
  onlyTried: AlertView[];
  regraded: { now: AlertView; tried: AlertView }[];
}

/** `GET /api/v1/vehicles` `{items}`; `/vehicles/{id}` one of them. */
export interface VehicleView {
  id: string;
  plate: string;
  plateColour: string;
  terminalPhone: string;
  seats: number | null;
  schoolBusType: string;
  operator: string | null;
  district: string | null;
  schoolIds: string[];
  /** Run under way or next today. */
  run: RunView | null;
  permit: { no: string; status: string; validFrom: string; validTo: string } | null;
  position: PositionView | null;
}

/** `GET /api/v1/fleet` `{items, next}`: what lists, filters and searches know each vehicle by. */
export interface FleetVehicleView {
  id: string;
  plate: string;
  /** Whoever runs it, and its name. */
  operator: string | null;
  operatorName: string | null;
  district: string | null;
  schoolIds: string[];
  /** Of the run under way or next today. */
  route: string | null;
  routeName: string | null;
  routeShortName: string | null;
  driver: string | null;
}

export interface RunView {
  trip: string;
  serviceDate: string;
  route: string;
  routeName: string;
  routeShortName: string;
  headsign: string;
  start: string;
  end: string;
  vehicle: string | null;
  driver: { id: string; name: string } | null;
  escort: { id: string; name: string } | null;
  runState: RunState;
  stops: {
    id: string;
    name: string;
    lat: number;
    lon: number;
    arrival: string;
    departure: string;
    riders: number;
    isSchool: boolean;
  }[];
  /** While the run is under way and there is something to rest a number on; else null. */
  eta: EtaView | null;
}

/**
 * Live event `eta`: when the bus is expected at the stops ahead, as far as the login may know them. One in ten comes
 * before `from`, one in ten after `to`; `confidence` is the share of such predictions that has held. Without stops
 * there is no basis any more.
 */
export interface EtaView {
  vehicle: string;
  trip: string;
  serviceDate: string;
  /** Time of the position that it rests on. */
  at: string;
  /** Show no minutes after this. */
  validUntil: string;
  stops: { id: string; predicted: string; from: string; to: string; confidence: number }[];
}

/** `GET /api/v1/vehicles/{id}/positions?from&to` gives `{items: TrackPoint[], truncated}`. */
export interface TrackPoint {
  time: string;
  lat: number;
  lon: number;
  speedKmh: number | null;
  directionDeg: number | null;
  positioned: boolean;
  backfill: boolean;
}

/** `GET /api/v1/routes` `{items}` */
export interface RouteView {
  id: string;
  name: string;
  shortName: string;
  longName: string;
  agency: string | null;
  colour: string | null;
  schoolIds: string[];
  /** Planned runs today that the login may see. */
  runsToday: number;
}

/** `GET /api/v1/permits` `{items}`; dates `YYYYMMDD`, both included; windows `HH:MM`. */
export interface PermitView {
  no: string;
  vehicle: string;
  plate: string | null;
  routes: string[];
  drivers: string[];
  validFrom: string;
  validTo: string;
  morningWindow: { from: string; to: string } | null;
  afternoonWindow: { from: string; to: string } | null;
  status: 'valid' | 'suspended' | 'revoked';
}

/** `GET /api/v1/schools` `{items}` */
export interface SchoolView {
  id: string;
  name: string;
  district: string | null;
  lat: number;
  lon: number;
}

/** `GET /api/v1/riders` `{items}`; every look is audited. */
export interface RiderView {
  id: string;
  school: string;
  name: string;
  grade: string;
  runs: { trip: string; stop: string; stopName: string | null }[];
  /** Left out for guardians: another guardian's number is not theirs to read. */
  guardianPhones?: string[];
}

/** A thing said of a run, as `geo/boardings` has it, with times as text. */
export type BoardingEventView = BoardingEvent extends infer E
  ? E extends BoardingEvent
    ? Omit<E, 'at' | 'receivedAt'> & { at: string; receivedAt: string | null; takenBack?: boolean }
    : never
  : never;

export interface BoardingMark {
  id: string;
  at: string;
  source: BoardingSource;
  stop: string | null;
}

/** `GET /api/v1/trips/{id}/boardings?date`; `POST` `{events}` gives `{items: {id, outcome, reason?}[]}`. */
export interface BoardingsView {
  trip: string;
  serviceDate: string;
  routeName: string;
  vehicle: string | null;
  plate: string | null;
  toSchool: boolean;
  start: string;
  end: string;
  stops: { id: string; name: string; lat: number; lon: number; planned: string; isSchool: boolean }[];
  riders: {
    rider: string;
    name: string | null;
    grade: string | null;
    expectedStop: string | null;
    state: RiderRecord['state'];
    boarded: BoardingMark | null;
    alighted: (BoardingMark & { to: string | null }) | null;
    absent: BoardingMark | null;
    conflicts: string[];
    warnings: string[];
    evidence: BoardingEventView[];
  }[];
  crew: {
    escort: string | null;
    onDuty: string[];
    mayClose: boolean;
    counts: {
      expected: number;
      boarded: number;
      alighted: number;
      absent: number;
      aboard: number;
      heads: number | null;
      headsDiffer: boolean | null;
    };
    events: BoardingEventView[];
  } | null;
  codes: { door: string; rear: string } | null;
  at: string;
}

export interface BoardingOutcome {
  id: string;
  outcome: 'stored' | 'before' | 'refused';
  reason?: 'not_yours' | 'wrong_code' | 'wrong_card' | 'time' | 'unknown_rider' | 'no_photo';
}

/** `GET /api/v1/family/runs`: today's runs of the children of this login. Answered anew each time it is asked. */
export interface FamilyRunsView {
  at: string;
  children: {
    rider: string;
    name: string;
    school: string | null;
    runs: FamilyRunView[];
  }[];
}

export interface FamilyRunView {
  trip: string;
  serviceDate: string;
  toSchool: boolean;
  /** `soon` is before the window in which the bus is shown, `over` behind it. */
  phase: 'soon' | 'on' | 'over' | 'cancelled';
  /** The bus is shown between these. */
  shownFrom: string;
  shownUntil: string;
  stop: { id: string; name: string; lat: number; lon: number; planned: string };
  school: { id: string; name: string; lat: number; lon: number; planned: string } | null;
  plate: string | null;
  /** Another bus than the timetable has, by today's dispatch. */
  substitute: boolean;
  /** Newest position, only while the bus is shown. */
  position: { lat: number; lon: number; time: string; directionDeg: number | null } | null;
  vehicle: string | null;
  /** When the bus is expected at the child's stop: a range, and what it rests on; null without a basis. */
  arrival: { from: string; to: string; basis: 'prediction' | 'delay' } | null;
  delayS: number | null;
  /** The bus has been at the child's stop. */
  passed: boolean;
  state: RiderRecord['state'];
  boardedAt: string | null;
  alightedAt: string | null;
  warnings: string[];
  /** The family's own excuse, to be taken back by its id; null where there is none. */
  absence: { id: string; mine: boolean } | null;
  mayExcuse: boolean;
}

/** `GET /api/v1/media` `{items, next}`, newest first; live event `media`. The bytes are at `/api/v1/media/{id}/content`. */
export interface MediaView {
  id: string;
  vehicle: string;
  plate: string | null;
  kind: 'photo' | 'audio' | 'video' | 'text' | 'other';
  source: 'upload' | 'attachment';
  channel: number;
  event: number | null;
  time: string;
  receivedAt: string;
  lat: number | null;
  lon: number | null;
  alert: string | null;
  name: string | null;
  terminalMediaId: number | null;
  stored: boolean;
  shown: boolean;
  contentType: string | null;
  bytes: number | null;
  sha256: string | null;
  legalHold: boolean;
}

/** `GET /api/v1/terminals` `{items}` */
export interface TerminalView {
  phone: string;
  vehicle: string;
  plate: string | null;
  /** As the terminal itself says when it registers. */
  registeredPlate: string;
  manufacturer: string;
  model: string;
  terminalId: string;
  version: string;
  approved: boolean;
  registeredAt: string | null;
  lastSeenAt: string | null;
}

export type { CommandGroup, CommandRight, CommandState, CommandType };

/**
 * `POST /api/v1/terminals/{phone}/commands`; the command is queued, and goes out when the terminal is connected.
 * `plan_areas` is `set_areas` with the areas and routes of the plan in force. `expiresInS` overrides how long it is
 * worth delivering.
 */
export type TerminalCommandRequest = (CommandRequest | { type: 'plan_areas' }) & { expiresInS?: number };

/** `GET /api/v1/terminals/{phone}/commands` gives `{items, next}`, newest first; `.../commands/{id}` has `events`. */
export interface CommandView {
  id: string;
  phone: string;
  vehicle: string;
  type: CommandType;
  group: CommandGroup | null;
  request: { [field: string]: unknown };
  state: CommandState;
  /** Why it failed, as a stable word. */
  reason: string | null;
  by: string;
  queuedAt: string;
  expiresAt: string;
  sentAt: string | null;
  endedAt: string | null;
  /** Sendings so far, repetitions included. */
  attempts: number;
  /** Messages of it that were answered, of so many; null before it is sent. */
  step: number;
  steps: number | null;
  answers: CommandAnswer[];
  events?: { at: string; event: string; detail: { [name: string]: unknown } }[];
  /** In the answer to its request alone: is the terminal connected to any process now? */
  connected?: boolean;
}

export interface CommandAnswer {
  msgId: string;
  /** Of a general reply. */
  result?: number;
  /** Of an answer of its own, its fields as the protocol names them. */
  body?: { [field: string]: unknown };
  tooLong?: number;
}

/** Live event `command`: something about a command has changed, which is to be read anew. */
export interface CommandChangeView {
  id: string;
  phone: string;
  vehicle: string;
  type: string;
  state: CommandState;
}

/** `GET /api/v1/command-kinds` `{items}`: what this login may send, with the JSON Schema of each request. */
export interface CommandKindView {
  type: CommandType | 'plan_areas';
  group: CommandGroup;
  summary: string;
  right: CommandRight;
  /** Ids of the messages it may become, and of those that answer them. */
  messages: string[];
  replies: string[];
  editions: string[];
  expiresInS: number;
  /** Never sent a second time. */
  once: boolean;
  schema: { [keyword: string]: unknown };
}

/** `GET /api/v1/terminals/{phone}/parameters`: what is recommended, beside what the terminal said last. */
export interface TerminalParametersView {
  version: string;
  parameters: {
    id: string;
    name: string;
    unit: string;
    recommended: number;
    /** Null where the terminal has not said. */
    reported: unknown;
    reportedAt: string | null;
    differs: boolean;
  }[];
  /** What `plan_areas` would set now; null without a plan. */
  plan: {
    version: string;
    circles: number;
    rectangles: number;
    polygons: number;
    routes: { name: string; points: number; limitsKmh: number[] }[];
    leftOut: number;
  } | null;
}

/**
 * `POST /api/v1/explain {frames, version?}` takes JT/T 808 frames in hex apart: `{items}`, one for each frame of the
 * text, in order.
 */
export interface FrameView {
  /** Id, name and edition of the message. */
  title: string;
  source: string;
  /** The frame without flags and escapes, in hex: header, body, checksum. */
  bytes: string;
  fields: FrameFieldView[];
  /** What was odd but could be understood. */
  warnings: string[];
  /** Why it cannot be decoded; null where it can. */
  fault: { code: FaultCode; detail: string } | null;
}

export interface FrameFieldView {
  /** Of the first byte within `bytes`. */
  offset: number;
  hex: string;
  /** `lat`, `extras.mileageKm`; in parentheses what is only of the wire. */
  path: string;
  value: unknown;
  unit: string;
  /** What a code or the bits mean, and what there is to know of the field. */
  meaning: string;
  /** Edition and table. */
  source: string;
}

/** `GET /api/v1/reports/summary?from&to` */
export interface SummaryReport {
  from: string;
  to: string;
  /** By the age of the newest position at the time of asking: live to 30 s, delayed to 90 s, then stale. */
  vehicles: { live: number; delayed: number; stale: number; never: number };
  alerts: {
    total: number;
    open: number;
    byRule: { [rule: string]: number };
    bySeverity: { [severity: string]: number };
    byState: { [state: string]: number };
  };
  /** More alerts than are counted in one report. */
  truncated: boolean;
}

/** `GET /api/v1/plan/geometry`: what the map draws besides buses; every feature the login may see. */
export interface PlanGeometry {
  version: string;
  routes: GeoJSON.FeatureCollection<
    GeoJSON.LineString,
    { id: string; name: string; shortName: string; colour: string | null }
  >;
  stops: GeoJSON.FeatureCollection<GeoJSON.Point, { id: string; name: string; routes: string[] }>;
  schools: GeoJSON.FeatureCollection<GeoJSON.Point, { id: string; name: string }>;
  fences: GeoJSON.FeatureCollection<GeoJSON.Geometry, { id: string; name: string; kind: string }>;
  /** Roads, water and places drawn where no base map is configured; properties `{class, name?}`. */
  base: GeoJSON.FeatureCollection;
}

/** RFC 9457 problem document. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { path: string; reason: string }[];
}

/** Messages of the plain WebSocket `/api/v1/stream`: `{type:'position'|'alert'|'command'|'media', data}`, and `{type:'hello', at}` first. */
export type StreamMessage =
  | { type: 'hello'; at: string }
  | { type: 'position'; data: PositionView }
  | { type: 'alert'; data: AlertView }
  | { type: 'command'; data: CommandChangeView }
  | { type: 'media'; data: MediaView };
