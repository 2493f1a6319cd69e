import { expect, it } from 'vitest';
import { describeStores } from './backends.ts';
import { batch, position, report, T, vehicleWrite } from './values.ts';

describeStores('taking a vehicle over', (opened) => {
  it('gives every taker an epoch of its own, however many come at once', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => opened.store.ingest.claim('A')));
    expect(new Set(claims.map((claim) => claim.vehicleKey)).size).toBe(1);
    expect(claims.map((claim) => claim.epoch).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });

  it('sees all that was committed before it, and shuts out all that comes after, in any interleaving', async () => {
    const { ingest } = opened.store;
    let owner = await ingest.claim('A');
    for (let round = 0; round < 15; round++) {
      const time = T + round * 1_000;
      const write = vehicleWrite('A', owner.vehicleKey, owner.epoch, { last: report('A', { time }) });
      const positions = [position(owner.vehicleKey, report('A', { time }))];
      const [committed, next] = await Promise.all([
        ingest.commit(batch({ vehicles: [write], positions })),
        ingest.claim('A'),
      ]);
      const stored = await ingest.reportsBetween(owner.vehicleKey, time, time);
      const seen = next.snapshot.last?.time === time;
      // Either the commit came first, and the new owner knows of it, or it was refused, and nothing of it is there.
      expect({ seen, stored: stored.length }).toEqual(
        committed.refused.size === 0 ? { seen: true, stored: 1 } : { seen: false, stored: 0 },
      );
      owner = next;
    }
  });

  it('does not let two batches that overlap the wrong way round fail', async () => {
    const { ingest } = opened.store;
    const vehicles = await Promise.all(['A', 'B', 'C', 'D'].map((vehicle) => ingest.claim(vehicle)));
    const writes = vehicles.map(({ vehicleKey, epoch }) => vehicleWrite('x', vehicleKey, epoch));
    for (let round = 0; round < 5; round++) {
      const both = [writes, [...writes].reverse()].map((order) => ingest.commit(batch({ vehicles: order })));
      for (const { refused } of await Promise.all(both)) expect(refused.size).toBe(0);
    }
  });
});
