import { expect, it } from 'vitest';
import type { MediaDraft, MediaFile } from '../../../services/store/media-store.ts';
import { describeStores } from './backends.ts';
import { batch, finding, findingWrite, position, report, T, vehicleWrite } from './values.ts';

const draft = (id: string, more: Partial<MediaDraft> = {}): MediaDraft => ({
  id,
  vehicle: 'A',
  phone: '13900000001',
  kind: 'photo',
  message: '0x0801',
  channel: 2,
  event: 0,
  terminalMediaId: 4_294_967_295,
  name: null,
  alarmNumber: null,
  time: T,
  receivedAt: T + 5_000,
  lat: 31.75,
  lon: 119.97,
  ...more,
});
const file: MediaFile = {
  contentType: 'image/jpeg',
  bytes: 5_000_000_000,
  sha256: 'ab'.repeat(32),
  key: 'a/b.jpg',
};
const DAY_MS = 86_400_000;

describeStores('media', (opened) => {
  const claimed = async (vehicle = 'A') => {
    const { vehicleKey, epoch } = await opened.store.ingest.claim(vehicle);
    const vehicles = [vehicleWrite(vehicle, vehicleKey, epoch)];
    return { vehicleKey, vehicles };
  };
  const ids = async (query: Partial<Parameters<typeof opened.store.media.list>[0]>) =>
    (await opened.store.media.list({ limit: 100, ...query })).map(({ id }) => id);
  const stored = async (of: MediaDraft) => {
    await opened.store.media.begin(of, { ...file, key: `k/${of.id}.jpg` });
    return (await opened.store.media.finish(of.id, []))!;
  };

  it('are seen once their file is durable, exactly as they came', async () => {
    const { media } = opened.store;
    const of = draft('a', { name: '../名\0x.jpg', alarmNumber: 'n' });
    expect(await media.begin(of, file)).toBe('a/b.jpg');
    expect(await media.get('a')).toBeNull();
    expect(await ids({})).toEqual([]);
    // A process died, and another does it again on another day: the key holds.
    expect(await media.begin(of, { ...file, key: 'other/day.jpg' })).toBe('a/b.jpg');
    const done = await media.finish('a', []);
    expect(done).toEqual({ ...of, name: '../名\uFFFDx.jpg', file, findingId: null, legalHold: false });
    expect(await media.get('a')).toEqual(done);
    expect(await media.begin(of, file)).toBeNull();
    expect(await media.finish('a', [])).toEqual(done);
  });

  it('belong to the gravest alert that lasts at their time, or to that of the rules asked for', async () => {
    const { vehicleKey, vehicles } = await claimed();
    const write = (id: string, more: Parameters<typeof finding>[1]) =>
      findingWrite(vehicleKey, finding('A', { id, ...more }));
    const findings = [
      write('minor', { rule: 'off_schedule', severity: 'P3', start: T - 50_000 }),
      write('grave', { rule: 'sos', severity: 'P1', start: T - 40_000, end: T - 30_000 }),
      write('adas', { rule: 'adas', severity: 'P2', start: T, end: T }),
      write('past', { rule: 'collision', severity: 'P1', start: T - 900_000, end: T - 800_000 }),
    ];
    await opened.store.ingest.commit(batch({ vehicles, findings }));
    const { media } = opened.store;
    await media.begin(draft('a'), file);
    expect((await media.finish('a', []))?.findingId).toBe('grave');
    await media.begin(draft('b'), file);
    expect((await media.finish('b', ['adas', 'dsm']))?.findingId).toBe('adas');
    await media.begin(draft('c', { vehicle: 'B' }), file);
    expect((await media.finish('c', []))?.findingId).toBeNull();
    expect(await ids({ finding: 'adas' })).toEqual(['b']);
    expect(await ids({ finding: 'nothing' })).toEqual([]);
  });

  it('are found by an alert that was raised after them, and by one whose start has moved', async () => {
    await stored(draft('a'));
    await stored(draft('b', { vehicle: 'B' }));
    await stored(draft('c', { time: T + 7_200_000 }));
    const { vehicleKey, vehicles } = await claimed();
    const later = findingWrite(vehicleKey, finding('A', { id: 'x', start: T + 10_000, end: null }));
    await opened.store.ingest.commit(batch({ vehicles, findings: [later] }));
    expect(await ids({ finding: 'x' })).toEqual(['a']);
    await opened.store.media.begin(draft('d'), file);
    expect((await opened.store.media.finish('d', []))?.findingId).toBe('x');
    const moved = { ...findingWrite(vehicleKey, finding('A', { id: 'y', start: T })), replaces: 'x' };
    await opened.store.ingest.commit(batch({ vehicles, findings: [moved] }));
    expect((await opened.store.media.get('d'))?.findingId).toBe('y');
    expect(await ids({ finding: 'x' })).toEqual(['a', 'd']);
    expect(await ids({ finding: 'y' })).toEqual(['a', 'd']);
  });

  it('are placed where the vehicle was, where they do not say', async () => {
    const { vehicleKey, vehicles } = await claimed();
    const positions = [-90_000, -20_000, 30_000].map((after, i) =>
      position(vehicleKey, report('A', { time: T + after, lat: 31 + i, lon: 120 })),
    );
    await opened.store.ingest.commit(batch({ vehicles, positions }));
    expect(await stored(draft('a', { lat: null, lon: null }))).toMatchObject({ lat: 32, lon: 120 });
    const elsewhere = draft('b', { lat: null, lon: null, time: T + 200_000 });
    expect(await stored(elsewhere)).toMatchObject({ lat: null, lon: null });
  });

  it('are listed newest first, by vehicle and time, page by page', async () => {
    for (const [i, id] of ['a', 'b', 'c', 'd'].entries())
      await stored(draft(id, { time: T + (i % 2) * 1_000, vehicle: i < 3 ? 'A' : 'B' }));
    expect(await ids({})).toEqual(['b', 'd', 'a', 'c']);
    expect(await ids({ vehicles: ['B'] })).toEqual(['d']);
    expect(await ids({ from: T + 1 })).toEqual(['b', 'd']);
    expect(await ids({ to: T })).toEqual(['a', 'c']);
    expect(await ids({ before: { time: T + 1_000, id: 'b' } })).toEqual(['d', 'a', 'c']);
    expect(await ids({ before: { time: T, id: 'a' }, limit: 1 })).toEqual(['c']);
  });

  it('are announced, and are no more when they come', async () => {
    const { media } = opened.store;
    const announced = draft('a', { message: '0x0800', lat: null, lon: null });
    await media.announce(announced);
    await media.announce(announced);
    expect(await media.get('a')).toEqual({ ...announced, file: null, findingId: null, legalHold: false });
    await stored(draft('b'));
    expect(await ids({})).toEqual(['b']);
  });

  it('go when their time is over, unless they are held', async () => {
    const { media } = opened.store;
    for (const id of ['a', 'b', 'c'])
      await stored(draft(id, { receivedAt: T - (id === 'c' ? 0 : 10 * DAY_MS) }));
    await media.begin(draft('unfinished', { receivedAt: T - 2 * DAY_MS }), file);
    expect((await media.hold('b', true))?.legalHold).toBe(true);
    expect(await media.hold('none', true)).toBeNull();
    const expired = await media.expired(T - 5 * DAY_MS, T - DAY_MS, 10);
    expect(expired).toEqual([
      { id: 'a', key: 'k/a.jpg' },
      { id: 'unfinished', key: 'a/b.jpg' },
    ]);
    await media.remove('a');
    expect(await ids({})).toEqual(['b', 'c']);
  });
});
