import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainLine, frameLines } from '../../../protocol/jt808/explain-line.ts';
import type { FrameView } from '../../../services/api/contract.ts';
import { PEOPLE, type Who } from './small-plan.ts';
import { type Fixture, startFixture } from './web-fixture.ts';

/** A location report with two alarms' worth of flags and five items, its checksum right. */
const REPORT =
  '7e0200002f013912345678000200000002000c00030260f5d706f0159e002c0146007d0226030207301501040001e9f60302014011010030011f31010c667e';
const HEARTBEAT = '7e000200000139123456780003317e';

let web: Fixture;
const cookies = new Map<string, string>();

beforeAll(async () => {
  web = await startFixture();
  for (const who of ['admin', 'transport1', 'police1', 'school1', 'guardian1', 'escort1'] as const)
    cookies.set(who, await web.signIn(who));
});
afterAll(() => web.close());

const ask = (who: Who | null, body: unknown) =>
  web.ask('/api/v1/explain', {
    method: 'POST',
    body: JSON.stringify(body),
    cookie: who === null ? undefined : cookies.get(who),
  });
const explain = async (frames: string, version?: string): Promise<FrameView[]> => {
  const answer = await ask('admin', { frames, ...(version && { version }) });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { items: FrameView[] }).items;
};

describe('taking frames apart', () => {
  it('is for those who look after terminals', async () => {
    for (const who of Object.keys(PEOPLE).filter((name) => cookies.has(name)) as Who[]) {
      const may = who === 'admin' || who === 'transport1';
      expect((await ask(who, { frames: REPORT })).status, who).toBe(may ? 200 : 403);
      const { can } = (await (await web.ask('/api/v1/session', { cookie: cookies.get(who) })).json()) as {
        can: { explain: boolean };
      };
      expect(can.explain, who).toBe(may);
    }
    expect((await ask(null, { frames: REPORT })).status).toBe(401);
  });

  it('gives what the verb gives: each field with its bytes, value, unit and table', async () => {
    const [frame] = await explain(REPORT);
    const { bytes, fault: _, ...own } = explainLine(REPORT);
    expect(frame).toEqual({
      ...JSON.parse(JSON.stringify(own)),
      bytes: Buffer.from(bytes).toString('hex'),
      fault: null,
    });
    const field = (path: string) => frame?.fields.find((each) => each.path === path);
    expect(field('alarmFlags')).toMatchObject({ offset: 12, hex: '00000002', meaning: 'overspeed' });
    expect(field('speedKmh')).toMatchObject({ value: 32.6, unit: 'km/h', source: 'JT/T 808-2013 table 23' });
    for (const { offset, hex } of frame?.fields ?? [])
      expect(frame?.bytes.slice(offset * 2, offset * 2 + hex.length)).toBe(hex);
  });

  it('tells in a word what is wrong with a frame, and goes on with the next', async () => {
    const wrongSum = REPORT.replace(/667e$/, '677e');
    const items = await explain([wrongSum, REPORT.slice(0, 40), 'no hex', HEARTBEAT].join('\n'));
    expect(items.map((item) => item.fault?.code ?? null)).toEqual(['checksum', 'framing', 'framing', null]);
    expect(items[0]?.fields.length).toBeGreaterThan(10);
  });

  it('takes many frames in a line, and a frame over many lines', () => {
    const wrapped = REPORT.match(/.{1,32}/g)?.join('\n') ?? '';
    expect(
      frameLines(`${wrapped}\n\n${HEARTBEAT}${HEARTBEAT.toUpperCase()}`).map((line) => line.toLowerCase()),
    ).toEqual([REPORT, HEARTBEAT, HEARTBEAT]);
    // Two that share a flag, and one whose end is missing before another begins.
    expect(frameLines(`${HEARTBEAT}${HEARTBEAT.slice(2)}`)).toEqual([HEARTBEAT, HEARTBEAT]);
    expect(frameLines(`${REPORT.slice(0, 32)}\n${HEARTBEAT}`)).toEqual([REPORT.slice(0, 32), HEARTBEAT]);
    expect(frameLines('0002 0000\n 0x0102')).toEqual(['00020000', '0102']);
  });

  it('has limits, and says so', async () => {
    for (const body of [
      {},
      { frames: '' },
      { frames: REPORT, version: '2019' },
      { frames: 'a'.repeat(32_001) },
    ])
      expect((await ask('admin', body)).status).toBe(400);
    const many = await ask('admin', { frames: Array(51).fill(HEARTBEAT).join('\n') });
    expect(many.status).toBe(400);
    expect(await many.text()).toContain('at most 50 frames');
    expect((await ask('admin', { frames: 'a'.repeat(70_000) })).status).toBe(413);
  });
});
