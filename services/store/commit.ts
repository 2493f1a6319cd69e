import { retractFindings, writeFindings } from './commit-findings.ts';
import { writeCheckpoints, writeOutbox, writeQuarantine, writeSilences } from './commit-others.ts';
import { type NewestStored, splitPositions, writePositions } from './commit-positions.ts';
import { writeVehicles } from './commit-vehicles.ts';
import { CopyRows } from './copy-rows.ts';
import type { Database, Session } from './database.ts';
import type { PositionDays } from './position-days.ts';
import type { Batch, Committed, PositionRow, QuarantineWrite } from './store.ts';

export interface CommitOptions {
  readonly database: Database;
  readonly days: PositionDays;
  readonly newest: NewestStored;
  /** How long a commit may take before it fails. */
  readonly timeoutMs: number;
}

const UNIQUE_VIOLATION = '23505';
/** "no partition of relation found for row" is one of these. */
const CHECK_VIOLATION = '23514';

/** The batch writer. Batches of one maker may be committed side by side. */
export function makeCommit(options: CommitOptions): (batch: Batch) => Promise<Committed> {
  const { database, days, newest, timeoutMs } = options;
  const idle: CopyRows[] = [];

  const write = async (session: Session, batch: Batch, rows: CopyRows, perhapsStored: boolean) => {
    const refused = await writeVehicles(session, batch.vehicles, rows);
    const accepts = (vehicleKey: number) => !refused.has(vehicleKey);
    const accepted = <T extends { readonly vehicleKey: number }>(writes: readonly T[]) =>
      refused.size === 0 ? writes : writes.filter((item) => accepts(item.vehicleKey));

    const positions = perhapsStored
      ? { newer: [], perhapsStored: batch.positions }
      : splitPositions(batch.positions, newest);
    await writePositions(session, positions, accepts, rows);

    const silent = await writeSilences(session, batch.silences);
    const heard = batch.silences.filter((silence) => silent.has(silence.vehicleKey));
    await writeFindings(session, [
      ...accepted(batch.findings),
      ...heard.flatMap((silence) => silence.findings),
    ]);
    await retractFindings(session, accepted(batch.retractions));
    await writeCheckpoints(session, accepted(batch.checkpoints));
    await writeQuarantine(session, batch.quarantine);
    await writeOutbox(
      session,
      batch.outbox.filter((item) => item.vehicleKey === undefined || accepts(item.vehicleKey)),
    );
    const passedOver = batch.silences
      .filter((silence) => !silent.has(silence.vehicleKey))
      .map((silence) => silence.vehicleKey);
    return { refused, passedOver: new Set(passedOver) };
  };

  return async (given) => {
    const batch = quarantineAbsurdTimes(given, days);
    checkFence(batch);
    const rows = idle.pop() ?? new CopyRows();
    try {
      let perhapsStored = false;
      for (let attempt = 1; ; attempt++) {
        await days.ensure(times(batch.positions));
        try {
          return await database.transaction(
            (session) => write(session, batch, rows, perhapsStored),
            timeoutMs,
          );
        } catch (error) {
          const code = (error as { code?: unknown }).code;
          if (attempt > 2 || (code !== UNIQUE_VIOLATION && code !== CHECK_VIOLATION)) throw error;
          // Stored already after all; or retention dropped a partition that was here when last looked.
          if (code === UNIQUE_VIOLATION) perhapsStored = true;
          else days.forget();
        }
      }
    } finally {
      idle.push(rows);
    }
  };
}

function* times(positions: readonly PositionRow[]): Iterable<number> {
  for (const position of positions) yield position.report.time;
}

/** A report from a day that gets no partition is kept, body and all, where a person will look for it. */
function quarantineAbsurdTimes(batch: Batch, days: PositionDays): Batch {
  if (batch.positions.every((row) => days.allows(row.report.time))) return batch;
  const absurd = batch.positions.filter((row) => !days.allows(row.report.time));
  const quarantine = absurd.map(
    ({ vehicleKey, report, body }): QuarantineWrite => ({
      receivedAt: report.receivedAt,
      phone: null,
      remote: '',
      reason: 'time',
      detail: JSON.stringify({ vehicle: report.vehicle, vehicleKey, time: report.time }),
      frame: body,
    }),
  );
  return {
    ...batch,
    positions: batch.positions.filter((row) => days.allows(row.report.time)),
    quarantine: [...batch.quarantine, ...quarantine],
  };
}

/** What has no fence in the batch could be written by a process that lost the vehicle long ago: a bug, said at once. */
function checkFence(batch: Batch): void {
  const fenced = new Set<number>();
  for (const { vehicleKey } of batch.vehicles) {
    if (fenced.has(vehicleKey)) throw new Error(`vehicle ${vehicleKey} is twice in one batch`);
    fenced.add(vehicleKey);
  }
  for (const rows of [batch.positions, batch.findings, batch.retractions, batch.checkpoints]) {
    for (const { vehicleKey } of rows) {
      if (!fenced.has(vehicleKey))
        throw new Error(`vehicle ${vehicleKey} has rows in a batch without its state`);
    }
  }
}
