/**
 * From the commit of what happened to the hand-over to a channel, while 20,000 notices are due in one minute: real
 * database, real client of web push, a local server that stands for the push service.
 *
 *     npx tsx test/bench/notify.ts [--due 20000] [--seconds 60] [--processes 1] [--embedded]
 */
import { createECDH, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Registry } from '@platformatic/prom-client';
import { pino } from 'pino';
import webPush from 'web-push';
import { webPushChannel } from '../../services/notify/channels/web-push.ts';
import { startNotify } from '../../services/notify/start-notify.ts';
import { openStoreWithDatabase } from '../../services/store/open-store.ts';
import {
  built,
  morningFiles,
  RIDERS_AT_STOP,
  riderOf,
  STOPS,
  tripOf,
} from '../services/notify/morning-plan.ts';
import { currentPlan } from '../support/plans.ts';
import { startPostgres } from '../support/postgres.ts';

const { values } = parseArgs({
  options: {
    due: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '60' },
    processes: { type: 'string', default: '1' },
    embedded: { type: 'boolean', default: false },
  },
});
const due = Number(values.due);
const seconds = Number(values.seconds);
const dataDir = mkdtempSync(join(tmpdir(), 'busguard-bench-'));
const log = pino({ level: 'warn' }, pino.destination(2));

let received = 0;
const pushService = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    received += 1;
    response.writeHead(201, { location: `/m/${received}` }).end();
  });
});
await new Promise<void>((resolve) => pushService.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(pushService.address() as AddressInfo).port}/push/`;

const server = values.embedded ? null : await startPostgres({ fsync: 'on' });
const databaseUrl = await server?.createDatabase();
const opened = await openStoreWithDatabase({
  ...(databaseUrl ? { databaseUrl } : {}),
  dataDir,
  migrate: true,
  log,
});
const { store, database } = opened;

// Every child has so many guardians that one stop of one run is a hundred notices.
const GUARDIANS = 20;
const stops = Array.from({ length: STOPS - 2 }, (_, i) => i + 1);
const perCause = RIDERS_AT_STOP * GUARDIANS;
const buses = 25;
const riders = Array.from({ length: buses }, (_, bus) =>
  stops.flatMap((stop) => Array.from({ length: RIDERS_AT_STOP }, (_, n) => riderOf(bus, stop, n))),
).flat();
const people = riders.flatMap((rider) =>
  Array.from({ length: GUARDIANS }, (_, g) => ({ id: `${rider}/${g}`, rider })),
);
await database.run(
  `insert into account (id, login, display_name, role, rider_ids, language, disabled, password_hash)
   select f.id, f.id, '', 'guardian', array[f.rider], 'zh', false, ''
   from unnest($1::text[], $2::text[]) as f (id, rider)`,
  [people.map(({ id }) => id), people.map(({ rider }) => rider)],
);
await database.run(
  `insert into consent_record (at, user_id, purpose, version, granted, riders, text_sha256, remote)
   select now(), id, 'trip_notices', '1', true, '{}', '', '' from account`,
);
// At any hour of the day.
await database.run(
  `insert into notify_settings (user_id, settings) select id, '{"quiet": null}' from account`,
);
const browser = createECDH('prime256v1');
const keys = { p256dh: browser.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') };
const saved = people.slice(0, due);
for (let i = 0; i < saved.length; i += 50)
  await Promise.all(
    saved
      .slice(i, i + 50)
      .map(({ id }) =>
        store.notifyPeople.saveSubscription(
          id,
          id,
          { endpoint: `${endpoint}${encodeURIComponent(id)}`, keys },
          5,
        ),
      ),
  );
await database.run('analyze account');
process.stderr.write('families are ready\n');

const { plan } = built(morningFiles(), 'bench');
const files = morningFiles();
const current = { ...currentPlan(plan), plan, files, base: null };
const notifiers = Array.from({ length: Number(values.processes) }, () => {
  const world = { fetch: globalThis.fetch, now: Date.now, timeoutMs: 10_000 };
  const channel = webPushChannel(
    { ...webPush.generateVAPIDKeys(), subject: 'mailto:bench@example.org' },
    world,
  );
  return startNotify({
    store,
    plan: current,
    channels: new Map([[channel.name, channel]]),
    publicUrl: null,
    phoneKey: new Uint8Array(32),
    log,
    metrics: new Registry(),
  });
});

// Another round of stops begins with another sequence of causes: arrivals at five minutes, told by the lane.
const causes = Math.ceil(due / perCause);
const began = Date.now();
for (let i = 0; i < causes; i++) {
  const [bus, stop] = [Math.floor(i / stops.length) % buses, stops[i % stops.length]!];
  const at = Date.now();
  const payload = {
    trip: tripOf(bus),
    serviceDate: today(),
    vehicle: `V${bus}`,
    at,
    nearing: [{ stop, minutes: [5], expected: at + 300_000, earliest: at + 270_000, latest: at + 330_000 }],
    stopsAway: [],
    reached: [],
    next: stop,
    delayS: null,
  };
  await database.run('insert into outbox (topic, key, payload) values ($1, $2, $3)', [
    'notify.run',
    payload.trip,
    JSON.stringify(payload),
  ]);
  await wait(Math.max(0, began + ((i + 1) * seconds * 1000) / causes - Date.now()));
}
const end = Date.now() + 60_000;
let waiting = await store.notices.waiting(Date.now());
while (Date.now() < end && waiting.causes + waiting.notices > 0) {
  await wait(250);
  waiting = await store.notices.waiting(Date.now());
}
const [figures] = await database.rows<{ n: number; p50: number; p95: number; p99: number; most: number }>(
  `select count(*)::int as n,
     percentile_cont(0.5) within group (order by extract(epoch from handed_at - caused_at))::float8 as p50,
     percentile_cont(0.95) within group (order by extract(epoch from handed_at - caused_at))::float8 as p95,
     percentile_cont(0.99) within group (order by extract(epoch from handed_at - caused_at))::float8 as p99,
     max(extract(epoch from handed_at - caused_at))::float8 as most
   from notification where handed_at is not null`,
);
const states = await database.rows(
  'select state, count(*)::int as n from notification group by state order by state',
);
process.stdout.write(
  `${JSON.stringify({
    database: values.embedded ? 'embedded' : 'PostgreSQL',
    due,
    seconds,
    processes: notifiers.length,
    received,
    commitToHandOverS: figures,
    states,
    tookS: (Date.now() - began) / 1000,
  })}\n`,
);
for (const notifier of notifiers) await notifier.close();
await store.close();
await server?.stop();
pushService.close();
rmSync(dataDir, { recursive: true, force: true });

function today(): string {
  return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '');
}
