import { rmSync } from 'node:fs';
import { Registry } from '@platformatic/prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import { currentFacts } from '../../../services/api/policy/current-facts.ts';
import { CAUSE_TOPICS } from '../../../services/notify/causes.ts';
import type { Channel, ChannelMessage } from '../../../services/notify/channels/channel.ts';
import { notifyCounts } from '../../../services/notify/counts.ts';
import { Delivery } from '../../../services/notify/delivery.ts';
import { settingsOf } from '../../../services/notify/settings.ts';
import { sweepRuns } from '../../../services/notify/sweep-runs.ts';
import { type CauseWorld, workCauses } from '../../../services/notify/work-causes.ts';
import { openStoreWithDatabase, type StoreOptions } from '../../../services/store/open-store.ts';
import { laneFixture } from '../../support/lane-fixture.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { postgresBin, startPostgres } from '../../support/postgres.ts';
import { type Opened, quiet, temporaryFolder } from '../store/backends.ts';
import {
  amended,
  at,
  BUSES,
  built,
  DATE,
  type Drive,
  morningFiles,
  RIDERS_AT_STOP,
  reportOf,
  riderOf,
  STOPS,
  tripOf,
  trulyAt,
} from './morning-plan.ts';

const TICK_MS = 30_000;
const MINUTE_MS = 60_000;
const SUBSTITUTED = 3;
const CANCELLED = 4;
const UNHEARD = 5;
const REPEATED = 6;
const BESIDE = 7;
const DELAYED = 8;
const ABSENT = { bus: 10, stop: 4, n: 1 };
const NEVER_SET_OUT = 11;

/** Every bus as it drives that morning. */
const drives = Array.from({ length: BUSES }, (_, bus): Drive => {
  const vehicle = bus === SUBSTITUTED ? `V${BUSES}` : `V${bus}`;
  if (bus === BESIDE) return { bus, vehicle, besideM: { from: at('07:13'), to: at('07:15'), metres: 400 } };
  if (bus === DELAYED) return { bus, vehicle, heldS: { afterStop: 3, seconds: 720 } };
  return { bus, vehicle };
});

interface Family {
  readonly person: string;
  readonly bus: number;
  readonly stop: number;
  readonly n: number;
  readonly minutes: 5 | 10 | null;
  readonly stops: 2 | null;
  readonly consents: boolean;
  readonly quiet: boolean;
}

const families: Family[] = [];
for (let bus = 0; bus < BUSES; bus++)
  for (let stop = 1; stop < STOPS - 1; stop++)
    for (let n = 0; n < RIDERS_AT_STOP; n++)
      families.push({
        person: `G-${riderOf(bus, stop, n)}`,
        bus,
        stop,
        n,
        minutes: ([5, 10, null] as const)[n % 3]!,
        stops: n % 2 === 0 ? 2 : null,
        consents: n !== 4 || stop !== 2,
        quiet: n === 3 && stop === 3,
      });

interface Came {
  readonly person: string;
  readonly message: ChannelMessage;
  readonly at: number;
}

describe('a morning of a thousand families', () => {
  const opened = {} as Opened;
  let stop = async (): Promise<void> => undefined;
  const dataDir = temporaryFolder();
  // One of the two is enough: the stores are held to the same tests elsewhere.
  beforeAll(async () => {
    const server = postgresBin() === null ? null : await startPostgres({ fsync: 'off' });
    const databaseUrl = await server?.createDatabase();
    Object.assign(
      opened,
      await openStoreWithDatabase({ databaseUrl, dataDir, migrate: true, log: quiet } as StoreOptions),
    );
    stop = async () => {
      await opened.store.close();
      await server?.stop();
    };
  }, 120_000);
  afterAll(async () => {
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const came: Came[] = [];
  const clock = { now: at('06:40') };

  it('tells everybody what is due, once, in time, and nobody anything else', async () => {
    const { store, database } = opened;
    await prepareFamilies();
    const files = morningFiles();
    const timetable = built(files, 'v1');
    files.set(
      'dispatch.csv',
      'service_date,trip_id,action,value\n' +
        `${DATE},${tripOf(SUBSTITUTED)},vehicle,V${BUSES}\n${DATE},${tripOf(CANCELLED)},cancel,\n`,
    );
    const plan = amended(timetable.base, files, 'v2');
    const current = {
      plan,
      files,
      base: timetable.base,
      refresh: async () => undefined,
      onChange: () => () => undefined,
      close: async () => undefined,
    };
    const facts = currentFacts(current);
    const channel: Channel = {
      name: 'email',
      async send(address, message) {
        came.push({ person: address.split('@')[0]!, message, at: clock.now });
        return { ok: true, providerId: message.id };
      },
    };
    const channels = new Map([[channel.name, channel]]);
    const phoneKey = new Uint8Array(32);
    const world: CauseWorld = {
      plan: current,
      facts,
      channels: new Set(channels.keys()),
      phoneKey,
      now: () => clock.now,
      limits: { perHour: 40 },
      started: new Set(),
    };
    const delivery = new Delivery(
      store,
      {
        channels,
        facts,
        now: () => clock.now,
        random: () => 0.5,
        publicUrl: null,
        phoneKey,
        forgetSubscription: async () => undefined,
      },
      notifyCounts(new Registry()),
      quiet,
    );
    const notify = async (): Promise<void> => {
      while (
        (await store.notices.work(CAUSE_TOPICS, 100, clock.now, async (work) => {
          await workCauses(world, work);
        })) > 0
      );
      while ((await delivery.round()) > 0) await delivery.idle();
    };
    const insert = async (rows: readonly { topic: string; key: string; payload: unknown }[]) => {
      if (rows.length === 0) return;
      await database.run(
        `insert into outbox (created_at, topic, key, payload)
           select $1, * from unnest($2::text[], $3::text[], $4::jsonb[])`,
        [
          new Date(clock.now).toISOString(),
          rows.map((row) => row.topic),
          rows.map((row) => row.key),
          rows.map((row) => JSON.stringify(row.payload)),
        ],
      );
    };

    await insert([{ topic: 'notify.plan', key: 'v2', payload: { version: 'v2', files: ['dispatch.csv'] } }]);
    const absent = riderOf(ABSENT.bus, ABSENT.stop, ABSENT.n);
    await insert([
      {
        topic: 'boarding',
        key: absent,
        payload: {
          trip: tripOf(ABSENT.bus),
          serviceDate: DATE,
          rider: absent,
          state: 'absent',
          at: clock.now,
          stop: null,
        },
      },
    ]);
    await notify();

    const memory = memoryStore();
    const lanes = laneFixture(memory, makeJudge, {}, plan);
    const open = new Map(
      await Promise.all(drives.map(async (drive) => [drive.bus, await lanes.open(drive.vehicle)] as const)),
    );
    let taken = 0;
    let serial = 0;
    for (clock.now = at('06:55'); clock.now <= at('08:00'); clock.now += TICK_MS) {
      for (const drive of drives) {
        if (drive.bus === CANCELLED) continue;
        const lane = open.get(drive.bus)!;
        const unheard = clock.now > at('07:10') && clock.now < at('07:16');
        if (drive.bus === UNHEARD && unheard) continue;
        const time = drive.bus === NEVER_SET_OUT ? Math.min(clock.now, at('06:55')) : clock.now;
        const report = reportOf(drive, time, { time: clock.now, receivedAt: clock.now });
        lanes.giveReport(lane, serial++, report);
        if (drive.bus === REPEATED) lanes.giveReport(lane, serial++, report);
        // What it kept while it was unheard comes behind what it sends now.
        if (drive.bus === UNHEARD && clock.now === at('07:16'))
          for (let past = at('07:10') + TICK_MS; past < at('07:16'); past += TICK_MS)
            lanes.giveReport(
              lane,
              serial++,
              reportOf(drive, past, { receivedAt: clock.now, backfill: true }),
            );
      }
      await lanes.settle();
      await insert(memory.batches.slice(taken).flatMap((batch) => batch.outbox));
      taken = memory.batches.length;
      await notify();
    }
    // Twice the same causes, as after a commit whose end nobody knows: nobody hears of it.
    const before = came.length;
    await insert(memory.batches.flatMap((batch) => batch.outbox).slice(0, 400));
    await notify();
    expect(came.length).toBe(before);

    // Of a bus that stands and is heard, once, and only where nothing says that it has set out.
    const standing = reportOf(drives[NEVER_SET_OUT]!, at('06:55'), {
      time: at('07:12'),
      receivedAt: at('07:12'),
    });
    clock.now = at('07:12');
    const positions = {
      latest: async () => [{ vehicle: `V${NEVER_SET_OUT}`, last: standing, progress: null }],
    };
    await sweepRuns(world, {
      notices: store.notices,
      positions: positions as unknown as typeof store.positions,
    });
    await sweepRuns(world, {
      notices: store.notices,
      positions: positions as unknown as typeof store.positions,
    });
    await notify();
  }, 120_000);

  const of = (family: Family, kind: string) =>
    came.filter(({ person, message }) => person === family.person && message.kind === kind);
  const told = (family: Family) => family.consents && !isAbsent(family);
  const isAbsent = (family: Family) =>
    family.bus === ABSENT.bus && family.stop === ABSENT.stop && family.n === ABSENT.n;
  const runs = (bus: number) => bus !== CANCELLED && bus !== NEVER_SET_OUT;

  it('told nobody the same thing twice', () => {
    const seen = came.map(({ person, message }) => `${person} ${message.kind} ${message.rendered.title}`);
    expect(came.length).toBeGreaterThan(1_500);
    expect(seen.filter((one, i) => seen.indexOf(one) !== i)).toEqual([]);
  });

  it('told of minutes before as many before as was asked for, and never of a bus that had been there', () => {
    for (const family of families) {
      const got = of(family, 'minutes_before');
      const heard = family.bus !== UNHEARD;
      const due = told(family) && family.minutes !== null && runs(family.bus);
      if (!due) expect(got, family.person).toHaveLength(0);
      if (due && heard) expect(got, family.person).toHaveLength(1);
      expect(got.length).toBeLessThanOrEqual(1);
      for (const { at: when } of got) {
        const arrival = trulyAt(drives[family.bus]!, family.stop);
        const minutes = (arrival - when) / MINUTE_MS;
        expect(minutes, family.person).toBeGreaterThan(0);
        // A delay that has yet to happen is known to nobody.
        const unforeseen = family.bus === DELAYED && family.stop > 3;
        if (!unforeseen) expect(minutes, family.person).toBeLessThanOrEqual(family.minutes! + 1);
        const fromStart = (arrival - at('07:00')) / MINUTE_MS;
        if (heard && family.bus !== BESIDE && !unforeseen && fromStart > family.minutes! + 1)
          expect(minutes, family.person).toBeGreaterThan(family.minutes! - 1.5);
      }
    }
  });

  it('told of stops before when the bus was two stops away', () => {
    for (const family of families) {
      const got = of(family, 'stops_before');
      const due = told(family) && family.stops !== null && runs(family.bus);
      if (!due) expect(got, family.person).toHaveLength(0);
      else if (family.bus !== UNHEARD && family.stop >= 2) expect(got, family.person).toHaveLength(1);
      for (const { at: when } of got) {
        expect(when).toBeLessThan(trulyAt(drives[family.bus]!, family.stop));
        if (family.stop >= 2)
          expect(when).toBeGreaterThanOrEqual(trulyAt(drives[family.bus]!, family.stop - 2) - TICK_MS);
      }
    }
  });

  it('told of the arrival at school once it was true', () => {
    for (const family of families) {
      const got = of(family, 'arrived_school');
      expect(got, family.person).toHaveLength(told(family) && runs(family.bus) ? 1 : 0);
      for (const { at: when } of got) {
        const late = when - trulyAt(drives[family.bus]!, STOPS - 1);
        expect(late).toBeGreaterThanOrEqual(-TICK_MS);
        expect(late).toBeLessThanOrEqual(2 * MINUTE_MS);
      }
    }
  });

  it('told of the delay those who had it, and of another bus, a cancelled run and one that did not set out', () => {
    for (const family of families) {
      expect(of(family, 'delayed').length, family.person).toBe(
        told(family) && family.bus === DELAYED ? 1 : 0,
      );
      expect(of(family, 'substitute').length, family.person).toBe(family.bus === SUBSTITUTED ? 1 : 0);
      expect(of(family, 'cancelled').length, family.person).toBe(family.bus === CANCELLED ? 1 : 0);
      expect(of(family, 'not_started').length, family.person).toBe(family.bus === NEVER_SET_OUT ? 1 : 0);
    }
    const swap = came.find(({ message }) => message.kind === 'substitute')!;
    expect(swap.message.rendered.title).toContain('苏D00025');
  });

  it('kept to quiet hours and named no child', () => {
    for (const { message } of came) {
      expect(message.rendered.title + message.rendered.text).not.toContain('孩子,');
      expect(JSON.stringify(message.rendered)).not.toMatch(/K\d+-\d+-\d+/);
    }
  });

  async function prepareFamilies(): Promise<void> {
    const { store, database } = opened;
    await database.run(
      `insert into account (id, login, display_name, role, rider_ids, language, disabled, password_hash)
       select f.id, f.id, '', 'guardian', array[f.rider], 'zh', false, ''
       from unnest($1::text[], $2::text[]) as f (id, rider) on conflict do nothing`,
      [families.map(({ person }) => person), families.map(({ bus, stop, n }) => riderOf(bus, stop, n))],
    );
    const settings = families.map(({ minutes, stops }) => {
      const { severities: _, ...own } = settingsOf(null, 'zh', false);
      return JSON.stringify({
        ...own,
        minutesBefore: minutes,
        stopsBefore: stops,
        channels: ['email'],
        quiet: null,
      });
    });
    await database.run(
      'insert into notify_settings (user_id, settings) select * from unnest($1::text[], $2::jsonb[])',
      [families.map(({ person }) => person), settings],
    );
    await database.run(
      `insert into consent_record (at, user_id, purpose, version, granted, riders, text_sha256, remote)
       select now(), id, 'trip_notices', '1', true, '{}', '', '' from unnest($1::text[]) as f (id)`,
      [families.filter(({ consents }) => consents).map(({ person }) => person)],
    );
    for (const { person } of families)
      await store.notifyPeople.saveAddress(person, 'email', `${person}@example.org`);
  }
});
