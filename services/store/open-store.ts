import type { Logger } from 'pino';
import { dataKeyOf } from '../data-key.ts';
import { CAUSE_TOPICS } from '../notify/causes.ts';
import { makeAccountStore } from './account-store.ts';
import { makeApiKeyStore } from './api-key-store.ts';
import { makeAuditStore } from './audit-store.ts';
import { makeBoardingStore } from './boarding-store.ts';
import { makeCommandStore } from './command-store.ts';
import type { Database } from './database.ts';
import { makeDeskStore } from './desk-store.ts';
import { openEmbedded } from './embedded/open-embedded.ts';
import { makeEtaStore } from './eta-store.ts';
import { makeEvidenceStore } from './evidence-store.ts';
import { makeFindingStore } from './finding-store.ts';
import { type IngestStoreOptions, makeIngestStore } from './ingest-store.ts';
import { makeMediaStore } from './media-store.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import { makeNoticeStore } from './notice-store.ts';
import { makeNotifyPeopleStore } from './notify-people.ts';
import { openPostgres, type PostgresOptions } from './open-postgres.ts';
import { makeDataCipher } from './personal-files.ts';
import { makePlanStore } from './plan-store.ts';
import { makePositionDays, type PositionDaysOptions } from './position-days.ts';
import { makePositionStore, type PositionStoreOptions } from './position-store.ts';
import { makePrivacyStore } from './privacy-store.ts';
import { makeReportStore, type ReportStoreOptions } from './report-store.ts';
import { applyRetention } from './retention.ts';
import { makeSessionStore } from './session-store.ts';
import { makeSignInStore } from './sign-in-store.ts';
import { type Store, StoreUnavailable } from './store.ts';
import { makeTenantStore } from './tenancy/tenant-store.ts';
import { makeTerminalStore } from './terminal-store.ts';
import { storeError } from './unavailable.ts';
import { makeUserStore } from './user-store.ts';

export interface StoreOptions {
  /** A PostgreSQL server with PostGIS; unset: the embedded one, kept in `dataDir`. */
  readonly databaseUrl?: string;
  readonly dataDir: string;
  /** 32 bytes that encrypt personal data; unset: the key file in `dataDir`. */
  readonly dataKey?: Uint8Array;
  /** Keys from before, which open what they sealed. */
  readonly oldDataKeys?: readonly Uint8Array[];
  readonly log: Logger;
  /** Bring the schema up to date; otherwise an old schema is refused. */
  readonly migrate: boolean;
  readonly limits?: IngestStoreOptions &
    PositionDaysOptions &
    PositionStoreOptions &
    ReportStoreOptions &
    Omit<PostgresOptions, 'url' | 'log'>;
}

/** Opens the database, the embedded one or PostgreSQL, and brings its schema up to date. */
export async function openStore(options: StoreOptions): Promise<Store> {
  return (await openStoreWithDatabase(options)).store;
}

/** The store, and the database beneath it for upkeep and for looking into it. Closing the store closes both. */
export async function openStoreWithDatabase(
  options: StoreOptions,
): Promise<{ store: Store; database: Database }> {
  const database = await openDatabase(options);
  try {
    await prepareSchema(database, options);
  } catch (error) {
    await database.close();
    throw storeError(error);
  }
  return { store: storeOver(database, options), database };
}

/** The database by itself, whatever its schema. */
export async function openDatabase(
  options: Pick<StoreOptions, 'databaseUrl' | 'dataDir' | 'log' | 'limits'>,
): Promise<Database> {
  const { databaseUrl, dataDir, log, limits } = options;
  return databaseUrl ? openPostgres({ ...limits, url: databaseUrl, log }) : openEmbedded({ dataDir, log });
}

async function prepareSchema(database: Database, options: StoreOptions): Promise<void> {
  if (options.migrate) {
    await migrate(database.knex, options.log);
    return;
  }
  const pending = await pendingMigrations(database.knex);
  if (pending.length > 0) {
    throw new Error(`the database lacks the steps ${pending.join(', ')}; run: npx busguard migrate`);
  }
}

function storeOver(database: Database, options: StoreOptions): Store {
  const whole = partsOver(database, options);
  // Signing in comes before there is a viewer; of the plan every process holds all, and the policy shows parts of it.
  // What is a person's own is asked for by their id alone.
  const {
    ingest,
    plans,
    users,
    sessions,
    tenants,
    accounts,
    signIns,
    apiKeys,
    notices,
    notifyPeople,
    privacy,
  } = whole;
  const viewed = partsOver(database.asViewer(), options);
  const forRequests: Store = {
    ...viewed,
    ingest,
    plans,
    users,
    sessions,
    tenants,
    accounts,
    signIns,
    apiKeys,
    notices,
    notifyPeople,
    privacy,
    // What was done about an alert is in its evidence, whoever makes it; the rest of the audit log stays shut.
    evidence: { ...viewed.evidence, looks: whole.evidence.looks },
    get forRequests() {
      return forRequests;
    },
  };
  return { ...whole, forRequests };
}

function partsOver(database: Database, options: StoreOptions): Omit<Store, 'forRequests'> {
  const { limits } = options;
  const cipher = makeDataCipher(dataKeyOf(options.dataKey, options.dataDir), options.oldDataKeys);
  return {
    ingest: makeIngestStore(database, makePositionDays(database, limits), limits),
    terminals: makeTerminalStore(database),
    plans: makePlanStore(database, cipher),
    findings: makeFindingStore(database),
    positions: makePositionStore(database, limits),
    users: makeUserStore(database),
    accounts: makeAccountStore(database, cipher),
    signIns: makeSignInStore(database),
    apiKeys: makeApiKeyStore(database),
    sessions: makeSessionStore(database),
    audit: makeAuditStore(database),
    commands: makeCommandStore(database),
    media: makeMediaStore(database),
    reports: makeReportStore(database, limits),
    notices: makeNoticeStore(database, { topics: CAUSE_TOPICS }),
    notifyPeople: makeNotifyPeopleStore(database, cipher),
    privacy: makePrivacyStore(database, cipher),
    tenants: makeTenantStore(database),
    desk: makeDeskStore(database),
    eta: makeEtaStore(database),
    evidence: makeEvidenceStore(database),
    boardings: makeBoardingStore(database),
    applyRetention: (now) => applyRetention(database, now, options.log),
    ping: (timeoutMs) => ping(database, timeoutMs),
    close: () => database.close(),
  };
}

async function ping(database: Database, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new StoreUnavailable(`the database did not answer within ${timeoutMs} ms`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  const answer = database.session((session) => session.rows('select 1', []), timeoutMs);
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    // When it is late, its own end is of no interest any more.
    answer.catch(() => undefined);
  }
}
