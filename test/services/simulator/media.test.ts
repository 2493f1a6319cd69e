import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Vehicle } from '../../../geo/plan/plan.ts';
import type { Message, Version } from '../../../protocol/jt808/message.ts';
import { startAttachments } from '../../../services/attachments/start-attachments.ts';
import type { Fix } from '../../../services/simulator/fix.ts';
import type { FixSource } from '../../../services/simulator/fix-source.ts';
import { FleetCounts } from '../../../services/simulator/fleet-counts.ts';
import { cameraPicture } from '../../../services/simulator/picture/camera-picture.ts';
import { FORWARD_COLLISION } from '../../../services/simulator/safety-alarm.ts';
import { Terminal } from '../../../services/simulator/terminal.ts';
import { answerCommand } from '../../../services/simulator/terminal-commands.ts';
import { identityOf } from '../../../services/simulator/terminal-identity.ts';
import { DEFAULT_SETTINGS } from '../../../services/simulator/terminal-settings.ts';
import { WakeHeap } from '../../../services/simulator/wake-heap.ts';
import { type IngestFixture, ingestFixture } from '../../support/ingest-fixture.ts';
import { type MediaFixture, mediaFixture } from '../../support/media-fixture.ts';
import { ANY_FIX } from './any-fix.ts';

const KEY = new Uint8Array(32).fill(3);

/** One fix, with an alarm of driving assistance where the test wants one. */
class OneFix implements FixSource {
  readonly waitsForLine = false;
  intervalS = 10;
  adasType: number | null = null;
  due = false;
  nextDue = (): number | null => (this.due ? 0 : null);
  take = (): Fix => {
    this.due = false;
    return this.peek();
  };
  peek = (): Fix => ({
    time: Math.floor(Date.now() / 1000) * 1000,
    ...ANY_FIX,
    alarmFlags: 0,
    mileageKm: 100,
    ...(this.adasType === null ? {} : { adasType: this.adasType }),
  });
  lineUp(): void {}
  setInterval(): void {}
  track(): void {}
}

const VEHICLE: Vehicle = {
  id: 'B01',
  plate: '苏DZ001学',
  plateColour: 'yellow',
  terminalPhone: '10000000001',
  terminalVersion: '2013',
  seats: null,
  schoolBusType: 'dedicated',
  operatorId: null,
  district: null,
  inspectedUntil: null,
  insuredUntil: null,
  retiredOn: null,
};

let media: MediaFixture;
let ingest: IngestFixture;
let attachments: Awaited<ReturnType<typeof startAttachments>>;
let heap: WakeHeap;
let counts: FleetCounts;
let source: OneFix;
let terminal: Terminal | null;

beforeEach(async () => {
  media = await mediaFixture();
  const orders = { key: KEY, address: undefined, port: 0 };
  ingest = await ingestFixture({ plan: null, media: media.keeper, attachments: orders });
  attachments = await startAttachments({
    port: 0,
    host: '127.0.0.1',
    keeper: media.keeper,
    terminals: ingest.memory.terminals,
    plan: { plan: null },
    key: KEY,
    log: pino({ level: 'silent' }),
  });
  orders.port = attachments.port;
  heap = new WakeHeap();
  counts = new FleetCounts();
  source = new OneFix();
  terminal = null;
});
afterEach(async () => {
  terminal?.stop();
  heap.close();
  await ingest.close();
  await attachments.close();
  await media.close();
});

/** A terminal that is let in. */
async function online(version: Version): Promise<Terminal> {
  const identity = identityOf({ ...VEHICLE, terminalVersion: version });
  const made = new Terminal(
    {
      identity,
      host: '127.0.0.1',
      port: ingest.port,
      source,
      settings: DEFAULT_SETTINGS,
      heap,
      counts,
      random: () => 0.5,
      silences: [],
      onReply: () => undefined,
    },
    heap.now(),
  );
  terminal = made;
  await until(() => counts.online === 1);
  return made;
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 5));
}
const stored = () =>
  [...media.media.rows.values()]
    .filter(({ file }) => file !== null)
    .sort((a, b) => (a.terminalMediaId ?? 0) - (b.terminalMediaId ?? 0));

describe('a simulated terminal', () => {
  it.each(['2011', '2013', '2019'] as const)('of %s sends the photos it is told to take', async (version) => {
    const bus = await online(version);
    const body = { channelId: 2, command: 2, intervalS: 0, save: 0 };
    answerCommand(bus, { msgId: 0x8801, serial: 9, body } as unknown as Message, heap.now());
    await until(() => stored().length === 2);
    expect(stored()).toMatchObject([
      { vehicle: '苏DZ001学', kind: 'photo', channel: 2, event: 0, terminalMediaId: 1 },
      { terminalMediaId: 2, file: { contentType: 'image/jpeg' } },
    ]);
    expect(stored()[0]?.lat).toBe(version === '2011' ? null : 31.79);
    for (const bytes of media.stored().values()) expect(bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  });

  it('uploads the files of an alarm of its driving assistance', async () => {
    await online('2013');
    source.adasType = FORWARD_COLLISION;
    source.due = true;
    terminal?.wake(heap.now());
    await until(() => counts.attachments === 2);
    expect(stored()).toMatchObject([
      { vehicle: '苏DZ001学', kind: 'photo', channel: 64, message: '0x1212' },
      { kind: 'audio', file: { contentType: 'audio/wav' } },
    ]);
    expect(ingest.memory.positions('苏DZ001学')).toHaveLength(1);
  });

  it('stores a photo that it is told only to store', async () => {
    const bus = await online('2013');
    const body = { channelId: 1, command: 1, intervalS: 0, save: 1 };
    answerCommand(bus, { msgId: 0x8801, serial: 9, body } as unknown as Message, heap.now());
    source.due = true;
    bus.wake(heap.now());
    await until(() => counts.acknowledged === 1);
    expect(media.media.rows.size).toBe(0);
  });
});

it('pictures are the same for the same seed, and others for another', () => {
  expect(cameraPicture('road', 1).equals(cameraPicture('road', 1))).toBe(true);
  expect(cameraPicture('road', 1).equals(cameraPicture('road', 2))).toBe(false);
});
