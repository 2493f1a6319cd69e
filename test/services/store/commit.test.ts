import { expect, it } from 'vitest';
import { describeStores } from './backends.ts';
import {
  batch,
  contactState,
  finding,
  findingWrite,
  judgeState,
  position,
  report,
  T,
  vehicleWrite,
} from './values.ts';

describeStores('the batch writer', (opened) => {
  it('gives back what it was given', async () => {
    const { ingest, positions } = opened.store;
    const { vehicleKey, epoch, snapshot } = await ingest.claim('苏D12345');
    expect(epoch).toBe(1);
    expect(snapshot).toEqual({ judge: null, contact: null, progress: null, last: null, planVersion: '' });
    const write = vehicleWrite('苏D12345', vehicleKey, epoch);
    const row = position(vehicleKey, report('苏D12345'));
    const committed = await ingest.commit(batch({ vehicles: [write], positions: [row] }));
    expect(committed.refused.size).toBe(0);
    const again = await ingest.claim('苏D12345');
    expect(again.epoch).toBe(2);
    expect(again.snapshot).toEqual({
      judge: judgeState('苏D12345'),
      contact: contactState('苏D12345'),
      progress: null,
      last: report('苏D12345'),
      planVersion: 'p1',
    });
    expect(await ingest.reportsBetween(vehicleKey, T, T)).toEqual([row]);
    expect(await positions.track('苏D12345', T - 1, T + 1, 10)).toEqual([row.report]);
    expect(await positions.latest()).toEqual([{ vehicle: '苏D12345', last: row.report, progress: null }]);
  });

  it('keeps a vehicle’s state only where it is given one, and knows its newest report all the same', async () => {
    const { ingest, positions } = opened.store;
    const { vehicleKey, epoch } = await ingest.claim('A');
    const write = vehicleWrite('A', vehicleKey, epoch);
    await ingest.commit(batch({ vehicles: [write], positions: [position(vehicleKey, report('A'))] }));
    expect(await ingest.silentSince(T + 801)).toMatchObject([{ vehicleKey, heardSince: false }]);
    const later = report('A', { time: T + 9_000, receivedAt: T + 9_800 });
    const fenced = { vehicleKey, epoch, kept: null };
    await ingest.commit(batch({ vehicles: [fenced], positions: [position(vehicleKey, later)] }));
    expect(await positions.latest()).toEqual([{ vehicle: 'A', last: later, progress: null }]);
    expect(await opened.database.rows('select time from position_now')).toEqual([{ time: T + 9_000 }]);
    expect(await ingest.silentSince(T + 801)).toMatchObject([{ vehicleKey, heardSince: true }]);
    const { snapshot } = await ingest.claim('A');
    expect(snapshot).toEqual({ ...write.kept, last: later });
    const { refused } = await ingest.commit(
      batch({ vehicles: [fenced], positions: [position(vehicleKey, report('A', { time: T + 10_000 }))] }),
    );
    expect(refused).toEqual(new Set([vehicleKey]));
    expect(await ingest.reportsBetween(vehicleKey, T + 10_000, T + 10_000)).toEqual([]);
  });

  it('stores a report that is sent twice once', async () => {
    const { ingest } = opened.store;
    const { vehicleKey, epoch } = await ingest.claim('A');
    const rows = [
      position(vehicleKey, report('A')),
      position(vehicleKey, report('A', { receivedAt: T + 5_000, serial: 8 })),
      position(vehicleKey, report('A', { alarmFlags: 1, receivedAt: T + 801 })),
    ];
    await ingest.commit(batch({ vehicles: [vehicleWrite('A', vehicleKey, epoch)], positions: rows }));
    await ingest.commit(batch({ vehicles: [vehicleWrite('A', vehicleKey, epoch)], positions: rows }));
    const stored = await ingest.reportsBetween(vehicleKey, 0, T + 1);
    expect(stored).toEqual([rows[0], rows[2]].map((row) => expect.objectContaining(row)));
  });

  it('stores once even where it was wrong about what is stored', async () => {
    const { ingest } = opened.store;
    const { vehicleKey, epoch } = await ingest.claim('A');
    const row = position(vehicleKey, report('A'));
    // The state says nothing of a last report, so the claim cannot know that one is stored.
    const write = vehicleWrite('A', vehicleKey, epoch, { last: null });
    await ingest.commit(batch({ vehicles: [write], positions: [row] }));
    const second = await ingest.claim('A');
    const later = position(vehicleKey, report('A', { time: T + 1 }));
    await ingest.commit(batch({ vehicles: [{ ...write, epoch: second.epoch }], positions: [row, later] }));
    expect(await ingest.reportsBetween(vehicleKey, T, T + 1)).toEqual([row, later]);
  });

  it('refuses a vehicle whose epoch is too old, with all that is its own, and writes the others', async () => {
    const { ingest, findings } = opened.store;
    const old = await ingest.claim('A');
    await ingest.claim('A');
    const other = await ingest.claim('B');
    const { refused } = await ingest.commit(
      batch({
        vehicles: [
          vehicleWrite('A', old.vehicleKey, old.epoch),
          vehicleWrite('B', other.vehicleKey, other.epoch),
        ],
        positions: [position(old.vehicleKey, report('A')), position(other.vehicleKey, report('B'))],
        findings: [findingWrite(old.vehicleKey, finding('A')), findingWrite(other.vehicleKey, finding('B'))],
        checkpoints: [{ vehicleKey: old.vehicleKey, time: T, judge: judgeState('A') }],
        outbox: [
          { topic: 'finding', key: 'a', payload: {}, vehicleKey: old.vehicleKey },
          { topic: 'finding', key: 'b', payload: {}, vehicleKey: other.vehicleKey },
        ],
      }),
    );
    expect(refused).toEqual(new Set([old.vehicleKey]));
    expect(await ingest.reportsBetween(old.vehicleKey, T, T)).toEqual([]);
    expect(await ingest.checkpointBefore(old.vehicleKey, T + 1)).toBeNull();
    expect((await findings.list({ limit: 10 })).map((f) => f.finding.vehicle)).toEqual(['B']);
    expect(await opened.database.rows('select key from outbox')).toEqual([{ key: 'b' }]);
    expect((await ingest.claim('A')).snapshot.last).toBeNull();
  });
});
