import { pino } from 'pino';
import { openStore } from '../../../services/store/open-store.ts';
import { batch, position, report, T, vehicleWrite } from './values.ts';

/** A process of its own: commits one report after the other and says which is committed, until it is killed. */
const dataDir = process.argv[2]!;
const store = await openStore({ dataDir, migrate: true, log: pino({ level: 'silent' }) });
const { vehicleKey, epoch, snapshot } = await store.ingest.claim('A');
const first = (snapshot.last?.time ?? T) + 1_000;
for (let time = first; ; time += 1_000) {
  const last = report('A', { time });
  await store.ingest.commit(
    batch({
      vehicles: [vehicleWrite('A', vehicleKey, epoch, { last })],
      positions: [position(vehicleKey, last)],
    }),
  );
  process.stdout.write(`${time}\n`);
}
