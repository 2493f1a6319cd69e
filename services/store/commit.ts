import { isPlain, retractFindings, writeFindings, writePlainFindings } from './commit-findings.ts';
import { writeCheckpoints, writeOutbox, writeQuarantine, writeSilences } from './commit-others.ts';
import {
  type NewestStored,
  type PositionBuffers,
  type SplitPositions,
  splitPositions,
  stagePositions,
  writePositions,
} from './commit-positions.ts';
import { NOT_ALL_HELD, stageVehicles, writeAllVehicles, writeVehicles } from './commit-vehicles.ts';
import { CopyRows } from './copy-rows.ts';
import { type Database, type Session, StepWriter } from './database.ts';
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
/** Faults that another way of committing goes around. */
const AROUND: ReadonlySet<unknown> = new Set([UNIQUE_VIOLATION, CHECK_VIOLATION, NOT_ALL_HELD]);

/** Rows in the making: one commit's, then another's. */
interface Buffers extends PositionBuffers {
  readonly vehicles: CopyRows;
}

const everyone = () => true;

/** The batch writer. Batches of one maker may be committed side by side. */
export function makeCommit(options: CommitOptions): (batch: Batch) => Promise<Committed> {
  const { database, days, newest, timeoutMs } = options;
  const idle: Buffers[] = [];

  /** Step by step, each knowing what came of those before. */
  const write = async (session: Session, batch: Batch, positions: SplitPositions, rows: Buffers) => {
    const refused = await writeVehicles(session, batch.vehicles, rows.vehicles);
    const accepts = (vehicleKey: number) => !refused.has(vehicleKey);
    const accepted = <T extends { readonly vehicleKey: number }>(writes: readonly T[]) =>
      refused.size === 0 ? writes : writes.filter((item) => accepts(item.vehicleKey));

    await stagePositions(session);
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
    const passedOver = new Set(
      batch.silences.flatMap(({ vehicleKey }) => (silent.has(vehicleKey) ? [] : [vehicleKey])),
    );
    const written = (vehicleKey: number) => accepts(vehicleKey) && !passedOver.has(vehicleKey);
    await writeOutbox(
      session,
      batch.outbox.filter((item) => item.vehicleKey === undefined || written(item.vehicleKey)),
    );
    return { refused, passedOver };
  };

  /** All at once, where all goes as it nearly always does: every vehicle is held, and no report is stored yet. */
  const writeAtOnce = async (batch: Batch, positions: SplitPositions, rows: Buffers): Promise<Committed> => {
    const writer = new StepWriter();
    await writeAllVehicles(writer, batch.vehicles, rows.vehicles);
    await writePositions(writer, positions, everyone, rows);
    await writePlainFindings(writer, batch.findings);
    await retractFindings(writer, batch.retractions);
    await writeCheckpoints(writer, batch.checkpoints);
    await writeQuarantine(writer, batch.quarantine);
    await writeOutbox(writer, batch.outbox);
    await database.pipeline?.(stage, writer.steps, timeoutMs);
    return { refused: NONE };
  };

  return async (given) => {
    const batch = quarantineAbsurdTimes(given, days);
    checkFence(batch);
    const rows = idle.pop() ?? {
      vehicles: new CopyRows(),
      newer: new CopyRows(),
      perhapsStored: new CopyRows(),
    };
    try {
      let positions = splitPositions(batch.positions, newest);
      for (let attempt = 1; ; attempt++) {
        await days.ensure(times(batch.positions));
        try {
          if (attempt === 1 && database.pipeline && isPlainBatch(batch, positions))
            return await writeAtOnce(batch, positions, rows);
          return await database.transaction((session) => write(session, batch, positions, rows), timeoutMs);
        } catch (error) {
          const code = (error as { code?: unknown }).code;
          if (attempt > 3 || !AROUND.has(code)) throw error;
          // Stored already after all; or retention dropped a partition that was here when last looked.
          if (code === UNIQUE_VIOLATION) positions = { newer: [], perhapsStored: batch.positions };
          else if (code === CHECK_VIOLATION) days.forget();
        }
      }
    } finally {
      idle.push(rows);
    }
  };
}

const NONE: ReadonlySet<number> = new Set();

async function stage(session: Session): Promise<void> {
  await stageVehicles(session);
  await stagePositions(session);
}

/**
 * Whether a batch can go all at once: no part of it hangs on the answer to another, and it has rows that cannot be
 * written twice. Where a connection is lost in the middle the server may do it after its own repetition, and after
 * batches that followed: then it fails on them, whole.
 */
function isPlainBatch(batch: Batch, positions: SplitPositions): boolean {
  return positions.newer.length > 0 && batch.silences.length === 0 && batch.findings.every(isPlain);
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
