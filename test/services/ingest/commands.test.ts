import { afterEach, describe, expect, it } from 'vitest';
import { commandedSubject } from '../../../services/bus/subjects.ts';
import type { IngestLimits } from '../../../services/ingest/limits.ts';
import type { CommandChange } from '../../../services/ingest/live-events.ts';
import { eventNames, got, queue, reply, until } from '../../support/command-story.ts';
import { type IngestFixture, ingestFixture, phoneOf } from '../../support/ingest-fixture.ts';
import { frame, locationBody } from '../../support/terminal-bytes.ts';
import type { TestTerminal } from '../../support/test-terminal.ts';

const PHONE = phoneOf(1);
const now = () => Math.floor(Date.now() / 1_000) * 1_000;
const word = (n: number): number[] => [(n >> 8) & 0xff, n & 0xff];

let fixture: IngestFixture;
afterEach(() => fixture.close());

const ask = (type: string, request: object = {}, expiresInMs?: number) =>
  queue(fixture.memory.commands, fixture.bus, PHONE, type, request, expiresInMs);
const state = (row: { id: string }, ...states: Parameters<typeof until>[2][]) =>
  until(fixture.memory.commands, row, ...states);
const events = (row: { id: string }) => eventNames(fixture.memory.commands, row);

async function start(limits: Partial<IngestLimits> = {}, version?: '2013' | '2019'): Promise<TestTerminal> {
  fixture = await ingestFixture({ limits });
  const terminal = await fixture.terminal(PHONE, version);
  await terminal.login();
  return terminal;
}

describe('a command', () => {
  it('goes down in the edition of the terminal, and ends with its answer', async () => {
    for (const [version, flag] of [
      ['2013', [0b1101]],
      ['2019', [0b1110, 1]],
    ] as const) {
      const terminal = await start({}, version);
      const changes: CommandChange[] = [];
      fixture.bus.subscribe(commandedSubject(PHONE), (change) => changes.push(change as CommandChange));
      const row = await ask('text', { text: 'slow down', urgent: true });
      const text = await got(terminal, 0x8300);
      expect([...text.body]).toEqual([...flag, ...Buffer.from('slow down')]);
      reply(terminal, text);
      const ended = await state(row, 'answered');
      expect(ended).toMatchObject({
        attempt: 1,
        step: 1,
        steps: 1,
        answers: [{ msgId: '0x0001', result: 0 }],
      });
      expect(await fixture.memory.commands.events(row.id)).toMatchObject([
        { event: 'queued' },
        { event: 'sent', detail: { message: '0x8300', serial: text.serial, packets: 1, edition: version } },
        { event: 'answered', detail: { reply: '0x0001' } },
      ]);
      await expect.poll(() => changes.map((change) => change.state)).toEqual(['sent', 'answered']);
      if (version === '2013') await fixture.close();
    }
  });

  it('fails with what the terminal says against it', async () => {
    const terminal = await start();
    for (const [result, reason] of [
      [1, 'terminal_failed'],
      [2, 'terminal_message_error'],
      [3, 'terminal_unsupported'],
    ] as const) {
      const row = await ask('text', { text: 'x' });
      reply(terminal, await got(terminal, 0x8300, result - 1), result);
      expect(await state(row, 'failed')).toMatchObject({ reason });
    }
  });

  it('of a position query is answered by the position, which is stored like any other', async () => {
    const terminal = await start();
    const row = await ask('locate');
    const { serial } = await got(terminal, 0x8201);
    const sent = terminal.send(0x0201, [...word(serial), ...locationBody({ time: now(), speedKmh: 12.5 })]);
    expect(await terminal.ackOf(sent)).toBe(0);
    const { answers } = await state(row, 'answered');
    expect(answers).toMatchObject([{ msgId: '0x0201', body: { location: { speedKmh: 12.5 } } }]);
    expect(fixture.memory.positions('V1')).toHaveLength(1);
  });

  it('with an answer of its own is done by that, not by the general reply before it', async () => {
    const terminal = await start();
    const row = await ask('photo', { channel: 1 });
    const photo = await got(terminal, 0x8801);
    expect([...photo.body]).toEqual([1, 0, 1, 0, 0, 0, 2, 5, 128, 64, 64, 128]);
    reply(terminal, photo);
    terminal.send(0x0805, [...word(photo.serial), 0, 0, 1, 0, 0, 0, 7]);
    const { answers } = await state(row, 'answered');
    expect(answers).toEqual([
      { msgId: '0x0805', body: { responseSerial: photo.serial, result: 0, mediaIds: [7] } },
    ]);
    const refused = await ask('photo', { channel: 9 });
    const second = await got(terminal, 0x8801, 1);
    terminal.send(0x0805, [...word(second.serial), 2]);
    expect(await state(refused, 'failed')).toMatchObject({ reason: 'no_such_channel' });
  });

  it('that the terminal only confirms counts as done where that says enough', async () => {
    const terminal = await start({ commandAnswerMs: 30, commandRepeats: 0 });
    const doors = await ask('control_doors', { action: 'lock' });
    reply(terminal, await got(terminal, 0x8500));
    expect((await state(doors, 'answered')).answers).toEqual([{ msgId: '0x0001', result: 0 }]);
    const attributes = await ask('read_attributes');
    reply(terminal, await got(terminal, 0x8107));
    expect(await state(attributes, 'failed')).toMatchObject({ reason: 'no_answer' });
  });

  it('of several messages sends each after the answer to the one before', async () => {
    const terminal = await start();
    const row = await ask('write_parameters', { params: [{ id: '0x0055', value: 60 }] });
    const set = await got(terminal, 0x8103);
    expect(terminal.received.some((f) => f.msgId === 0x8106)).toBe(false);
    reply(terminal, set);
    const read = await got(terminal, 0x8106);
    expect([...read.body]).toEqual([1, 0, 0, 0, 0x55]);
    terminal.send(0x0104, [...word(read.serial), 1, 0, 0, 0, 0x55, 4, 0, 0, 0, 60]);
    const { answers } = await state(row, 'answered');
    expect(answers).toMatchObject([
      { msgId: '0x0001' },
      { msgId: '0x0104', body: { params: [{ id: '0x0055', value: 60 }] } },
    ]);
  });

  it('is sent again, the same, until it is answered', async () => {
    const terminal = await start({ commandAnswerMs: 20 });
    const row = await ask('track', { intervalS: 5, durationS: 60 });
    const [first, second] = [await got(terminal, 0x8202), await got(terminal, 0x8202, 1)];
    expect(second).toEqual(first);
    reply(terminal, second);
    expect(await state(row, 'answered')).toMatchObject({ attempt: 2 });
    expect(await events(row)).toEqual(['queued', 'sent', 'sent', 'answered']);
  });

  it('is given up in the end; an answer that comes later still counts', async () => {
    const terminal = await start({ commandAnswerMs: 20, commandRepeats: 1 });
    const row = await ask('text', { text: 'x' });
    const text = await got(terminal, 0x8300, 1);
    expect(await state(row, 'failed')).toMatchObject({ reason: 'no_answer', attempt: 2 });
    reply(terminal, text);
    expect(await state(row, 'answered')).toMatchObject({ reason: null, answers: [{ result: 0 }] });
    expect((await events(row)).slice(-2)).toEqual(['failed', 'answered_late']);
  });

  it('that must not be done twice is not sent twice', async () => {
    const terminal = await start({ commandAnswerMs: 20 });
    const row = await ask('control_terminal', { action: 'reset' });
    await got(terminal, 0x8105);
    expect(await state(row, 'failed')).toMatchObject({ reason: 'no_answer', attempt: 1 });
    const again = await ask('control_terminal', { action: 'reset' });
    await got(terminal, 0x8105, 1);
    terminal.end();
    expect(await state(again, 'failed')).toMatchObject({ reason: 'connection_lost' });
    const back = await fixture.terminal(PHONE);
    await back.login();
    const marker = await ask('link_check');
    expect(await state(marker, 'failed')).toMatchObject({ reason: 'edition' });
    expect(back.received.some((f) => f.msgId === 0x8105)).toBe(false);
  });

  it('is not answered by garbage, nor by answers to other things', async () => {
    const terminal = await start();
    const row = await ask('read_attributes');
    const { serial } = await got(terminal, 0x8107);
    terminal.send(0x0107, [...word(serial), 1, 2, 3]);
    terminal.send(0x0001, [...word(serial), 0x81]);
    terminal.send(0x0001, [...word(serial), ...word(0x8300), 0]);
    terminal.send(0x0001, [...word(serial + 9), ...word(0x8107), 1]);
    terminal.send(0x0805, [...word(serial), 0, 0, 0]);
    await expect.poll(() => fixture.metric('events_total', 'reply_unmatched')).toBe(3);
    expect(await state(row, 'sent')).toMatchObject({ state: 'sent' });
    expect(fixture.memory.quarantine.map(({ reason }) => reason).sort()).toEqual([
      'body',
      'body',
      'reply_unmatched',
    ]);
    reply(terminal, { serial, msgId: 0x8107 }, 3);
    expect(await state(row, 'failed')).toMatchObject({ reason: 'terminal_unsupported' });
  });

  it('for a standing bus is not sent to one that moves, or of which that is not known', async () => {
    const terminal = await start();
    const unlock = () => ask('control_doors', { action: 'unlock' });
    expect(await state(await unlock(), 'failed')).toMatchObject({ reason: 'position_unknown' });
    await terminal.report({ time: now(), speedKmh: 25 });
    expect(await state(await unlock(), 'failed')).toMatchObject({ reason: 'moving' });
    const cut = await ask('cut_supply', { action: 'cut', confirm: 'SU-D0001' });
    expect(await state(cut, 'failed')).toMatchObject({ reason: 'moving' });
    await terminal.report({ time: now() + 1_000, speedKmh: 0 });
    const sent = await ask('cut_supply', { action: 'cut', confirm: 'SU-D0001' });
    const control = await got(terminal, 0x8105);
    expect([...control.body]).toEqual([0xf0]);
    reply(terminal, control);
    await state(sent, 'answered');
    expect(terminal.received.some((f) => f.msgId === 0x8500)).toBe(false);
  });
});

describe('a message of several packets', () => {
  /** 200 points of 22 bytes, 24 since 2019: five packets. */
  const route = {
    circles: [],
    rectangles: [],
    polygons: [],
    routes: [
      {
        id: 1,
        name: 'way',
        points: Array.from({ length: 200 }, (_, i) => ({
          lat: 31 + i / 1_000,
          lon: 119,
          widthM: 100,
          maxSpeedKmh: 60,
        })),
      },
    ],
  };
  const DELETES = [0x8601, 0x8603, 0x8605, 0x8607];

  async function toTheRoute(terminal: TestTerminal): Promise<{ row: { id: string }; serials: number[] }> {
    const row = await ask('set_areas', route);
    for (const msgId of DELETES) reply(terminal, await got(terminal, msgId));
    const serials: number[] = [];
    await terminal.answer(() => terminal.received.filter((f) => f.msgId === 0x8606).length >= 5);
    for (const { serial } of terminal.received.filter((f) => f.msgId === 0x8606)) serials.push(serial);
    return { row, serials };
  }

  it('is answered by its last serial, by each, or by its first', async () => {
    const terminal = await start({ commandAnswerMs: 300 });
    const last = await toTheRoute(terminal);
    expect(last.serials.map((serial) => serial - (last.serials[0] ?? 0))).toEqual([0, 1, 2, 3, 4]);
    reply(terminal, { serial: last.serials.at(-1) ?? 0, msgId: 0x8606 });
    expect(await state(last.row, 'answered')).toMatchObject({ step: 5, steps: 5 });
    await fixture.close();

    const careful = await start({ commandAnswerMs: 300 });
    const each = await toTheRoute(careful);
    for (const serial of each.serials) reply(careful, { serial, msgId: 0x8606 });
    await state(each.row, 'answered');
    await fixture.close();

    const terse = await start({ commandAnswerMs: 100 });
    const first = await toTheRoute(terse);
    reply(terse, { serial: first.serials[0] ?? 0, msgId: 0x8606 });
    await state(first.row, 'answered');
    expect(terse.received.filter((f) => f.msgId === 0x8606)).toHaveLength(5);
  });

  it('gets the packets again that were lost, and no others', async () => {
    const terminal = await start({}, '2019');
    const { row, serials } = await toTheRoute(terminal);
    const sent = terminal.received.filter((f) => f.msgId === 0x8606);
    terminal.send(0x0005, [...word(serials[0] ?? 0), 0, 2, 0, 2, 0, 5]);
    await terminal.answer(() => terminal.received.filter((f) => f.msgId === 0x8606).length >= 7);
    const again = terminal.received.filter((f) => f.msgId === 0x8606).slice(5);
    expect(again).toEqual([sent[1], sent[4]]);
    reply(terminal, { serial: serials.at(-1) ?? 0, msgId: 0x8606 });
    await state(row, 'answered');
    terminal.send(0x0005, [...word(serials[0] ?? 0), 0, 1, 0, 2]);
    await expect.poll(() => fixture.metric('events_total', 'packets_unknown')).toBe(1);
  });

  it('may be answered by one of several packets too, each of which is acknowledged', async () => {
    const terminal = await start();
    const row = await ask('read_parameters');
    const { serial } = await got(terminal, 0x8104);
    const body = [...word(serial), 2, 0, 0, 0, 0x55, 4, 0, 0, 0, 60, 0, 0, 0, 0x83, 3, 0x41, 0x42, 0x43];
    const parts = [body.slice(0, 9), body.slice(9)];
    for (const [i, part] of parts.entries())
      terminal.socket.write(frame(terminal.edition, 0x0104, 700 + i, part, { total: 2, number: i + 1 }));
    const { answers } = await state(row, 'answered');
    expect(answers).toMatchObject([
      {
        body: {
          params: [
            { id: '0x0055', value: 60 },
            { id: '0x0083', value: 'ABC' },
          ],
        },
      },
    ]);
    expect(await terminal.ackOf(700)).toBe(0);
    expect(await terminal.ackOf(701)).toBe(0);
  });
});

describe('the queue', () => {
  it('is delivered in order when the terminal comes, whatever waited', async () => {
    fixture = await ingestFixture();
    const rows = [];
    for (const text of ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'])
      rows.push(await ask('text', { text }));
    const terminal = await fixture.terminal(PHONE);
    await terminal.login();
    for (const [i] of rows.entries()) {
      const text = await got(terminal, 0x8300, i);
      // The next waits for the answer to this one.
      expect(terminal.received.filter((f) => f.msgId === 0x8300)).toHaveLength(i + 1);
      reply(terminal, text);
    }
    for (const row of rows) await state(row, 'answered');
    const texts = terminal.received
      .filter((f) => f.msgId === 0x8300)
      .map((f) => f.body.subarray(1).toString());
    expect(texts).toEqual(rows.map(({ request }) => (request as { text: string }).text));
  });

  it('does not stand still behind a command that is not answered', async () => {
    const terminal = await start({ commandAnswerMs: 40 });
    const silent = await ask('track', { intervalS: 5, durationS: 60 });
    const text = await ask('text', { text: 'x' });
    reply(terminal, await got(terminal, 0x8300));
    await state(text, 'answered');
    expect(await state(silent, 'sent', 'failed')).toBeTruthy();
  });

  it('keeps what the connection lost, for the next one', async () => {
    const terminal = await start();
    const row = await ask('text', { text: 'x' });
    await got(terminal, 0x8300);
    terminal.end();
    await state(row, 'queued');
    const back = await fixture.terminal(PHONE);
    await back.login();
    reply(back, await got(back, 0x8300));
    expect(await state(row, 'answered')).toMatchObject({ attempt: 2 });
    expect(await events(row)).toEqual(['queued', 'sent', 'connection_lost', 'sent', 'answered']);
  });

  it('drops what expired, and what was cancelled', async () => {
    fixture = await ingestFixture({ limits: { commandSweepMs: 20 } });
    const brief = await ask('text', { text: 'too late' }, 1);
    const taken = await ask('text', { text: 'taken back' });
    const kept = await ask('text', { text: 'kept' });
    await fixture.memory.commands.cancelled(taken.id, Date.now(), {});
    // Nobody needs to come for it to expire.
    await state(brief, 'expired');
    const terminal = await fixture.terminal(PHONE);
    await terminal.login();
    const text = await got(terminal, 0x8300);
    expect(text.body.subarray(1).toString()).toBe('kept');
    reply(terminal, text);
    await state(kept, 'answered');
    expect(terminal.received.filter((f) => f.msgId === 0x8300)).toHaveLength(1);
    expect(await state(taken, 'cancelled')).toBeTruthy();
  });

  it('is found by the sweep where nobody was told', async () => {
    const terminal = await start({ commandSweepMs: 20 });
    const row = await queue(fixture.memory.commands, null, PHONE, 'text', { text: 'x' });
    reply(terminal, await got(terminal, 0x8300));
    await state(row, 'answered');
  });

  it('outlives a database that is away', async () => {
    const terminal = await start();
    const row = await ask('text', { text: 'x' });
    const text = await got(terminal, 0x8300);
    fixture.memory.down = true;
    reply(terminal, text);
    await terminal.ackOf(terminal.send(0x0002));
    fixture.memory.down = false;
    await state(row, 'answered');
  });

  it('is not kept from the terminal by what this version does not know', async () => {
    fixture = await ingestFixture();
    const odd = await ask('sing', {});
    const row = await ask('text', { text: 'x' });
    const terminal = await fixture.terminal(PHONE);
    await terminal.login();
    expect(await state(odd, 'failed')).toMatchObject({ reason: 'unknown' });
    reply(terminal, await got(terminal, 0x8300));
    await state(row, 'answered');
  });

  it('of a question is over when the driver has answered, long after the terminal has', async () => {
    const terminal = await start({ commandAnswerMs: 20 });
    const row = await ask('question', { question: 'ok?', answers: ['yes', 'no'] });
    const question = await got(terminal, 0x8302);
    reply(terminal, question);
    terminal.send(0x0302, [...word(question.serial), 2]);
    expect(await state(row, 'answered')).toMatchObject({ answers: [{ body: { answerId: 2 } }] });
  });
});
