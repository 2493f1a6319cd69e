import { afterEach, describe, expect, it } from 'vitest';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import type { CrewEvent } from '../../../geo/vehicle-event.ts';
import { claimCaughtUp } from '../../../services/ingest/catch-up.ts';
import type { CrewEventRequest } from '../../../services/ingest/crew-event.ts';
import { placeEvent } from '../../../services/ingest/place-event.ts';
import { sendCrewEvent } from '../../../services/ingest/send-crew-event.ts';
import { type IngestFixture, ingestFixture, PLAN_OF_NINE, phoneOf } from '../../support/ingest-fixture.ts';
import { bcdTime, locationBody } from '../../support/terminal-bytes.ts';

const start = Math.floor(Date.now() / 1_000) * 1_000 - 600_000;
const at = (n: number) => ({ time: start + n * 5_000, speedKmh: 36 });

const escortOn = (id: string): CrewEvent => ({
  id,
  by: 'app',
  kind: 'sign_on',
  person: 'E1',
  role: 'escort',
  nearBus: null,
});
const heads = (id: string, aboard: number): CrewEvent => ({ id, by: 'app', kind: 'head_count', aboard });
const request = (
  event: CrewEvent,
  time: number,
  vehicle = 'V1',
  place: CrewEventRequest['place'] = null,
) => ({
  vehicle,
  event,
  at: time,
  place,
});

const QUICK = { answerMs: 2_000, longestMs: 2_000, againMs: 5 };
const open: IngestFixture[] = [];
const fixtureOf = async (options: Parameters<typeof ingestFixture>[0] = {}) => {
  const fixture = await ingestFixture({ makeJudge, ...options });
  open.push(fixture);
  return fixture;
};
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** As whoever takes the vehicle over finds it. */
const crewOf = async (fixture: IngestFixture, vehicle: string) => {
  const { judged } = await claimCaughtUp(fixture.memory.ingest, makeJudge(PLAN_OF_NINE), vehicle);
  return (judged as unknown as { crew?: { escorts: { id: string }[] } }).crew;
};

describe('what people say of a vehicle', () => {
  it('goes through the lane of its terminal, is committed and judged, and answered then', async () => {
    const fixture = await fixtureOf();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    await terminal.report(at(0));
    let release = (): void => undefined;
    fixture.memory.hold = new Promise((resolve) => {
      release = resolve;
    });
    let answered = false;
    const answer = sendCrewEvent(fixture.bus, request(escortOn('e-1'), at(0).time + 2_000), QUICK).then(
      (one) => {
        answered = true;
        return one;
      },
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answered).toBe(false);
    release();
    expect(await answer).toEqual({ ok: true, stored: 'now' });
    expect(fixture.memory.positions('V1').map((one) => one.eventsOnly ?? false)).toEqual([false, true]);
    // The terminal's next report is in order behind it.
    expect(await terminal.report(at(1))).toBe(0);
    expect(await fixture.metric('reports_total', 'late')).toBe(0);
    expect((await crewOf(fixture, 'V1'))?.escorts.map((one) => one.id)).toEqual(['E1']);
  });

  it('is stored once, however often and however late it is said again', async () => {
    const fixture = await fixtureOf();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    await terminal.report(at(0));
    const said = request(escortOn('e-1'), at(0).time + 1_000);
    const both = await Promise.all([1, 2, 3].map(() => sendCrewEvent(fixture.bus, said, QUICK)));
    expect(both.map((one) => one?.ok && one.stored).sort()).toEqual(['before', 'before', 'now']);
    for (let n = 1; n < 20; n += 1) await terminal.report(at(n));
    expect(await sendCrewEvent(fixture.bus, said, QUICK)).toEqual({ ok: true, stored: 'before' });
    expect(fixture.memory.positions('V1').filter((one) => one.eventsOnly)).toHaveLength(1);
  });

  it('of the same moment is told apart, and leaves the vehicle where it was', async () => {
    const fixture = await fixtureOf();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    await terminal.report(at(0));
    const same = ['a', 'b', 'c'].map((id, i) => request(heads(`h-${id}`, i), at(0).time + 1_000));
    for (const one of same)
      expect(await sendCrewEvent(fixture.bus, one, QUICK)).toMatchObject({ stored: 'now' });
    const rows = fixture.memory.positions('V1').filter((one) => one.eventsOnly);
    expect(new Set(rows.map((one) => one.time)).size).toBe(3);
    const { snapshot } = await fixture.memory.ingest.claim('V1');
    expect(snapshot.last).toMatchObject({ time: at(0).time, positioned: true });
    expect(snapshot.contact?.lastReceivedAt).toBe(
      fixture.memory.positions('V1').find((one) => !one.eventsOnly)?.receivedAt,
    );
  });

  it('takes over a vehicle whose terminal is not connected, and lets go of it for the terminal', async () => {
    const fixture = await fixtureOf();
    expect(await sendCrewEvent(fixture.bus, request(escortOn('e-1'), Date.now()), QUICK)).toMatchObject({
      ok: true,
    });
    expect(fixture.memory.positions('V1')).toHaveLength(1);
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    const later = { time: Math.floor(Date.now() / 1000) * 1000 + 2_000, speedKmh: 10 };
    expect(await terminal.report(later)).toBe(0);
    expect(await sendCrewEvent(fixture.bus, request(heads('h-1', 3), Date.now()), QUICK)).toMatchObject({
      ok: true,
    });
    expect(terminal.closed).toBe(false);
  });

  it('that comes late is judged in its place, as late reports are', async () => {
    const fixture = await fixtureOf();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    for (let n = 0; n < 40; n += 1) await terminal.report(at(n));
    expect(await sendCrewEvent(fixture.bus, request(escortOn('e-1'), at(10).time + 2_000), QUICK)).toEqual({
      ok: true,
      stored: 'now',
    });
    expect(await fixture.metric('reports_total', 'late')).toBe(1);
    const [row] = fixture.memory.positions('V1').filter((one) => one.eventsOnly);
    expect(row?.time).toBe(at(10).time + 2_000);
    expect((await crewOf(fixture, 'V1'))?.escorts).toHaveLength(1);
  });

  it('knows by the phone and the bus whether the escort was on it', async () => {
    const fixture = await fixtureOf();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    await terminal.report(at(0));
    const { lat, lon } = fixture.memory.positions('V1')[0]!;
    const near = async (id: string, place: CrewEventRequest['place'], time: number) => {
      await sendCrewEvent(fixture.bus, request(escortOn(id), time, 'V1', place), QUICK);
      const rows = fixture.memory.positions('V1').flatMap((one) => one.events ?? []);
      return rows.find((one) => 'id' in one && one.id === id);
    };
    expect(await near('e-1', { lat: lat + 0.0008, lon }, at(0).time + 1_000)).toMatchObject({
      nearBus: true,
    });
    expect(await near('e-2', { lat: lat + 0.001, lon }, at(0).time + 2_000)).toMatchObject({
      nearBus: false,
    });
    expect(await near('e-3', null, at(0).time + 3_000)).toMatchObject({ nearBus: null });
    // Where the bus was by then nobody knows.
    expect(await near('e-4', { lat, lon }, at(0).time + 120_000)).toMatchObject({ nearBus: null });
  });

  it('takes whoever signs on to another bus off this one, and tells the other what its driver drove here', async () => {
    const fixture = await fixtureOf();
    const [first, second] = [await fixture.terminal(phoneOf(1)), await fixture.terminal(phoneOf(2))];
    await first.login();
    await second.login();
    const moment = (n: number) => ({ time: Math.floor(Date.now() / 1_000) * 1_000 - 60_000 + n * 5_000 });
    const driverOn = (id: string): CrewEvent => ({
      id,
      by: 'app',
      kind: 'sign_on',
      person: 'D1',
      role: 'driver',
      nearBus: null,
    });
    await first.report({ ...moment(0), speedKmh: 36 });
    await second.report({ ...moment(0), speedKmh: 0 });
    for (const on of [escortOn('e-1'), driverOn('d-1')])
      await sendCrewEvent(fixture.bus, request(on, moment(0).time + 1_000), QUICK);
    for (let n = 1; n < 8; n += 1) await first.report({ ...moment(n), lat: 31.8 + n * 0.0005, speedKmh: 40 });
    for (const on of [escortOn('e-2'), driverOn('d-2')])
      await sendCrewEvent(fixture.bus, request(on, moment(8).time, 'V2'), QUICK);
    const told = (vehicle: string) => fixture.memory.positions(vehicle).flatMap(({ events }) => events ?? []);
    await expect
      .poll(() => told('V1').filter(({ kind }) => kind === 'signed_elsewhere'))
      .toEqual([
        { kind: 'signed_elsewhere', person: 'E1', role: 'escort', vehicle: 'V2' },
        { kind: 'signed_elsewhere', person: 'D1', role: 'driver', vehicle: 'V2' },
      ]);
    await expect
      .poll(() => told('V2').filter(({ kind }) => kind === 'driver_hours'))
      .toMatchObject([{ driver: 'D1', spans: [[expect.any(Number), expect.any(Number)]] }]);
    expect(await crewOf(fixture, 'V1')).toMatchObject({ escorts: [], escortOffTo: 'V2', driver: null });
    expect((await crewOf(fixture, 'V2'))?.escorts.map((one) => one.id)).toEqual(['E1']);
  });

  it('is refused whole while the database is away, and taken when said again', async () => {
    const fixture = await fixtureOf();
    fixture.memory.down = true;
    const said = request(escortOn('e-1'), Date.now());
    expect(await sendCrewEvent(fixture.bus, said, { ...QUICK, answerMs: 100 })).toBeNull();
    fixture.memory.down = false;
    const again = await sendCrewEvent(fixture.bus, said, QUICK);
    expect(again?.ok).toBe(true);
    expect(fixture.memory.positions('V1')).toHaveLength(1);
  });

  it('has no answer where no ingest process runs', async () => {
    const fixture = await fixtureOf();
    await fixture.stop();
    expect(await sendCrewEvent(fixture.bus, request(escortOn('e-1'), Date.now()), QUICK)).toBeNull();
  });
});

describe('where an event is put', () => {
  const never = () => false;
  it('goes just behind what was judged of the same moment, else to its own time', () => {
    expect(placeEvent(100_000, 100_500, 99_000, never)).toBe(99_001);
    expect(placeEvent(100_000, 100_500, 101_000, never)).toBe(101_001);
    expect(placeEvent(100_000, 100_500, 70_000, never)).toBe(70_001);
    expect(placeEvent(100_000, 100_500, 69_999, never)).toBe(100_000);
    expect(placeEvent(100_000, 100_500, 130_001, never)).toBe(100_000);
    expect(placeEvent(100_000, 100_500, null, never)).toBe(100_000);
  });
  it('is never ahead of the platform, and moves on where another is', () => {
    expect(placeEvent(400_000, 100_500, null, never)).toBe(100_500);
    expect(placeEvent(100_000, 100_500, null, (time) => time < 100_002)).toBe(100_002);
  });
});

describe('a driver card (0x0702)', () => {
  const text = (value: string, width: number) => [...Buffer.from(value.padEnd(width, '\0'), 'latin1')];
  const card = (status: 1 | 2, time: number, certificate = 'D-1', readResult = 0) =>
    status === 2
      ? [2, ...bcdTime(time)]
      : [
          1,
          ...bcdTime(time),
          readResult,
          ...(readResult ? [] : [2, 65, 66, ...text(certificate, 20), 1, 67, 0x20, 0x30, 1, 2]),
        ];

  it('is a report of its own, acknowledged after the commit, stored once', async () => {
    const fixture = await fixtureOf();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    await terminal.report(at(0));
    const put = card(1, at(1).time);
    expect(await terminal.ackOf(terminal.send(0x0702, put))).toBe(0);
    expect(await terminal.ackOf(terminal.send(0x0702, put))).toBe(0);
    expect(await terminal.report(at(1))).toBe(0);
    expect(await terminal.ackOf(terminal.send(0x0702, card(2, at(2).time)))).toBe(0);
    const said = fixture.memory.positions('V1').flatMap((one) => one.events ?? []);
    expect(said).toEqual([
      {
        kind: 'driver_card',
        inserted: true,
        readable: true,
        licenceNo: 'D-1',
        name: null,
        validTo: '20300102',
      },
      { kind: 'driver_card', inserted: false, readable: true, licenceNo: null, name: null, validTo: null },
    ]);
  });

  it('says so where it cannot be read, and is kept aside where it is no such message', async () => {
    const fixture = await fixtureOf();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    expect(await terminal.ackOf(terminal.send(0x0702, card(1, at(1).time, 'D-1', 4)))).toBe(0);
    const [event] = fixture.memory.positions('V1').flatMap((one) => one.events ?? []);
    expect(event).toMatchObject({ kind: 'driver_card', readable: false });
    expect(await terminal.ackOf(terminal.send(0x0702, [1]))).toBe(2);
    await fixture.stop();
    expect(fixture.memory.quarantine.map((one) => one.reason)).toContain('body');
  });

  it('tells of a plate that is not the vehicle’s', async () => {
    const fixture = await fixtureOf();
    const right = await fixture.terminal(phoneOf(1));
    await right.login('SU D0001');
    const wrong = await fixture.terminal(phoneOf(2));
    await wrong.login('SU-X9');
    await wrong.ackOf(
      wrong.send(0x0200, locationBody({ time: Math.floor(Date.now() / 1000) * 1000 + 1_000 })),
    );
    expect(fixture.memory.positions('V1')).toEqual([]);
    expect(fixture.memory.findings('V2').map((one) => [one.rule, one.evidence.plate])).toEqual([
      ['unapproved_vehicle', 'SU-X9'],
    ]);
  });
});
