import { expect, it } from 'vitest';
import { applyRetention } from '../../../services/store/retention.ts';
import { describeStores, quiet } from './backends.ts';
import { batch, judgeState, position, report, T, vehicleWrite } from './values.ts';

const DAY_MS = 86_400_000;

describeStores(
  'retention',
  (opened) => {
    it('drops whole days that are past it, and nothing else', async () => {
      const { ingest, positions } = opened.store;
      const { vehicleKey, epoch } = await ingest.claim('A');
      const days = [0, 1, 89, 90, 91, 200].map((age) => T - age * DAY_MS);
      await ingest.commit(
        batch({
          vehicles: [vehicleWrite('A', vehicleKey, epoch)],
          positions: days.map((time) => position(vehicleKey, report('A', { time }))),
          checkpoints: days.map((time) => ({ vehicleKey, time, judge: judgeState('A', time) })),
          quarantine: days.map((receivedAt) => ({
            receivedAt,
            phone: null,
            remote: '127.0.0.1:5',
            reason: 'checksum',
            detail: '',
            frame: new Uint8Array([0x7e]),
          })),
        }),
      );
      const kept = { positionDays: 90, checkpointDays: 2, quarantineDays: 90 };
      expect(await applyRetention(opened.database, T, quiet, kept)).toEqual([
        'positions_20260508',
        'positions_20260825',
      ]);
      const left = await positions.track('A', 0, T, 10);
      expect(left.map((one) => one.time)).toEqual([days[3], days[2], days[1], days[0]]);
      expect((await ingest.checkpointBefore(vehicleKey, T))?.time).toBe(days[1]);
      expect(await ingest.checkpointBefore(vehicleKey, days[1]!)).toBeNull();
      expect(await opened.database.rows('select count(*)::int as n from quarantine')).toEqual([{ n: 4 }]);
      expect(await applyRetention(opened.database, T, quiet, kept)).toEqual([]);
    });
  },
  { now: () => T },
);
