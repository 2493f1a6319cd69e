import type { Finding, Severity } from '../../geo/finding.ts';
import type { ContactState, JudgeState, RunProgress } from '../../geo/judge.ts';
import type { PlanFiles } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import type { Stage } from '../desk/codes.ts';
import type { DeskState } from '../desk/handling.ts';
import type { AccountStore } from './account-store.ts';
import type { ApiKeyStore } from './api-key-store.ts';
import type { BoardingStore } from './boarding-store.ts';
import type { CommandStore } from './command-store.ts';
import type { DeskStore } from './desk-store.ts';
import type { EtaStore } from './eta-store.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { MediaStore } from './media-store.ts';
import type { NoticeStore } from './notice-store.ts';
import type { NotifyPeopleStore } from './notify-people.ts';
import type { PrivacyStore } from './privacy-store.ts';
import type { ReportStore } from './report-store.ts';
import type { SignInStore } from './sign-in-store.ts';
import type { TenantStore } from './tenancy/tenant-store.ts';

/**
 * What the service needs of its database; one implementation over PostgreSQL, one over the embedded PGlite, held to
 * the same tests. Times are milliseconds since the epoch. Methods reject with `StoreUnavailable` while the database
 * cannot be reached; anything else thrown is a bug.
 */
export interface Store {
  /**
   * The same for whoever asks through the API: what is asked of it, within `asViewer`, reaches the rows of their
   * tenants and no others, whatever was forgotten to be checked before.
   */
  readonly forRequests: Store;
  readonly ingest: IngestStore;
  readonly terminals: TerminalStore;
  readonly plans: PlanStore;
  readonly findings: FindingStore;
  readonly positions: PositionStore;
  readonly users: UserStore;
  readonly accounts: AccountStore;
  readonly signIns: SignInStore;
  readonly apiKeys: ApiKeyStore;
  readonly sessions: SessionStore;
  readonly audit: AuditStore;
  readonly commands: CommandStore;
  readonly media: MediaStore;
  /** Figures of supervision. */
  readonly reports: ReportStore;
  readonly notices: NoticeStore;
  readonly notifyPeople: NotifyPeopleStore;
  readonly privacy: PrivacyStore;
  readonly tenants: TenantStore;
  readonly desk: DeskStore;
  readonly eta: EtaStore;
  readonly evidence: EvidenceStore;
  readonly boardings: BoardingStore;
  /** Drops what is past its retention at `now`; returns the partitions of positions that went. */
  applyRetention(now: number): Promise<string[]>;
  /** Resolves when a trivial query answers within `timeoutMs`. */
  ping(timeoutMs: number): Promise<void>;
  close(): Promise<void>;
}

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** One stored report. `body` is the 0x0200 body as received, so that nothing of it is lost. */
export interface PositionRow {
  readonly vehicleKey: number;
  readonly report: Report;
  readonly body: Uint8Array;
}

/** Everything about one vehicle that outlives a process, saved with the reports that made it so. */
export interface VehicleSnapshot {
  /**
   * The judge's state as it was kept last. It holds every stored report up to its time; those stored since, folded
   * onto it in order, give the present one. Null where none was kept yet.
   */
  readonly judge: JudgeState | null;
  /** As it was kept last: it has heard every stored report received up to its time. */
  readonly contact: ContactState | null;
  /** As it was kept last. */
  readonly progress: RunProgress | null;
  /** The newest position by event time that is stored. */
  readonly last: Report | null;
  readonly planVersion: string;
}

export interface VehicleWrite {
  /** Null: what was kept stays, and the reports of this batch lead on from it. A judge that is null stays likewise. */
  readonly kept: VehicleSnapshot | null;
  readonly vehicleKey: number;
  /** The epoch under which this process owns the vehicle; an older one commits nothing. */
  readonly epoch: number;
}

export interface FindingWrite {
  readonly vehicleKey: number;
  readonly finding: Finding;
  readonly district: string | null;
  readonly schoolIds: readonly string[];
  /** Id of an earlier version of this episode whose start was somewhere else; its handling moves over. */
  readonly replaces: string | null;
  /** Held under this finding, or (null) released. Left out: as it was. */
  readonly incident?: string | null;
}

export interface CheckpointWrite {
  readonly vehicleKey: number;
  readonly time: number;
  readonly judge: JudgeState;
}

export interface QuarantineWrite {
  readonly receivedAt: number;
  readonly phone: string | null;
  readonly remote: string;
  readonly reason: string;
  readonly detail: string;
  readonly frame: Uint8Array;
}

/**
 * What silence made of a vehicle. Written only while its last contact is still the one the caller saw; else it and
 * its findings are passed over, since the terminal has spoken meanwhile.
 */
export interface SilenceWrite {
  readonly vehicleKey: number;
  readonly seenLastReceivedAt: number;
  readonly contact: ContactState;
  readonly findings: readonly FindingWrite[];
}

/** Whatever must happen because of a committed change (a notice, a forward to another system). */
export interface OutboxWrite {
  /** The vehicle that it is about: it goes unwritten with that vehicle's other rows where those are refused. */
  readonly vehicleKey?: number;
  readonly topic: string;
  readonly key: string;
  readonly payload: unknown;
}

export interface Batch {
  readonly vehicles: readonly VehicleWrite[];
  readonly positions: readonly PositionRow[];
  readonly findings: readonly FindingWrite[];
  /** Episodes that, with what came late, never were. */
  readonly retractions: readonly { readonly vehicleKey: number; readonly id: string }[];
  readonly checkpoints: readonly CheckpointWrite[];
  readonly silences: readonly SilenceWrite[];
  readonly quarantine: readonly QuarantineWrite[];
  readonly outbox: readonly OutboxWrite[];
}

export interface Committed {
  /** Vehicles whose epoch was too old: nothing of theirs was written. */
  readonly refused: ReadonlySet<number>;
  /** Vehicles whose silence was passed over, since the terminal had spoken meanwhile. */
  readonly passedOver?: ReadonlySet<number>;
}

export interface SilentVehicle {
  readonly vehicle: string;
  readonly vehicleKey: number;
  readonly snapshot: VehicleSnapshot;
  /** Reports are stored that came after the contact that was kept. */
  readonly heardSince: boolean;
}

export interface IngestStore {
  /**
   * Writes the whole batch in one transaction, or nothing of it. A position already stored is passed over. After
   * `StoreUnavailable` it is not known which; the same batch may be committed again: states, positions, findings and
   * checkpoints are then there once, rows of quarantine and outbox perhaps twice. Waits long for a stalled database.
   */
  commit(batch: Batch): Promise<Committed>;
  /** Takes the vehicle over: raises its epoch, so that whoever held it before can commit nothing more. */
  claim(vehicle: string): Promise<{ vehicleKey: number; epoch: number; snapshot: VehicleSnapshot }>;
  /** The newest checkpoint with `time` before the one given, or null. */
  checkpointBefore(vehicleKey: number, time: number): Promise<CheckpointWrite | null>;
  /** Stored reports with from <= time <= to, in order of event time, then of arrival. */
  reportsBetween(vehicleKey: number, from: number, to: number): Promise<PositionRow[]>;
  /** Vehicles whose last contact, as it was kept, was before `lastReceivedAt`. */
  silentSince(lastReceivedAt: number): Promise<SilentVehicle[]>;
  /**
   * Takes or renews the named lease for `holder`; false while another holds it. `heldUntil` is when the last holder's
   * ran out (0 if there never was one), which tells a process that starts how long nobody listened.
   */
  lease(name: string, holder: string, ttlMs: number): Promise<{ held: boolean; heldUntil: number }>;
  /** Findings of the vehicle that touch the span, not retracted. */
  findingsBetween(vehicleKey: number, from: number, to: number): Promise<Finding[]>;
}

export interface TerminalRow {
  readonly phone: string;
  /** SHA-256 of the authentication code, hex; null until registered. */
  readonly tokenHash: string | null;
  readonly plate: string;
  readonly plateColour: number;
  readonly manufacturer: string;
  readonly model: string;
  readonly terminalId: string;
  readonly version: string;
  readonly imei: string | null;
  readonly approved: boolean;
  readonly registeredAt: number | null;
  readonly lastSeenAt: number | null;
}

export interface TerminalStore {
  get(phone: string): Promise<TerminalRow | null>;
  /** Inserts or replaces by phone. */
  save(row: TerminalRow): Promise<void>;
  list(): Promise<TerminalRow[]>;
}

export interface PlanVersion {
  readonly version: string;
  readonly importedAt: number;
  readonly note: string;
}

/** A plan's files, with what tells a reader which of them it has already. */
export interface HeldPlan {
  readonly version: string;
  readonly files: PlanFiles;
  /** By file, the version with which its content came. */
  readonly heldBy: ReadonlyMap<string, string>;
}

/** Rows that a change took out of a file and put into it, as the file has them. */
export interface FileDiff {
  readonly file: string;
  readonly removed: readonly { readonly [column: string]: string }[];
  readonly added: readonly { readonly [column: string]: string }[];
}

export interface PlanChange {
  readonly seq: number;
  readonly at: number;
  readonly version: string;
  readonly parent: string | null;
  readonly by: string | null;
  readonly note: string;
  /** Names of the files that differ from the version before. */
  readonly files: readonly string[];
  readonly diff: readonly FileDiff[];
}

/** Who puts a version in force, instead of which. */
export interface PlanSaving {
  readonly by?: string | null;
  /** Saved only if this version is still in force; null: only if none is. Left out: whatever is. */
  readonly expected?: string | null;
  readonly diff?: readonly FileDiff[];
}

export interface PlanStore {
  /**
   * Makes these files the current plan, in one transaction; false, and nothing is changed, where another version than
   * the one expected is in force. Riders' rows are encrypted at rest.
   */
  save(version: string, files: PlanFiles, note: string, saving?: PlanSaving): Promise<boolean>;
  /** As `save`, for a version that differs from the one in force in these files alone; null takes a file away. */
  amend(
    version: string,
    changed: ReadonlyMap<string, string | null>,
    note: string,
    saving: PlanSaving & { readonly expected: string },
  ): Promise<boolean>;
  current(): Promise<{ version: string; files: PlanFiles } | null>;
  /** As `current`, reading only the files that `have` does not hold. */
  currentSince(have: HeldPlan | null): Promise<HeldPlan | null>;
  /** The version of `current` alone: cheap enough to ask every half minute. */
  currentVersion(): Promise<string | null>;
  versions(): Promise<PlanVersion[]>;
  /** What was put in force, newest first; those before `before` where it is given. */
  changes(limit: number, before?: number): Promise<PlanChange[]>;
  change(seq: number): Promise<PlanChange | null>;
}

/** A finding with its handling. */
export interface StoredFinding {
  readonly finding: Finding;
  readonly district: string | null;
  readonly schoolIds: readonly string[];
  readonly state: 'new' | 'acknowledged' | 'resolved';
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: number | null;
  readonly resolvedBy: string | null;
  readonly resolution: string | null;
  readonly note: string | null;
  /** When it was first committed. */
  readonly raisedAt: number;
  readonly retracted: boolean;
  /** The finding under which it is held, as long as it is; absent for nearly all. */
  readonly incident?: string | null;
  /** How it stands on the desk; absent where nobody has done anything about it. */
  readonly desk?: DeskState;
}

export interface FindingQuery {
  readonly vehicles?: readonly string[];
  readonly rules?: readonly string[];
  readonly state?: StoredFinding['state'];
  readonly stages?: readonly Stage[];
  readonly severities?: readonly Severity[];
  readonly open?: boolean;
  /** True: those in shadow and no others. Left out: none of them. */
  readonly shadow?: boolean;
  /** Those held under this one. Left out: those held under none. */
  readonly incident?: string;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  /** Findings before this one in the order of the list (newest start first, then id). */
  readonly before?: { start: number; id: string };
}

export interface FindingStore {
  list(query: FindingQuery): Promise<StoredFinding[]>;
  get(id: string): Promise<StoredFinding | null>;
}

export interface LatestRow {
  readonly vehicle: string;
  readonly last: Report;
  readonly progress: RunProgress | null;
}

export interface PositionStore {
  /** Newest report of every vehicle. */
  latest(): Promise<LatestRow[]>;
  /** Of one vehicle, in order of event time; at most `limit`. */
  track(vehicle: string, from: number, to: number, limit: number): Promise<Report[]>;
  /** Every vehicle's stored reports in the span, ordered by event time, for replay. Streams in chunks. */
  all(from: number, to: number): AsyncIterable<Report[]>;
}

export const ROLES = [
  'admin',
  'police',
  'transport',
  'education',
  'provider',
  'school',
  'guardian',
  'escort',
] as const;
export type Role = (typeof ROLES)[number];

export interface User {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
  readonly role: Role;
  /** Police, transport and education see their district; null is the whole plan. */
  readonly district: string | null;
  /** Staff of a carrier: its `operator_id` in the plan. */
  readonly providerId: string | null;
  readonly schoolId: string | null;
  /** Guardians: their children. */
  readonly riderIds: readonly string[];
  /** Escorts: `person_id` of the plan. */
  readonly personId: string | null;
  readonly language: 'zh' | 'en';
  readonly disabled: boolean;
  /** Somebody else set the password: nothing else may be done before it is changed. Absent for nearly all. */
  readonly mustChangePassword?: true;
}

export interface UserStore {
  byLogin(login: string): Promise<{ user: User; passwordHash: string } | null>;
  byId(id: string): Promise<User | null>;
  /** Throws `LoginTaken`. */
  create(user: User, passwordHash: string): Promise<void>;
  setPassword(id: string, passwordHash: string): Promise<void>;
  list(): Promise<User[]>;
}

export class LoginTaken extends Error {
  override readonly name = 'LoginTaken';
}

export interface SessionStore {
  get(id: string): Promise<{ data: unknown; expiresAt: number } | null>;
  set(id: string, userId: string | null, data: unknown, expiresAt: number): Promise<void>;
  destroy(id: string): Promise<void>;
  destroyOfUser(userId: string): Promise<void>;
  /** Those of a user that last beyond `now`, by the hash of their id. */
  ofUser(userId: string, now: number): Promise<{ hash: string; data: unknown; expiresAt: number }[]>;
  /** False where the user has no such session. */
  destroyByHash(userId: string, hash: string): Promise<boolean>;
  prune(now: number): Promise<number>;
}

export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly userId: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: unknown;
  readonly remote: string;
}

export interface AuditQuery {
  readonly userId?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly from?: number;
  readonly to?: number;
  /** Entries before this one. */
  readonly before?: number;
  readonly limit: number;
}

export interface AuditStore {
  /** Newest first. */
  search(query: AuditQuery): Promise<AuditRow[]>;
  append(entry: {
    at: number;
    userId: string | null;
    action: string;
    subject: string;
    detail: unknown;
    remote: string;
  }): Promise<void>;
}
