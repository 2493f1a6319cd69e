import { randomBytes, randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { collectDefaultMetrics, Registry } from '@platformatic/prom-client';
import closeWithGrace from 'close-with-grace';
import { type Logger, pino } from 'pino';
import { makeJudge } from '../geo/judge/make-judge.ts';
import { currentFacts } from './api/policy/current-facts.ts';
import { startWeb } from './api/start-web.ts';
import { type BusCodes, busCodes } from './boardings/bus-codes.ts';
import { feedAbsences } from './boardings/feed-absences.ts';
import { openBus } from './bus/open-bus.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { dataKeyOf, derivedKey } from './data-key.ts';
import { type DemoLogin, prepareDemo, startDemoFleet } from './demo/demo.ts';
import { startEscalation } from './desk/start-escalation.ts';
import { startEta } from './eta/start-eta.ts';
import { startIngest } from './ingest/start-ingest.ts';
import { buildPages, pagesDir } from './launch/build-pages.ts';
import { openMediaFiles } from './media/open-media-files.ts';
import { startMedia } from './media/start-media.ts';
import { channelsOf, NO_CHANNEL_FILE, openChannels } from './notify/channels/set-up.ts';
import { isPublicEndpoint } from './notify/public-endpoint.ts';
import { startNotify } from './notify/start-notify.ts';
import { vapidPairOf } from './notify/vapid-keys.ts';
import { watchPlan } from './plan/watch-plan.ts';
import { startRollUp } from './reports/roll-up.ts';
import { ESCORT_BUS } from './simulator/district/district-fleet.ts';
import { openStore } from './store/open-store.ts';
import { LoginTaken, type Store, type User } from './store/store.ts';
import { startUpkeep } from './upkeep/start-upkeep.ts';

/** Whom a push service may ask about our messages, where nobody was named. */
const PUSH_SUBJECT = 'mailto:busguard@localhost.localdomain';

const USAGE = `Usage: npm start [-- --no-demo]

Starts Busguard with what the environment says (busguard check-config shows it). Into an empty database it loads the
demo plan and then runs a demo fleet against its own port; --no-demo starts empty.
`;

/** Starts the service and resolves once it takes load. Ends the process where it cannot start. */
export async function start(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return;
  }
  const unknown = args.find((arg) => arg !== '--no-demo');
  if (unknown !== undefined) {
    process.stderr.write(`busguard: unknown option ${unknown}\n\n${USAGE}`);
    process.exit(2);
  }
  let config: Config;
  try {
    config = loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`busguard: ${error.message}\n`);
    process.exit(2);
  }
  const log = pino({ level: config.logLevel });
  try {
    await run(config, !args.includes('--no-demo') && config.allRoles, log);
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}

/** Opens everything in the order of need; on a signal or a fault closes it in the reverse order. */
async function run(config: Config, wantDemo: boolean, log: Logger): Promise<void> {
  const closing: (() => Promise<void>)[] = [];
  closeWithGrace({ delay: 15_000, logger: false }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'ending by a fault');
    else log.info({ signal }, 'ending');
    for (const close of closing.reverse()) await close();
  });

  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const dataKey = dataKeyOf(config.dataKey, config.dataDir);

  const busCodeKey = derivedKey(dataKey, 'bus codes');
  const pages = config.roles.has('web') ? buildPages(log) : Promise.resolve();
  // A failed build is met below, after the database is open; until then it must not end the process by itself.
  pages.catch(() => undefined);
  const bus = await openBus({ natsUrl: config.natsUrl, log });
  closing.push(() => bus.close());
  const store = await openStore({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    dataKey,
    oldDataKeys: config.oldDataKeys,
    log,
    migrate: true,
  });
  closing.push(() => store.close());

  const demo = wantDemo
    ? await prepareDemo({ store, bus, passwordKey: derivedKey(dataKey, 'demo logins'), log })
    : null;
  const firstLogin = await createFirstLogin(store);
  const plan = await watchPlan({ store: store.plans, bus, log });
  closing.push(() => plan.close());

  const mediaFiles = openMediaFiles(config.media, config.dataDir);
  const media = config.roles.has('ingest')
    ? await startMedia({
        store,
        bus,
        plan,
        files: mediaFiles,
        dataDir: config.dataDir,
        key: derivedKey(dataKey, 'alarm numbers'),
        port: config.attachmentPort,
        host: config.ingestHost,
        address: config.attachmentAddress,
        log,
        metrics,
      })
    : null;
  if (media) closing.push(() => media.close());
  const eta = config.roles.has('ingest')
    ? await startEta({ store: store.eta, plan, bus, log: log.child({ part: 'eta' }) })
    : null;
  if (eta) closing.push(() => eta.close());
  const ingest = config.roles.has('ingest')
    ? await startIngest({
        port: config.ingestPort,
        host: config.ingestHost,
        store,
        bus,
        plan,
        makeJudge,
        unknownTerminals: config.unknownTerminals,
        media: media?.keeper ?? null,
        attachments: media?.orders ?? null,
        eta,
        decryptBody: config.decryptBody ?? null,
        log,
        metrics,
      })
    : null;
  if (ingest) {
    closing.push(() => ingest.close());
    const upkeep = startUpkeep({
      store,
      media: { files: mediaFiles, days: config.mediaDays },
      holder: randomUUID(),
      log: log.child({ part: 'upkeep' }),
    });
    closing.push(() => upkeep.close());
    const absences = feedAbsences({
      boardings: store.boardings,
      bus,
      plan: () => plan.plan,
      now: Date.now,
      log: log.child({ part: 'boardings' }),
    });
    closing.push(async () => absences.close());
    const rollUp = startRollUp({
      reports: store.reports,
      plan,
      lease: store.ingest.lease,
      holder: randomUUID(),
      log: log.child({ part: 'reports' }),
    });
    closing.push(() => rollUp.close());
    void rollUp.round();
  }

  const channelFile = config.notifyChannels ?? NO_CHANNEL_FILE;
  const vapid = vapidPairOf(config.vapid, config.dataDir);
  if (config.roles.has('notify')) {
    const notify = startNotify({
      store,
      plan,
      channels: openChannels(channelFile, vapid, config.publicUrl ?? PUSH_SUBJECT, {
        fetch: globalThis.fetch,
        now: Date.now,
        timeoutMs: 10_000,
      }),
      publicUrl: config.publicUrl ?? null,
      phoneKey: derivedKey(dataKey, 'guardians without accounts'),
      log,
      metrics,
    });
    closing.push(() => notify.close());
  }

  await pages;
  const web = config.roles.has('web')
    ? await startWeb({
        port: config.httpPort,
        host: config.httpHost,
        store,
        bus,
        plan,
        mediaFiles,
        pagesDir,
        basemap: config.basemap,
        trustedProxies: config.trustedProxies,
        sessionSecret: derivedKey(dataKey, 'sessions').toString('hex'),
        busCodeKey,
        notices: {
          channels: channelsOf(channelFile),
          pushKey: channelFile.push ? vapid.publicKey : null,
          mayPushTo: isPublicEndpoint,
          receipts: channelFile,
        },
        secureCookies: config.publicUrl?.startsWith('https:') ?? false,
        log,
        metrics,
        ready: () =>
          store.ping(2_000).then(
            () => null,
            (error: Error) => `database: ${error.message}`,
          ),
      })
    : null;
  if (web) {
    closing.push(() => web.close());
    const escalation = startEscalation({
      store,
      bus,
      facts: currentFacts(plan),
      holder: randomUUID(),
      log: log.child({ part: 'escalation' }),
    });
    closing.push(() => escalation.close());
  }

  if (demo && ingest) {
    const fleet = startDemoFleet(ingest.port, bus, log, store.boardings);
    closing.push(() => fleet.close());
  }
  log.info(
    { httpPort: web?.port, ingestPort: ingest?.port, attachmentPort: media?.port, roles: [...config.roles] },
    'ready',
  );
  process.stdout.write(banner(config, web?.port, ingest?.port, media?.port, demo ?? firstLogin));
  if (demo) process.stdout.write(demoCodes(busCodes(busCodeKey)));
}

/** An empty system needs somebody who can sign in: one administrator, whose password is shown this once. */
async function createFirstLogin(store: Store): Promise<DemoLogin[] | null> {
  if ((await store.users.list()).length > 0) return null;
  const password = randomBytes(9).toString('base64url');
  const user: User = {
    id: randomUUID(),
    login: 'admin',
    displayName: '管理员 Administrator',
    role: 'admin',
    district: null,
    providerId: null,
    schoolId: null,
    riderIds: [],
    personId: null,
    language: 'zh',
    disabled: false,
  };
  try {
    await store.users.create(user, await hash(password));
  } catch (error) {
    // Another process that started at the same moment was first, and shows its password.
    if (error instanceof LoginTaken) return null;
    throw error;
  }
  return [{ ...user, password }];
}

/** What is put up in the bus of the demo's escort, for whoever signs in as that. */
function demoCodes(codes: BusCodes): string {
  const [door, rear] = [codes.of(ESCORT_BUS, 'door'), codes.of(ESCORT_BUS, 'rear')];
  return `  Phones      /escort and /family; in the escort's bus: ${door} by the door, ${rear} at the rear seat\n\n`;
}

function banner(
  config: Config,
  httpPort: number | undefined,
  ingestPort: number | undefined,
  attachmentPort: number | undefined,
  logins: readonly DemoLogin[] | null,
): string {
  const lines = ['', '  护航 Busguard is running.', ''];
  if (httpPort !== undefined)
    lines.push(`  Web pages   ${config.publicUrl ?? `http://localhost:${httpPort}`}`);
  if (ingestPort !== undefined) lines.push(`  Terminals   JT/T 808 over TCP on port ${ingestPort}`);
  if (attachmentPort !== undefined)
    lines.push(`  Attachments T/JSATL 12 (苏标) over TCP on port ${attachmentPort}`);
  if (logins) {
    lines.push('', '  Logins');
    for (const { login, password, role, displayName } of logins) {
      lines.push(`    ${login.padEnd(12)} ${password.padEnd(14)} ${role.padEnd(10)} ${displayName}`);
    }
  }
  return `${lines.join('\n')}\n\n`;
}
