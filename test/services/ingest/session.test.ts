import { afterEach, describe, expect, it } from 'vitest';
import { alertSubject, liveSubject } from '../../../services/bus/subjects.ts';
import type { LiveAlert, LivePosition } from '../../../services/ingest/live-events.ts';
import { type IngestFixture, ingestFixture, phoneOf } from '../../support/ingest-fixture.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { planOfVehicles } from '../../support/plans.ts';
import { authBody, batchBody, frame, locationBody } from '../../support/terminal-bytes.ts';

/** Whole seconds, as the wire has them. */
const now = () => Math.floor(Date.now() / 1_000) * 1_000;

let fixture: IngestFixture;
afterEach(() => fixture.close());

describe('registration and authentication', () => {
  it.each(['2013', '2019'] as const)(
    'takes a %s terminal from registration to a stored report',
    async (version) => {
      fixture = await ingestFixture();
      const terminal = await fixture.terminal(phoneOf(1), version);
      const code = await terminal.login();
      expect(code).not.toContain(phoneOf(1));
      const row = await fixture.memory.terminals.get(phoneOf(1));
      expect(row).toMatchObject({ version, approved: true, plate: 'SU-D0001' });
      expect(JSON.stringify(row)).not.toContain(code);
      const time = now();
      expect(await terminal.report({ time, lat: 31.812345, speedKmh: 42.5 })).toBe(0);
      expect(fixture.memory.positions('V1')).toMatchObject([
        {
          vehicle: 'V1',
          time,
          lat: 31.812345,
          speedKmh: 42.5,
          accOn: true,
          positioned: true,
          backfill: false,
        },
      ]);
      for (const answer of terminal.received) {
        expect(answer.version).toBe(version);
        expect(answer.phone).toBe(phoneOf(1).padStart(version === '2019' ? 20 : 12, '0'));
      }
      expect(terminal.received.map((f) => f.serial)).toEqual([0, 1, 2]);
    },
  );

  it('says with its next report that a terminal registered with another plate, so that nothing before it is late', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login('SU-X9999');
    const [before, time] = [now() - 60_000, now()];
    expect(await terminal.report({ time: before })).toBe(0);
    expect(await terminal.report({ time })).toBe(0);
    expect(fixture.memory.positions('V1').map(({ time, events }) => ({ time, events }))).toEqual([
      { time: before, events: [{ kind: 'other_plate', plate: 'SU-X9999' }] },
      { time, events: undefined },
    ]);
  });

  it('knows the code on the next connection, and voids it by a new registration', async () => {
    fixture = await ingestFixture();
    const code = await (await fixture.terminal(phoneOf(1))).login();
    const again = await fixture.terminal(phoneOf(1));
    expect(await again.authenticate(code)).toBe(0);
    const anew = await fixture.terminal(phoneOf(1));
    expect(await anew.register()).not.toBe(code);
    expect(await anew.authenticate(code)).toBe(1);
  });

  it('refuses wrong codes and closes after a few', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.register();
    expect(await terminal.authenticate('wrong')).toBe(1);
    expect(await terminal.authenticate('wrong')).toBe(1);
    terminal.send(0x0102, authBody(terminal.edition, 'wrong'));
    await terminal.whenClosed();
    expect(await fixture.metric('closed_total', 'authentication_refused')).toBe(1);
  });

  it('keeps and refuses what comes before authentication', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    expect(await terminal.report({ time: now() })).toBe(1);
    await expect.poll(() => fixture.memory.quarantine.map((q) => q.reason)).toEqual(['not_authenticated']);
  });

  it('refuses unknown terminals and keeps their frames', async () => {
    fixture = await ingestFixture({ unknownTerminals: 'refuse' });
    const terminal = await fixture.terminal('13011112222');
    expect(await terminal.register()).toBeNull();
    expect(await terminal.ackOf(terminal.send(0x0102, authBody(terminal.edition, 'x')))).toBe(1);
    await expect
      .poll(() => fixture.memory.quarantine.map((q) => q.reason))
      .toEqual(['unknown_terminal', 'wrong_code']);
  });

  it('holds unknown terminals as unapproved, and judges their reports', async () => {
    fixture = await ingestFixture({ unknownTerminals: 'hold' });
    const terminal = await fixture.terminal('013011112222');
    await terminal.login();
    expect(await terminal.report({ time: now(), speedKmh: 80 })).toBe(0);
    expect(await fixture.memory.terminals.get('13011112222')).toMatchObject({ approved: false });
    expect(fixture.memory.findings('terminal:13011112222')).toMatchObject([{ rule: 'speeding' }]);
  });

  it('takes every terminal by its plate where the plan has no register of vehicles', async () => {
    fixture = await ingestFixture({ plan: planOfVehicles([]) });
    const terminal = await fixture.terminal('13011112222');
    await terminal.login('BUS7');
    await terminal.report({ time: now() });
    expect(fixture.memory.positions('BUS7')).toHaveLength(1);
  });

  it('stores reports unjudged while there is no plan', async () => {
    fixture = await ingestFixture({ plan: null });
    const terminal = await fixture.terminal('13011112222');
    await terminal.login('BUS7');
    expect(await terminal.report({ time: now(), speedKmh: 90 })).toBe(0);
    expect(fixture.memory.findings('BUS7')).toEqual([]);
    fixture.plan.swap(planOfVehicles([]));
    expect(await terminal.report({ time: now() + 1_000, speedKmh: 90 })).toBe(0);
    expect(fixture.memory.findings('BUS7')).toHaveLength(1);
  });

  it('lets a terminal deregister: its code is void', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    const code = await terminal.login();
    expect(await terminal.ackOf(terminal.send(0x0003))).toBe(0);
    await terminal.whenClosed();
    expect(await (await fixture.terminal(phoneOf(1))).authenticate(code)).toBe(1);
  });

  it('closes the older of two connections of one terminal', async () => {
    fixture = await ingestFixture();
    const first = await fixture.terminal(phoneOf(1));
    const code = await first.login();
    await first.report({ time: now() });
    const second = await fixture.terminal(phoneOf(1));
    expect(await second.authenticate(code)).toBe(0);
    await first.whenClosed();
    expect(await second.report({ time: now() + 1_000 })).toBe(0);
    expect(fixture.memory.positions('V1')).toHaveLength(2);
  });

  it('closes connections whose terminal is another vehicle under a new plan', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    const code = await terminal.login();
    fixture.plan.swap(planOfVehicles([{ id: 'W1', phone: phoneOf(1) }], 'next'));
    await terminal.whenClosed();
    const again = await fixture.terminal(phoneOf(1));
    await again.authenticate(code);
    await again.report({ time: now() });
    expect(fixture.memory.positions('W1')).toHaveLength(1);
  });
});

describe('messages', () => {
  it('answers heartbeats at once and the time in UTC', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1), '2019');
    await terminal.login();
    fixture.memory.down = true;
    expect(await terminal.ackOf(terminal.send(0x0002))).toBe(0);
    fixture.memory.down = false;
    terminal.send(0x0004);
    const { body } = await terminal.answer((f) => f.msgId === 0x8004);
    const year = new Date().getUTCFullYear() % 100;
    expect(body.toString('hex')).toMatch(new RegExp(`^${String(year).padStart(2, '0')}\\d{10}$`));
  });

  it('answers a batch once, after all of its items, and judges them in order', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    const time = now() - 60_000;
    const speeds = [30, 70, 80, 30];
    const items = speeds.map((speedKmh, i) => locationBody({ time: time + i * 5_000, speedKmh }));
    expect(await terminal.ackOf(terminal.send(0x0704, batchBody([...items].reverse())))).toBe(0);
    expect(fixture.memory.positions('V1').map((r) => [r.speedKmh, r.backfill])).toEqual(
      speeds.map((kmh) => [kmh, true]),
    );
    expect(fixture.memory.findings('V1')).toMatchObject([{ start: time + 5_000, end: time + 15_000 }]);
  });

  it('keeps the items of a batch that cannot be read, and counts the rest', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    const good = locationBody({ time: now() });
    expect(await terminal.ackOf(terminal.send(0x0704, batchBody([good.slice(0, 20), good])))).toBe(0);
    expect(fixture.memory.positions('V1')).toHaveLength(1);
    await expect.poll(() => fixture.memory.quarantine).toMatchObject([{ reason: 'body' }]);
  });

  it('puts a batch sent in packets together and answers each packet after the commit', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    const body = batchBody([0, 1, 2].map((i) => locationBody({ time: now() - 30_000 + i * 1_000 })));
    const cut = [body.slice(0, 30), body.slice(30, 60), body.slice(60)];
    const first = terminal.serial;
    for (const number of [3, 1, 2]) {
      const part = cut[number - 1] as number[];
      terminal.socket.write(frame(terminal.edition, 0x0704, first + number - 1, part, { total: 3, number }));
    }
    for (const i of [0, 1, 2]) expect(await terminal.ackOf(first + i)).toBe(0);
    expect(fixture.memory.positions('V1')).toHaveLength(3);
  });

  it('asks for the packets that are missing', async () => {
    fixture = await ingestFixture({ limits: { missingPacketsMs: 10 } });
    const terminal = await fixture.terminal(phoneOf(1), '2019');
    await terminal.login();
    const part = batchBody([locationBody({ time: now() })]).slice(0, 10);
    terminal.socket.write(frame(terminal.edition, 0x0704, 7, part, { total: 3, number: 2 }));
    const { body } = await terminal.answer((f) => f.msgId === 0x8003);
    expect(body.toString('hex')).toBe('00060002' + '00010003');
  });

  it('stores a packet that a terminal repeats because it waits for its answer', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    const body = batchBody([0, 1].map((i) => locationBody({ time: now() - 30_000 + i * 1_000 })));
    const packet = (number: number, part: number[]) =>
      terminal.socket.write(frame(terminal.edition, 0x0704, 20 + number - 1, part, { total: 2, number }));
    packet(1, body.slice(0, 30));
    packet(1, body.slice(0, 30));
    expect(await terminal.ackOf(20)).toBe(0);
    expect(fixture.memory.quarantine).toMatchObject([{ reason: 'packet_before_whole' }]);
    packet(2, body.slice(30));
    expect(await terminal.ackOf(21)).toBe(0);
    expect(fixture.memory.positions('V1')).toHaveLength(2);
  });

  it('shows positions and alerts after their commit, and never an older position', async () => {
    fixture = await ingestFixture();
    const shown: LivePosition[] = [];
    const alerts: LiveAlert[] = [];
    fixture.bus.subscribe(liveSubject('D1', '', 'V1'), (p) => shown.push(p as LivePosition));
    fixture.bus.subscribe(alertSubject('D1', 'V1'), (a) => alerts.push(a as LiveAlert));
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    const time = now();
    await terminal.report({ time, speedKmh: 75 });
    const late = terminal.send(0x0704, batchBody([locationBody({ time: time - 60_000 })]));
    await terminal.ackOf(late);
    await terminal.report({ time: time + 1_000 });
    await expect.poll(() => shown.map((p) => p.report.time)).toEqual([time, time + 1_000]);
    await expect
      .poll(() => alerts.map((a) => [a.finding.rule, a.finding.end, a.district]))
      .toEqual([
        ['speeding', null, 'D1'],
        ['speeding', time + 1_000, 'D1'],
      ]);
  });
});

describe('the database', () => {
  it('is waited for: nothing answered, everything stored once it is back', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    fixture.memory.down = true;
    const sent = [0, 1, 2].map((i) => terminal.send(0x0200, locationBody({ time: now() + i * 1_000 })));
    await expect.poll(() => fixture.metric('events_total', 'store_unavailable')).toBeGreaterThan(1);
    expect(sent.some((serial) => terminal.acked(serial))).toBe(false);
    fixture.memory.down = false;
    for (const serial of sent) expect(await terminal.ackOf(serial)).toBe(0);
    expect(fixture.memory.positions('V1')).toHaveLength(3);
  });

  it('gives a vehicle to the newest of the connections that waited for the database', async () => {
    fixture = await ingestFixture();
    const first = await fixture.terminal(phoneOf(1));
    const code = await first.login();
    fixture.memory.down = true;
    first.send(0x0200, locationBody({ time: now() }));
    const later = [];
    for (let i = 0; i < 4; i += 1) {
      const terminal = await fixture.terminal(phoneOf(1));
      terminal.send(0x0102, authBody(terminal.edition, code));
      later.push(terminal);
    }
    // One of them hangs up again: nothing of it may be waited for.
    later[1]?.end();
    await expect.poll(() => fixture.metric('sockets_paused')).toBe(3);
    fixture.memory.down = false;
    const newest = later[3] as (typeof later)[number];
    expect(await newest.ackOf(0)).toBe(0);
    for (const terminal of [first, later[0], later[2]]) await terminal?.whenClosed();
    expect(await newest.report({ time: now() + 1_000 })).toBe(0);
    // What the first had under way was committed before the vehicle changed hands.
    expect(fixture.memory.positions('V1')).toHaveLength(2);
  });

  it('stops the reading of sockets while too much waits', async () => {
    fixture = await ingestFixture({
      limits: { maxPendingReports: 50, maxFramesPerSecond: 1e9, maxBytesPerSecond: 1e12 },
    });
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    fixture.memory.down = true;
    const sent: number[] = [];
    for (let i = 0; i < 5_000; i += 1)
      sent.push(terminal.send(0x0200, locationBody({ time: now() - 6_000_000 + i * 1_000 })));
    await expect.poll(() => fixture.metric('sockets_paused')).toBe(1);
    // One chunk more than the limit at most.
    const waiting = await fixture.metric('pending_reports');
    expect(waiting).toBeGreaterThanOrEqual(50);
    expect(waiting).toBeLessThan(4_000);
    fixture.memory.down = false;
    expect(await terminal.ackOf(sent.at(-1) as number)).toBe(0);
    expect(fixture.memory.positions('V1')).toHaveLength(5_000);
    await expect.poll(() => fixture.metric('pending_reports')).toBe(0);
    expect(await fixture.metric('sockets_paused')).toBe(0);
  });

  it('puts a vehicle aside that cannot be written, and no other', async () => {
    fixture = await ingestFixture();
    const bad = await fixture.terminal(phoneOf(1));
    const good = await fixture.terminal(phoneOf(2));
    await bad.login();
    await good.login();
    fixture.memory.poison = (batch) => batch.positions.some((p) => p.report.lat === 45);
    const poisoned = bad.send(0x0200, locationBody({ time: now(), lat: 45 }));
    expect(await good.report({ time: now() })).toBe(0);
    expect(await bad.ackOf(poisoned)).toBe(0);
    await bad.whenClosed();
    expect(fixture.memory.quarantine).toMatchObject([{ reason: 'commit_failed' }]);
    expect(fixture.memory.positions('V1')).toEqual([]);
    expect(fixture.memory.positions('V2')).toHaveLength(1);
    expect(await good.report({ time: now() + 1_000 })).toBe(0);
  });

  it('refuses what an older connection elsewhere still sends', async () => {
    const memory = memoryStore();
    const other = await ingestFixture({ memory });
    fixture = await ingestFixture({ memory });
    const old = await other.terminal(phoneOf(1));
    const code = await old.login();
    await old.report({ time: now() });
    const moved = await fixture.terminal(phoneOf(1));
    await moved.authenticate(code);
    const tried = old.send(0x0200, locationBody({ time: now() + 1_000 }));
    await old.whenClosed();
    expect(old.acked(tried)).toBe(false);
    expect(memory.positions('V1')).toHaveLength(1);
    expect(await moved.report({ time: now() + 2_000 })).toBe(0);
    await other.close();
  });

  it('commits and answers what it has before it ends', async () => {
    fixture = await ingestFixture({ limits: { batchWaitMs: 50 } });
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    const sent = terminal.send(0x0200, locationBody({ time: now() }));
    await expect.poll(() => fixture.metric('pending_reports')).toBe(1);
    await fixture.stop();
    expect(await terminal.ackOf(sent)).toBe(0);
    expect(fixture.memory.positions('V1')).toHaveLength(1);
  });
});

describe('a connection', () => {
  it('is one terminal: frames of another are kept and refused', async () => {
    fixture = await ingestFixture();
    const terminal = await fixture.terminal(phoneOf(1));
    await terminal.login();
    const other = { version: '2013' as const, phone: phoneOf(2) };
    terminal.socket.write(frame(other, 0x0200, 99, locationBody({ time: now() })));
    expect(await terminal.ackOf(99)).toBe(1);
    await expect.poll(() => fixture.memory.quarantine).toMatchObject([{ reason: 'phone_changed' }]);
  });
});
