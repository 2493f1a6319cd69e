import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { CommandRow } from '../../../services/store/command-store.ts';
import { describeStores } from './backends.ts';
import { T } from './values.ts';

const PHONE = '13900000001';

describeStores('commands', (opened) => {
  const commands = () => opened.store.commands;
  const queue = async (
    request: object = { text: '慢' },
    more: { phone?: string; expiresAt?: number } = {},
  ) => {
    const row = await commands().queue({
      id: randomUUID(),
      phone: PHONE,
      vehicle: 'V1',
      type: 'text',
      request,
      userId: 'u1',
      userName: '调度员',
      queuedAt: T,
      expiresAt: T + 60_000,
      remote: '10.0.0.1',
      ...more,
    });
    return row as CommandRow;
  };
  const fence = async () => {
    const { vehicleKey, epoch } = await opened.store.ingest.claim('V1');
    return { vehicleKey, epoch };
  };
  const names = async ({ id }: CommandRow) => (await commands().events(id)).map(({ event }) => event);

  it('are queued, listed and found as they were asked for', async () => {
    const [one, two] = [await queue({ text: 'one' }), await queue({ text: 'two\u0000' })];
    await queue({}, { phone: '13900000002' });
    expect(one).toMatchObject({
      phone: PHONE,
      request: { text: 'one' },
      state: 'queued',
      userName: '调度员',
      queuedAt: T,
      expiresAt: T + 60_000,
      sentAt: null,
      attempt: 0,
      answers: [],
    });
    expect((await commands().pending(PHONE, 10)).map(({ id }) => id)).toEqual([one.id, two.id]);
    const page = await commands().list({ phone: PHONE, limit: 1 });
    expect(page.map(({ id }) => id)).toEqual([two.id]);
    const next = await commands().list({ phone: PHONE, limit: 5, before: two.seq });
    expect(next).toEqual([one]);
    expect(await commands().list({ phone: PHONE, type: 'locate', limit: 5 })).toEqual([]);
    expect(await commands().waiting(10)).toEqual(['13900000002', PHONE]);
    expect(await commands().events(one.id)).toEqual([
      { at: T, event: 'queued', detail: { user: '调度员', remote: '10.0.0.1' } },
    ]);
  });

  it('go from sending to answer, message by message', async () => {
    const row = await queue();
    const own = await fence();
    const sent = (await commands().begin(row, own, 2, T + 1, { serial: 5 })) as CommandRow;
    expect(sent).toMatchObject({ state: 'sent', attempt: 1, sentAt: T + 1, steps: 2 });
    const half = (await commands().answered(sent, { msgId: '0x0001' }, T + 2, {})) as CommandRow;
    expect(half).toMatchObject({ state: 'sent', step: 1, endedAt: null });
    const again = (await commands().begin(half, own, 2, T + 3, {})) as CommandRow;
    const done = await commands().answered(again, { msgId: '0x0104', body: { a: '值' } }, T + 4, {});
    expect(done).toMatchObject({
      state: 'answered',
      step: 2,
      endedAt: T + 4,
      sentAt: T + 1,
      answers: [{ msgId: '0x0001' }, { msgId: '0x0104', body: { a: '值' } }],
    });
    expect(await names(row)).toEqual(['queued', 'sent', 'answered', 'sent', 'answered']);
    expect(await commands().pending(PHONE, 10)).toEqual([]);
  });

  it('are nobody else to send: of two that try one succeeds, and none under an older epoch', async () => {
    const row = await queue();
    const old = await fence();
    const own = await fence();
    expect(await commands().begin(row, old, 1, T, {})).toBeNull();
    const both = await Promise.all([
      commands().begin(row, own, 1, T, {}),
      commands().begin(row, own, 1, T, {}),
    ]);
    const sent = both.find((one) => one !== null) as CommandRow;
    expect(both.filter((one) => one !== null)).toHaveLength(1);
    const newer = (await commands().begin(sent, own, 1, T, {})) as CommandRow;
    // Who sent it before may say no more about it.
    expect(await commands().answered(sent, {}, T, {})).toBeNull();
    expect(await commands().failed(sent, 'no_answer', T, {})).toBeNull();
    expect(await commands().released(sent, T, {})).toBeNull();
    expect(await commands().released(newer, T, {})).toMatchObject({ state: 'queued', attempt: 2 });
  });

  it('are cancelled in the queue alone', async () => {
    const row = await queue();
    expect(await commands().cancelled(row.id, T, { user: 'x' })).toMatchObject({
      state: 'cancelled',
      endedAt: T,
    });
    expect(await commands().cancelled(row.id, T, {})).toBeNull();
    const sent = await queue();
    await commands().begin(sent, await fence(), 1, T, {});
    expect(await commands().cancelled(sent.id, T, {})).toBeNull();
    expect(await commands().cancelled('none', T, {})).toBeNull();
  });

  it('expire in the queue at once, and with a holder when that has had its time', async () => {
    const waits = await queue();
    const sent = await queue();
    await commands().begin(sent, await fence(), 1, T, {});
    expect(await commands().expire(T + 59_999, 1_000)).toEqual([]);
    expect((await commands().expire(T + 60_000, 1_000)).map(({ id }) => id)).toEqual([waits.id]);
    expect((await commands().expire(T + 61_000, 1_000)).map(({ id }) => id)).toEqual([sent.id]);
    expect(await commands().get(sent.id)).toMatchObject({ state: 'expired', endedAt: T + 61_000 });
    expect(await names(waits)).toEqual(['queued', 'expired']);
  });

  it('take a late answer where none was the reason to give up', async () => {
    const own = await fence();
    const row = (await commands().begin(await queue(), own, 1, T, {})) as CommandRow;
    await commands().failed(row, 'no_answer', T + 1, {});
    expect(await commands().answeredLate(row, { msgId: '0x0001' }, T + 2)).toMatchObject({
      state: 'answered',
      reason: null,
    });
    const refused = (await commands().begin(await queue(), own, 1, T, {})) as CommandRow;
    await commands().failed(refused, 'terminal_failed', T + 1, {});
    expect(await commands().answeredLate(refused, {}, T + 2)).toBeNull();
  });

  it('wait for one terminal up to a number', async () => {
    for (let i = 0; i < 100; i += 1) expect(await queue()).not.toBeNull();
    expect(await queue()).toBeNull();
    expect(await queue({}, { phone: '13900000002' })).not.toBeNull();
  });

  it('keep what happened for good', async () => {
    const row = await queue();
    await commands().note(row.id, T, 'late_answer', { result: 1 });
    const { database } = opened;
    await expect(database.run('update terminal_command_event set event = $1', ['x'])).rejects.toThrow(
      'append-only',
    );
    await expect(database.run('delete from terminal_command_event')).rejects.toThrow('append-only');
    expect(await names(row)).toEqual(['queued', 'late_answer']);
  });
});
