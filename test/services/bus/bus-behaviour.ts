import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bus, BusNoAnswer } from '../../../services/bus/bus.ts';
import { alertSubject, commandSubject, liveSubject } from '../../../services/bus/subjects.ts';

export const silent = pino({ level: 'silent' });

/** Collects messages and lets a test await the nth. */
export function collector() {
  const got: { payload: unknown; subject: string }[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  return {
    got,
    handler: (payload: unknown, subject: string) => {
      got.push({ payload, subject });
      for (const { count, resolve } of waiting) if (got.length >= count) resolve();
    },
    atLeast: (count: number) =>
      got.length >= count
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.push({ count, resolve })),
  };
}

/** What any bus must do. `open` gives two handles on one bus, which may be the same. */
export function busBehaviour(open: () => Promise<{ here: Bus; there: Bus }>): void {
  let here: Bus;
  let there: Bus;
  /** Resolves once everything published and subscribed before has taken effect on both handles. */
  const settled = async () => {
    const stop = [here.serve('settle.here', async () => 1), there.serve('settle.there', async () => 1)];
    await untilAnswered(there, 'settle.here');
    await untilAnswered(here, 'settle.there');
    for (const end of stop) end();
  };

  beforeEach(async () => {
    ({ here, there } = await open());
  });
  afterEach(async () => {
    await here.close();
    await there.close();
  });

  it('carries JSON payloads to every matching subscriber, in order', async () => {
    const all = collector();
    const one = collector();
    there.subscribe('live.>', all.handler);
    there.subscribe('live.d1.*.bus7', one.handler);
    await settled();
    const payload = { vehicle: '苏D·1', nested: [1, null, { a: true }], text: '护航' };
    here.publish('live.d1.s1.bus7', payload);
    here.publish('live.d2.s1.bus8', 2);
    here.publish('live.d1.s2.bus7', [3]);
    await all.atLeast(3);
    await one.atLeast(2);
    expect(all.got.map((m) => m.payload)).toEqual([payload, 2, [3]]);
    expect(one.got.map((m) => m.subject)).toEqual(['live.d1.s1.bus7', 'live.d1.s2.bus7']);
  });

  it('takes * for exactly one token and > for one or more', async () => {
    const star = collector();
    const rest = collector();
    const exact = collector();
    there.subscribe('a.*', star.handler);
    there.subscribe('a.*.>', rest.handler);
    there.subscribe('a.b', exact.handler);
    const end = collector();
    there.subscribe('end', end.handler);
    await settled();
    for (const subject of ['a', 'a.b', 'a.c', 'a.b.c', 'a.b.c.d', 'b.b', 'ab.c']) {
      here.publish(subject, subject);
    }
    here.publish('end', null);
    await end.atLeast(1);
    expect(star.got.map((m) => m.payload)).toEqual(['a.b', 'a.c']);
    expect(rest.got.map((m) => m.payload)).toEqual(['a.b.c', 'a.b.c.d']);
    expect(exact.got.map((m) => m.payload)).toEqual(['a.b']);
  });

  it('carries whatever an id holds through the subject builders', async () => {
    const got = collector();
    for (const pattern of ['live.>', 'alert.>', 'command.>']) there.subscribe(pattern, got.handler);
    await settled();
    const subjects = [
      liveSubject('武进.1', '', 'a b>c*'),
      alertSubject('', 'terminal:013900000000'),
      commandSubject('0139'),
    ];
    for (const subject of subjects) here.publish(subject, subject);
    await got.atLeast(3);
    expect(got.got.map((m) => m.subject).sort()).toEqual([...subjects].sort());
  });

  it('refuses what is no subject or pattern', () => {
    for (const bad of ['', 'a..b', 'a.', '.a', 'a b', 'a.*', 'a.>']) {
      expect(() => here.publish(bad, 1), bad).toThrow(/not a bus subject/);
    }
    for (const bad of ['', 'a.>.b', 'a*', 'a..b', '>.a']) {
      expect(() => here.subscribe(bad, () => undefined), bad).toThrow(/not a bus pattern/);
    }
  });

  it('delivers nothing more after a subscription has ended', async () => {
    const ended = collector();
    const other = collector();
    const end = there.subscribe('x', ended.handler);
    there.subscribe('x', other.handler);
    await settled();
    here.publish('x', 1);
    await ended.atLeast(1);
    end();
    end();
    await settled();
    here.publish('x', 2);
    await other.atLeast(2);
    expect(ended.got.map((m) => m.payload)).toEqual([1]);
  });

  it('keeps the fault of one handler from every other', async () => {
    const got = collector();
    there.subscribe('x', () => {
      throw new Error('mine alone');
    });
    there.subscribe('x', got.handler);
    await settled();
    here.publish('x', 1);
    here.publish('x', 2);
    await got.atLeast(2);
    expect(got.got.map((m) => m.payload)).toEqual([1, 2]);
  });

  it('knows of a listener where there is one', async () => {
    there.subscribe('live.>', () => undefined);
    await settled();
    expect(here.hasListeners('live.d.s.v')).toBe(true);
  });

  it('answers a request with what its server returns', async () => {
    there.serve('command.1', async (payload) => ({ echo: payload }));
    await settled();
    expect(await here.request('command.1', { text: '停车' }, 2_000)).toEqual({ echo: { text: '停车' } });
    expect(await there.request('command.1', null, 2_000)).toEqual({ echo: null });
  });

  it('rejects at once where nobody serves, and after the time-out where the server is silent', async () => {
    there.serve('command.2', () => new Promise(() => undefined));
    await settled();
    await expect(here.request('command.none', 1, 60_000)).rejects.toMatchObject({
      name: 'BusNoAnswer',
      reason: 'nobody',
    });
    await expect(here.request('command.2', 1, 50)).rejects.toMatchObject({
      name: 'BusNoAnswer',
      reason: 'timeout',
    });
  });

  it('says so where the server fails, and goes on serving', async () => {
    let calls = 0;
    there.serve('command.3', async () => {
      if (++calls === 1) throw new Error('broken');
      return calls;
    });
    await settled();
    await expect(here.request('command.3', 1, 2_000)).rejects.toMatchObject({ reason: 'fault' });
    expect(await here.request('command.3', 1, 2_000)).toBe(2);
  });

  it('serves no more once ended', async () => {
    const end = there.serve('command.4', async () => 1);
    await settled();
    expect(await here.request('command.4', 1, 2_000)).toBe(1);
    end();
    await settled();
    await expect(here.request('command.4', 1, 2_000)).rejects.toBeInstanceOf(BusNoAnswer);
  });

  it('can be closed twice and is quiet afterwards', async () => {
    await here.close();
    await here.close();
    await expect(here.request('command.5', 1, 100)).rejects.toBeInstanceOf(BusNoAnswer);
    here.publish('x', 1);
  });
}

/** A server registered elsewhere takes a moment to be known here. */
async function untilAnswered(bus: Bus, subject: string): Promise<void> {
  for (;;) {
    try {
      await bus.request(subject, null, 2_000);
      return;
    } catch (error) {
      if (!(error instanceof BusNoAnswer)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
