import type { Report } from '../../../geo/report.ts';
import { withoutSteps } from '../../../services/desk/as-handled.ts';
import {
  type AuditQuery,
  type LatestRow,
  LoginTaken,
  type Store,
  type StoredFinding,
  StoreUnavailable,
  type TerminalRow,
  type User,
} from '../../../services/store/store.ts';
import { memoryMedia } from '../../support/media-fixture.ts';
import { hashOfSession, memoryAccounts } from '../../support/memory-accounts.ts';
import { memoryBoardings } from '../../support/memory-boardings.ts';
import { memoryCommands } from '../../support/memory-commands.ts';
import { memoryDesk } from '../../support/memory-desk.ts';
import { memoryEvidence } from '../../support/memory-evidence.ts';
import { memoryPlans } from '../../support/memory-plans.ts';

export interface AuditEntry {
  readonly userId: string | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: unknown;
}

/** The part of a store that the web process uses, in memory; the real one is held to its own tests. */
export function memoryStore() {
  const users = new Map<string, { user: User; passwordHash: string }>();
  const sessions = new Map<string, { userId: string | null; data: unknown; expiresAt: number }>();
  const findings = new Map<string, StoredFinding>();
  const terminals = new Map<string, TerminalRow>();
  const audit: AuditEntry[] = [];
  const media = memoryMedia();
  const { accounts, signIns, apiKeys } = memoryAccounts(users);
  const commands = memoryCommands(async () => up());
  let latest: LatestRow[] = [];
  let track: Report[] = [];
  let down = false;
  const reads = { findings: 0 };

  const up = (): void => {
    if (down) throw new StoreUnavailable('the database is away');
  };
  const desk = memoryDesk(findings, up);
  const used = {
    get forRequests() {
      return used as unknown as Store;
    },
    tenants: {
      async version() {
        return null;
      },
      async put() {
        return true;
      },
    },
    accounts,
    signIns,
    apiKeys,
    users: {
      async create(user: User, passwordHash: string) {
        if ([...users.values()].some((one) => one.user.login === user.login))
          throw new LoginTaken(user.login);
        users.set(user.id, { user, passwordHash });
      },
      async byLogin(login: string) {
        up();
        return [...users.values()].find(({ user }) => user.login === login) ?? null;
      },
      async byId(id: string) {
        up();
        return users.get(id)?.user ?? null;
      },
      async list() {
        up();
        return [...users.values()].map(({ user }) => user);
      },
    },
    sessions: {
      async get(id: string) {
        up();
        return sessions.get(id) ?? null;
      },
      async set(id: string, userId: string | null, data: unknown, expiresAt: number) {
        up();
        sessions.set(id, { userId, data, expiresAt });
      },
      async destroy(id: string) {
        up();
        sessions.delete(id);
      },
      async destroyOfUser(userId: string) {
        for (const [id, session] of sessions) if (session.userId === userId) sessions.delete(id);
      },
      async ofUser(userId: string, now: number) {
        return [...sessions]
          .filter(([, session]) => session.userId === userId && session.expiresAt > now)
          .map(([id, { data, expiresAt }]) => ({ hash: hashOfSession(id), data, expiresAt }));
      },
      async destroyByHash(userId: string, hash: string) {
        const found = [...sessions].find(([id, s]) => s.userId === userId && hashOfSession(id) === hash);
        return found ? sessions.delete(found[0]) : false;
      },
      async prune() {
        return 0;
      },
    },
    findings: {
      async list(query: Parameters<Store['findings']['list']>[0]) {
        up();
        const { before } = query;
        return [...findings.values()]
          .filter((f) => (f.finding.shadow ?? false) === (query.shadow ?? false))
          .filter((f) => (f.incident ?? undefined) === query.incident)
          .filter((f) => !query.state || f.state === query.state)
          .filter((f) => !query.stages || query.stages.includes((f.desk ?? withoutSteps(f)).stage))
          .filter((f) => !query.severities || query.severities.includes(f.finding.severity))
          .filter((f) => !query.vehicles || query.vehicles.includes(f.finding.vehicle))
          .filter((f) => !query.rules || query.rules.includes(f.finding.rule))
          .filter((f) => query.open === undefined || (f.finding.end === null) === query.open)
          .filter((f) => query.from === undefined || (f.finding.end ?? Infinity) >= query.from)
          .filter((f) => query.to === undefined || f.finding.start <= query.to)
          .sort((a, b) => b.finding.start - a.finding.start || (a.finding.id < b.finding.id ? -1 : 1))
          .filter(
            ({ finding: f }) =>
              !before || f.start < before.start || (f.start === before.start && f.id > before.id),
          )
          .slice(0, query.limit);
      },
      async get(id: string) {
        up();
        reads.findings++;
        return findings.get(id) ?? null;
      },
    },
    positions: {
      async latest() {
        up();
        return latest;
      },
      async track(vehicle: string, from: number, to: number, limit: number) {
        up();
        return track.filter((r) => r.vehicle === vehicle && r.time >= from && r.time <= to).slice(0, limit);
      },
    },
    plans: memoryPlans(),
    boardings: memoryBoardings(async () => up()),
    terminals: {
      async get(phone: string) {
        up();
        return terminals.get(phone) ?? null;
      },
      async list() {
        up();
        return [...terminals.values()];
      },
    },
    commands,
    media,
    desk,
    evidence: memoryEvidence(() => track, audit),
    audit: {
      async append(entry: AuditEntry) {
        up();
        audit.push(entry);
      },
      async search({ userId, action, subject, before, limit }: AuditQuery) {
        up();
        return audit
          .map((entry, index) => ({ at: 0, remote: '', ...entry, seq: index + 1 }))
          .filter((row) => userId === undefined || row.userId === userId)
          .filter((row) => action === undefined || row.action === action)
          .filter((row) => subject === undefined || row.subject === subject)
          .filter((row) => before === undefined || row.seq < before)
          .reverse()
          .slice(0, limit);
      },
    },
  };

  return {
    /** Only what a web process asks of it is there. */
    store: used as unknown as Store,
    users,
    sessions,
    findings,
    terminals,
    desk,
    commands,
    audit,
    media,
    reads,
    setLatest: (rows: LatestRow[]) => {
      latest = rows;
    },
    setTrack: (reports: Report[]) => {
      track = reports;
    },
    setDown: (isDown: boolean) => {
      down = isDown;
    },
  };
}
