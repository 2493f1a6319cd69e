import { createHmac } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { hash } from '@node-rs/argon2';
import type { Logger } from 'pino';
import type { BoardingEvent } from '../../geo/boardings/boarding-event.ts';
import { AMENDMENT_FILES } from '../../geo/plan/amendments/read-amendments.ts';
import type { PlanFiles } from '../../geo/plan/plan.ts';
import { tellFamilies } from '../boardings/tell-families.ts';
import type { Bus } from '../bus/bus.ts';
import { sendCrewEvent } from '../ingest/send-crew-event.ts';
import { importPlan } from '../plan/import-plan.ts';
import { planVersion } from '../plan/plan-files.ts';
import type { CrewWord } from '../simulator/crew-script.ts';
import { demoPlanFiles } from '../simulator/demo-plan.ts';
import { demoUsers } from '../simulator/demo-users.ts';
import { ESCORT_BUS } from '../simulator/district/district-fleet.ts';
import type { BoardingStore } from '../store/boarding-store.ts';
import type { Store } from '../store/store.ts';

export interface DemoLogin {
  readonly login: string;
  readonly password: string;
  readonly role: string;
  readonly displayName: string;
}

/**
 * Puts the demo plan and its logins into a database that has no plan yet. Returns the logins, or null where another
 * plan is in force: then this is somebody's real system and no made-up bus may drive in it.
 * A password is a function of the data key and the login: the same at every start, never stored in clear.
 */
export async function prepareDemo(options: {
  store: Store;
  bus: Bus;
  passwordKey: Buffer;
  log: Logger;
}): Promise<DemoLogin[] | null> {
  const { store, bus, passwordKey, log } = options;
  const files = demoPlanFiles();
  const current = await store.plans.current();
  if (current && lasting(current.files) !== lasting(files)) return null;
  if (!current) {
    log.info('loading the demo plan ...');
    await importPlan({ files, store, bus, note: 'demo' });
  }
  const logins: DemoLogin[] = [];
  for (const user of demoUsers()) {
    const password = createHmac('sha256', passwordKey).update(user.login).digest('base64url').slice(0, 12);
    logins.push({ login: user.login, password, role: user.role, displayName: user.displayName });
    if (!(await store.users.byLogin(user.login))) await store.users.create(user, await hash(password));
  }
  return logins;
}

type CrewWordOfBus = CrewWord & { readonly vehicle: string };

/** Words of escorts that wait to be sent. */
const MOST_WORDS = 500;

/** What the escorts of the demo tap of each child; families see it. Its judge goes by their counts of heads. */
async function keepChildren(boardings: BoardingStore, { vehicle, at, event, children }: CrewWordOfBus) {
  if (!children) return;
  const { trip, serviceDate, on, off } = children;
  const said = { at, receivedAt: at, source: 'app', by: 'demo', vehicle } as const;
  const events: BoardingEvent[] = [
    ...on.map(({ rider, stop }, i) => ({
      ...said,
      id: `${event.id}-on-${i}`,
      kind: 'boarded' as const,
      rider,
      stop,
    })),
    ...off.map(({ rider, stop }, i) => ({
      ...said,
      id: `${event.id}-off-${i}`,
      at: at + 1,
      kind: 'alighted' as const,
      rider,
      stop,
      to: null,
    })),
  ];
  if (events.length === 0) return;
  const run = { trip, serviceDate };
  await boardings.append(run, events, (before, after) => tellFamilies(run, new Map(), before, after));
}

/** Names the plan whatever was amended of it: dispatching a demo bus does not end the demo. */
const lasting = (files: PlanFiles): string =>
  planVersion(new Map([...files].filter(([name]) => !AMENDMENT_FILES.includes(name))));

/**
 * Runs the demo fleet in a thread of its own, over real TCP; it ends with this process whatever happens. What its
 * escorts say by phone is handed to the ingest as the API would.
 */
export function startDemoFleet(
  port: number,
  bus: Bus,
  log: Logger,
  boardings: BoardingStore | null = null,
): { close(): Promise<void> } {
  const worker = new Worker(new URL('./fleet-thread.mjs', import.meta.url), {
    workerData: { port },
  });
  const line: CrewWordOfBus[] = [];
  let sending = false;
  const send = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    for (let word = line.shift(); word; word = line.shift()) {
      const { vehicle, event, at } = word;
      const answer = await sendCrewEvent(bus, { vehicle, event, at, place: null });
      // The bus of the demo's escort is left to whoever signs in as that.
      if (boardings && word.children && vehicle !== ESCORT_BUS) await keepChildren(boardings, word);
      if (!answer?.ok) log.warn({ vehicle, answer }, 'an escort of the demo was not heard');
    }
    sending = false;
  };
  worker.on('message', (word: CrewWordOfBus) => {
    // An ingest that answers nobody for long gets no older words than these.
    if (line.push(word) > MOST_WORDS) line.shift();
    send().catch((error) => log.error({ err: error }, 'the escorts of the demo fell silent'));
  });
  worker.on('error', (error) => log.error({ err: error }, 'the demo fleet ended by a fault'));
  return {
    async close() {
      await worker.terminate();
    },
  };
}
