import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Version } from '../../../protocol/jt808/message.ts';
import type { Fix } from '../../../services/simulator/fix.ts';
import type { FixSource } from '../../../services/simulator/fix-source.ts';
import { FleetCounts } from '../../../services/simulator/fleet-counts.ts';
import { Terminal } from '../../../services/simulator/terminal.ts';
import { identityOf, type TerminalIdentity } from '../../../services/simulator/terminal-identity.ts';
import {
  DEFAULT_SETTINGS,
  reconnectWaitMs,
  replyWaitMs,
  type TerminalSettings,
} from '../../../services/simulator/terminal-settings.ts';
import { WakeHeap } from '../../../services/simulator/wake-heap.ts';
import { ANY_FIX } from './any-fix.ts';
import { AUTH_CODE, type RawFrame, ScriptedPlatform } from './scripted-platform.ts';

const T0 = Date.parse('2026-11-24T07:30:00+08:00');

/** A fix each time it is asked for one, a second of event time apart. */
class HandSource implements FixSource {
  readonly waitsForLine = false;
  intervalS = 10;
  alarmFlags = 0;
  tracked: [number, number] | null = null;
  private made = 0;
  private asked = 0;

  /** Makes so many more fixes due at once. */
  want(count: number): void {
    this.asked += count;
  }
  nextDue(): number | null {
    return this.made < this.asked ? 0 : null;
  }
  take(): Fix {
    return this.fix(this.made++);
  }
  peek(): Fix {
    return this.fix(this.made);
  }
  lineUp(): void {
    // Fixes are made by hand.
  }
  setInterval(seconds: number): void {
    this.intervalS = seconds;
  }
  track(seconds: number, until: number): void {
    this.tracked = [seconds, until];
  }
  private fix(n: number): Fix {
    return {
      time: T0 + n * 1000,
      ...ANY_FIX,
      alarmFlags: this.alarmFlags,
      mileageKm: 100 + n,
    };
  }
}

const identity = (version: Version): TerminalIdentity =>
  identityOf({
    id: 'B01',
    plate: '苏DZ001学',
    plateColour: 'yellow',
    terminalPhone: '10000000001',
    terminalVersion: version,
    seats: null,
    schoolBusType: 'dedicated',
    operatorId: null,
    district: null,
    inspectedUntil: null,
    insuredUntil: null,
    retiredOn: null,
  });

const HASTY: Partial<TerminalSettings> = {
  // Longer than a loaded machine takes to answer; where a repetition is what is tested, it is shorter.
  replyTimeoutMs: 10_000,
  reconnectFirstMs: 10,
  reconnectLongestMs: 40,
  heartbeatMs: 60_000,
};

let platform: ScriptedPlatform;
let heap: WakeHeap;
let counts: FleetCounts;
let source: HandSource;
let terminal: Terminal | null;
let port: number;

beforeEach(async () => {
  platform = new ScriptedPlatform();
  heap = new WakeHeap();
  counts = new FleetCounts();
  source = new HandSource();
  terminal = null;
  port = await platform.listen();
});

afterEach(async () => {
  terminal?.stop();
  heap.close();
  await platform.close();
});

function start(
  version: Version = '2013',
  settings: Partial<TerminalSettings> = HASTY,
  silences: { from: number; to: number }[] = [],
): Terminal {
  terminal = new Terminal(
    {
      identity: identity(version),
      host: '127.0.0.1',
      port,
      source,
      settings: { ...DEFAULT_SETTINGS, ...settings },
      heap,
      counts,
      random: () => 0.5,
      silences,
      onReply: () => platform.look(),
    },
    heap.now(),
  );
  return terminal;
}

/** Makes fixes due and tells the terminal to look. */
function measure(count: number): void {
  source.want(count);
  heap.set(terminal!, heap.now());
}

/** Event times of a 0x0200 or 0x0704, seconds after T0. */
function secondsOf(frame: RawFrame): number[] {
  const seconds = (body: Buffer) =>
    (Date.parse(
      `20${body
        .subarray(22, 28)
        .toString('hex')
        .replace(/(..)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6+08:00')}`,
    ) -
      T0) /
    1000;
  if (frame.msgId === 0x0200) return [seconds(frame.body)];
  const all: number[] = [];
  for (let at = 3; at < frame.body.length; at += 2 + frame.body.readUInt16BE(at)) {
    all.push(seconds(frame.body.subarray(at + 2)));
  }
  return all;
}

describe('registration', () => {
  it.each([
    ['2011', 25, '010000000001', false],
    ['2013', 37, '010000000001', false],
    ['2019', 76, '00000000010000000001', true],
  ] as const)('of a %s terminal has its plate at byte %i', async (version, plateAt, phone, long) => {
    start(version);
    await platform.until(() => counts.connected === 1 || platform.of(0x0102).length > 0);
    const [frame] = platform.of(0x0100);
    expect(frame?.phone).toBe(phone);
    expect(frame?.long).toBe(long);
    expect(new TextDecoder('gb18030').decode(frame?.body.subarray(plateAt))).toBe('苏DZ001学');
    expect(frame?.body[plateAt - 1]).toBe(2);
  });

  it('keeps the token and shows it, with IMEI and software version since 2019', async () => {
    start('2019');
    await platform.until(() => platform.of(0x0102).length > 0);
    const [frame] = platform.of(0x0102);
    expect(frame?.body.length).toBe(36 + AUTH_CODE.length);
    expect(frame?.body[0]).toBe(AUTH_CODE.length);
    expect(frame?.body.subarray(1, 1 + AUTH_CODE.length).toString()).toBe(AUTH_CODE);
  });

  it('happens once: a new connection shows the token again, and asks for another only when it is refused', async () => {
    start();
    await platform.until(() => platform.of(0x0102).length === 1);
    platform.answer = (frame) =>
      frame.msgId === 0x0102 && platform.of(0x0102).length === 3 ? { result: 1 } : 'usual';
    platform.cut(0);
    await platform.until(() => platform.of(0x0102).length === 2);
    expect(platform.of(0x0100).length).toBe(1);
    platform.cut(1);
    await platform.until(() => platform.of(0x0102).length === 4);
    expect(platform.of(0x0100).length).toBe(2);
    expect(counts.refused).toBe(1);
  });
});

describe('a report', () => {
  it('is sent after the one before is acknowledged', async () => {
    platform.answer = (frame) => (frame.msgId === 0x0200 ? 'none' : 'usual');
    start('2013', { ...HASTY, replyTimeoutMs: 60_000 });
    await platform.until(() => platform.of(0x0102).length === 1);
    measure(3);
    await platform.until(() => platform.of(0x0200).length === 1);
    const [first] = platform.of(0x0200);
    platform.answer = () => 'usual';
    platform.send(first!, 0x8001, Buffer.from([first!.serial >> 8, first!.serial, 0x02, 0x00, 0]));
    await platform.until(() => platform.of(0x0200).length === 3);
    expect(platform.of(0x0200).flatMap(secondsOf)).toEqual([0, 1, 2]);
    const serials = platform.frames.map((frame) => frame.serial);
    expect(serials).toEqual([0, 1, 2, 3, 4]);
  });

  it('is sent again unchanged when nobody answers, and the line given up after the last repetition', async () => {
    platform.answer = (frame) => (frame.msgId === 0x0200 && frame.connection === 0 ? 'none' : 'usual');
    start('2013', { ...HASTY, replyTimeoutMs: 15, retransmissions: 3 });
    await platform.until(() => platform.of(0x0102).length === 1);
    measure(1);
    await platform.until(() => platform.connections === 2 && counts.acknowledged === 1);
    const onFirst = platform.of(0x0200).filter((frame) => frame.connection === 0);
    expect(onFirst.length).toBe(4);
    for (const again of onFirst) expect(again.wire).toEqual(onFirst[0]?.wire);
    expect(counts.sent).toBe(1);
    expect(counts.retransmitted).toBeGreaterThanOrEqual(4);
  });

  it('answered with "failure" is sent again, with "message error" not', async () => {
    platform.answer = (frame) =>
      frame.msgId !== 0x0200 ? 'usual' : { result: platform.of(0x0200).length === 1 ? 1 : 2 };
    start('2013', { ...HASTY, replyTimeoutMs: 40 });
    await platform.until(() => platform.of(0x0102).length === 1);
    measure(1);
    await platform.until(() => counts.rejected === 1);
    expect(platform.of(0x0200).length).toBeGreaterThanOrEqual(2);
  });

  it('tells of an emergency until one that does is acknowledged', async () => {
    start('2013', { ...HASTY, replyTimeoutMs: 40 });
    await platform.until(() => platform.of(0x0102).length === 1);
    platform.answer = (frame) => (frame.msgId === 0x0200 ? 'none' : 'usual');
    source.alarmFlags = 1;
    measure(1);
    await platform.until(() => platform.of(0x0200).length === 1);
    source.alarmFlags = 0;
    measure(1);
    platform.answer = () => 'usual';
    await platform.until(() => platform.of(0x0200).some((frame) => secondsOf(frame)[0] === 1));
    await platform.until(() => counts.acknowledged === 2);
    measure(1);
    await platform.until(() => counts.acknowledged === 3);
    const alarms = platform.of(0x0200).map((frame) => [secondsOf(frame)[0], frame.body.readUInt32BE(0)]);
    expect(new Map(alarms as [number, number][])).toEqual(
      new Map([
        [0, 1],
        [1, 1],
        [2, 0],
      ]),
    );
  });
});

describe('without a line', () => {
  it('stores, and sends what it stored as blind-area data, oldest first, before anything newer', async () => {
    start();
    await platform.until(() => platform.of(0x0102).length === 1);
    platform.answer = (frame) => (frame.msgId === 0x0200 || frame.msgId === 0x0102 ? 'cut' : 'usual');
    measure(1);
    await platform.until(() => platform.of(0x0102).length === 2);
    measure(20);
    await platform.until(() => platform.of(0x0102).length === 3);
    platform.answer = () => 'usual';
    await platform.until(() => counts.acknowledged === 21);
    measure(1);
    await platform.until(() => counts.acknowledged === 22);
    // The one under way when the line broke is sent as it was.
    const after = platform.frames.filter((frame) => frame.connection > 0 && secondsIn(frame).length > 0);
    expect(after.map((frame) => frame.msgId)).toEqual([0x0200, 0x0704, 0x0704, 0x0200]);
    expect(after.flatMap(secondsIn)).toEqual(Array.from({ length: 22 }, (_, i) => i));
    for (const batch of platform.of(0x0704)) expect(batch.body[2]).toBe(1);
    expect(counts.sent).toBe(22);
    expect(counts.blind).toBe(20);
  });

  it('of 2011, which has no batch, sends them one by one', async () => {
    start('2011');
    await platform.until(() => platform.of(0x0102).length === 1);
    platform.cut(0);
    platform.answer = (frame) => (frame.msgId === 0x0102 && frame.connection === 1 ? 'cut' : 'usual');
    await platform.until(() => platform.of(0x0102).length === 2);
    measure(5);
    await platform.until(() => counts.acknowledged === 5);
    expect(platform.of(0x0704)).toEqual([]);
    expect(platform.of(0x0200).flatMap(secondsOf)).toEqual([0, 1, 2, 3, 4]);
  });

  it('loses the oldest when its memory is full', async () => {
    start('2013', { ...HASTY, memory: 10 });
    await platform.until(() => platform.of(0x0102).length === 1);
    platform.cut(0);
    platform.answer = (frame) => (frame.msgId === 0x0102 && frame.connection === 1 ? 'cut' : 'usual');
    await platform.until(() => platform.of(0x0102).length === 2);
    measure(25);
    await platform.until(() => counts.acknowledged === 10);
    expect(platform.frames.flatMap(secondsIn)).toEqual(Array.from({ length: 10 }, (_, i) => 15 + i));
    expect(counts.overwritten).toBe(15);
  });

  it('in a radio silence neither speaks nor hangs up, and comes back on a new connection', async () => {
    const silences: { from: number; to: number }[] = [];
    start('2013', HASTY, silences);
    await platform.until(() => counts.online === 1);
    silences.push({ from: heap.now(), to: heap.now() + 200 });
    measure(3);
    await platform.until(() => counts.acknowledged === 3);
    expect(platform.connections).toBe(2);
    expect(platform.of(0x0704).flatMap(secondsOf)).toEqual([0, 1, 2]);
  });

  it('survives a platform that is away and comes back on the same port', async () => {
    start();
    await platform.until(() => platform.of(0x0102).length === 1);
    await platform.close();
    measure(4);
    const again = new ScriptedPlatform();
    await again.listen(port);
    platform = again;
    await again.until(() => counts.acknowledged === 4);
    expect(again.of(0x0100)).toEqual([]);
  });
});

describe('a command', () => {
  const u32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };

  async function ask(
    msgId: number,
    body: Buffer,
    answerId: number,
    version: Version = '2013',
  ): Promise<RawFrame> {
    start(version);
    await platform.until(() => counts.online === 1 && platform.of(0x0102).length === 1);
    measure(1);
    await platform.until(() => counts.acknowledged === 1);
    const before = platform.of(answerId).length;
    platform.send(platform.of(0x0102)[0]!, msgId, body);
    await platform.until(() => platform.of(answerId).length > before);
    return platform.of(answerId).at(-1)!;
  }

  it('with a text is confirmed', async () => {
    const reply = await ask(0x8300, Buffer.from([1, 0x41]), 0x0001);
    expect([...reply.body.subarray(2)]).toEqual([0x83, 0x00, 0]);
  });

  it('for the location is answered with it', async () => {
    const reply = await ask(0x8201, Buffer.alloc(0), 0x0201);
    expect(reply.body.readUInt32BE(2 + 8)).toBe(31_790_000);
  });

  it('for the location of a 2011 terminal is answered without the serial', async () => {
    const reply = await ask(0x8201, Buffer.alloc(0), 0x0201, '2011');
    expect(reply.body.readUInt32BE(8)).toBe(31_790_000);
  });

  it('for tracking is obeyed', async () => {
    const reply = await ask(0x8202, Buffer.concat([Buffer.from([0, 5]), u32(600)]), 0x0001);
    expect([...reply.body.subarray(2)]).toEqual([0x82, 0x02, 0]);
    expect(source.tracked?.[0]).toBe(5);
  });

  it('for another heartbeat and interval is obeyed, and the parameters can be read', async () => {
    const body = Buffer.concat([
      Buffer.from([2]),
      u32(0x0001),
      Buffer.from([4]),
      u32(45),
      u32(0x0029),
      Buffer.from([4]),
      u32(7),
    ]);
    const reply = await ask(0x8103, body, 0x0001);
    expect([...reply.body.subarray(2)]).toEqual([0x81, 0x03, 0]);
    expect(terminal?.settings.heartbeatMs).toBe(45_000);
    expect(source.intervalS).toBe(7);
    platform.send(platform.of(0x0102)[0]!, 0x8104, Buffer.alloc(0));
    await platform.until(() => platform.of(0x0104).length === 1);
    const answer = platform.of(0x0104)[0]!.body;
    expect(answer.indexOf(Buffer.concat([u32(0x0001), Buffer.from([4]), u32(45)]))).toBe(3);
  });

  it('for a parameter is kept, and read back among the others', async () => {
    const set = Buffer.concat([Buffer.from([1]), u32(0x0055), Buffer.from([4]), u32(60)]);
    const reply = await ask(0x8103, set, 0x0001);
    expect([...reply.body.subarray(2)]).toEqual([0x81, 0x03, 0]);
    const asked = Buffer.concat([Buffer.from([2]), u32(0x0055), u32(0x0056)]);
    platform.send(platform.of(0x0102)[0]!, 0x8106, asked);
    await platform.until(() => platform.of(0x0104).length === 1);
    expect([...platform.of(0x0104)[0]!.body.subarray(2)]).toEqual([
      2,
      ...[0, 0, 0, 0x55, 4, 0, 0, 0, 60],
      ...[0, 0, 0, 0x56, 4, 0, 0, 0, 10],
    ]);
  });

  it('for a photo is answered with the ids of what was taken, or that there is no such camera', async () => {
    const shoot = (channel: number) => Buffer.from([channel, 0, 2, 0, 0, 0, 2, 5, 128, 64, 64, 128]);
    const taken = await ask(0x8801, shoot(1), 0x0805);
    expect([...taken.body.subarray(2)]).toEqual([0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2]);
    platform.send(platform.of(0x0102)[0]!, 0x8801, shoot(99));
    await platform.until(() => platform.of(0x0805).length === 2);
    expect([...platform.of(0x0805)[1]!.body.subarray(2)]).toEqual([2]);
  });

  it('for the doors is confirmed, and then told by the status', async () => {
    const told = await ask(0x8500, Buffer.from([1]), 0x0500);
    const lockedBit = 1 << 12;
    expect(told.body.readUInt32BE(2 + 4) & lockedBit).toBe(lockedBit);
    expect(platform.of(0x0001).at(-1)?.body.subarray(2)).toEqual(Buffer.from([0x85, 0x00, 0]));
  });

  it('for its attributes is answered in the layout of its edition', async () => {
    expect((await ask(0x8107, Buffer.alloc(0), 0x0107, '2013')).body.readUInt16BE(0)).toBe(1);
  });

  it('to the driver with a question is answered twice: by the terminal, and by the driver', async () => {
    const question = Buffer.from([8, 2, 0x6f, 0x6b, 7, 0, 1, 0x79, 9, 0, 1, 0x6e]);
    const answer = await ask(0x8302, question, 0x0302);
    expect(answer.body[2]).toBe(7);
    expect(platform.of(0x0001).at(-1)?.body[4]).toBe(0);
  });

  it('for the recorder is answered with a packet whose check is right', async () => {
    const { body } = await ask(0x8700, Buffer.from([4]), 0x0700);
    const packet = body.subarray(3);
    expect(packet.subarray(0, 3)).toEqual(Buffer.from([0x55, 0x7a, 0x04]));
    expect(packet.reduce((sum, byte) => sum ^ byte, 0)).toBe(0);
  });

  it('with a route in packets is answered when it is whole, and the route is kept', async () => {
    const point = (i: number) =>
      Buffer.concat([u32(i), u32(i), u32(31_000_000), u32(119_000_000), Buffer.from([100, 0])]);
    const points = Array.from({ length: 100 }, (_, i) => point(i + 1));
    const route = Buffer.concat([u32(9), Buffer.from([0, 0, 0, 100]), ...points]);
    start('2013');
    await platform.until(() => counts.online === 1 && platform.of(0x0102).length === 1);
    const to = platform.of(0x0102)[0]!;
    platform.sendParts(to, 0x8606, [route.subarray(0, 1_000), route.subarray(1_000)]);
    await platform.until(() => platform.of(0x0001).length === 1);
    expect(platform.of(0x0001)[0]!.body.subarray(2)).toEqual(Buffer.from([0x86, 0x06, 0]));
    expect(terminal?.memory.areas.routes.get(9)).toMatchObject({ id: 9 });
    platform.send(to, 0x8607, Buffer.from([0]));
    await platform.until(() => platform.of(0x0001).length === 2);
    expect(terminal?.memory.areas.routes.size).toBe(0);
  });

  it('for a packet that got lost is what a terminal of 2019 sends itself', async () => {
    start('2019');
    await platform.until(() => counts.online === 1 && platform.of(0x0102).length === 1);
    const to = platform.of(0x0102)[0]!;
    const text = Buffer.concat([Buffer.from([8, 1]), Buffer.alloc(30, 0x41)]);
    const parts = [text.subarray(0, 10), text.subarray(10, 20), text.subarray(20)];
    const first = platform.sendParts(to, 0x8300, parts, [1, 3]);
    await platform.until(() => platform.of(0x0005).length === 1);
    const missing = platform.of(0x0005)[0]!.body;
    expect([missing.readUInt16BE(0), missing.readUInt16BE(2), missing.readUInt16BE(4)]).toEqual([
      first,
      1,
      2,
    ]);
    platform.sendParts(to, 0x8300, parts, [2], first);
    await platform.until(() => platform.of(0x0001).length === 1);
    expect(platform.of(0x0001)[0]!.body.readUInt16BE(0)).toBe(first + 2);
  });

  it('to restart is confirmed before it goes down, and it comes back with the code it has', async () => {
    const reply = await ask(0x8105, Buffer.from([4]), 0x0001);
    expect([...reply.body.subarray(2)]).toEqual([0x81, 0x05, 0]);
    await platform.until(() => platform.of(0x0102).length === 2);
    expect(platform.of(0x0100)).toHaveLength(1);
  });

  it('that it does not know is answered with "unsupported"', async () => {
    const reply = await ask(0x8301, Buffer.from([0]), 0x0001);
    expect([...reply.body.subarray(2)]).toEqual([0x83, 0x01, 3]);
  });
});

it('keeps alive when it has nothing to say', async () => {
  start('2019', { ...HASTY, heartbeatMs: 30 });
  await platform.until(() => platform.of(0x0002).length >= 3);
  expect(platform.connections).toBe(1);
});

describe('the waits', () => {
  it('for a reply are T, 2T, 6T, 24T', () => {
    expect([1, 2, 3, 4].map((sending) => replyWaitMs(10, sending))).toEqual([10, 20, 60, 240]);
  });

  it('before connecting again double, up to the longest, and are jittered', () => {
    const wait = (attempt: number, random: number) => reconnectWaitMs(DEFAULT_SETTINGS, attempt, random);
    expect([0, 1, 2, 10, 1000].map((attempt) => wait(attempt, 0.5))).toEqual([
      1000, 2000, 4000, 30_000, 30_000,
    ]);
    expect(wait(0, 0)).toBe(500);
    expect(wait(0, 0.999)).toBeCloseTo(1499);
  });
});

function secondsIn(frame: RawFrame): number[] {
  return frame.msgId === 0x0200 || frame.msgId === 0x0704 ? secondsOf(frame) : [];
}
