import type { Finding } from '../../geo/finding.ts';
import type { Report } from '../../geo/report.ts';
import type {
  Batch,
  CheckpointWrite,
  Committed,
  IngestStore,
  PositionRow,
  QuarantineWrite,
  TerminalRow,
  TerminalStore,
  VehicleSnapshot,
} from '../../services/store/store.ts';
import { StoreUnavailable } from '../../services/store/store.ts';
import { type MemoryCommands, memoryCommands } from './memory-commands.ts';

interface VehicleRecord {
  readonly vehicleKey: number;
  readonly vehicle: string;
  epoch: number;
  snapshot: VehicleSnapshot;
}

const BLANK: VehicleSnapshot = { judge: null, contact: null, progress: null, last: null, planVersion: '' };

/** What the ingest needs of the database, kept in memory with the same fencing, duplicates and conditions. */
export interface MemoryStore {
  readonly ingest: IngestStore;
  readonly terminals: TerminalStore;
  readonly commands: MemoryCommands;
  readonly quarantine: QuarantineWrite[];
  readonly batches: Batch[];
  positions(vehicle: string): Report[];
  findings(vehicle: string): Finding[];
  retracted(vehicle: string): string[];
  checkpoints(vehicle: string): CheckpointWrite[];
  /** While true every call rejects with `StoreUnavailable`. */
  down: boolean;
  /** While set every commit waits for it first. */
  hold: Promise<void> | null;
  /** Throws what a bug in the database's layer would for a batch it does not like. */
  poison: ((batch: Batch) => boolean) | null;
}

/** A position's identity: the same terminal saying the same thing of the same second. */
export const positionKey = (r: Report): string =>
  `${r.time}|${r.lat}|${r.lon}|${r.alarmFlags}|${r.statusFlags}`;

/** Reports in the total order of event time, then of arrival. */
export const inOrder = (a: { report: Report }, b: { report: Report }): number =>
  a.report.time - b.report.time || a.report.receivedAt - b.report.receivedAt;

export function memoryStore(): MemoryStore {
  const byVehicle = new Map<string, VehicleRecord>();
  const byKey = new Map<number, VehicleRecord>();
  const rows = new Map<number, Map<string, PositionRow>>();
  const found = new Map<number, Map<string, { finding: Finding; retracted: boolean }>>();
  const marks = new Map<number, Map<number, CheckpointWrite>>();
  const leases = new Map<string, { holder: string; until: number }>();
  const terminals = new Map<string, TerminalRow>();

  function of<V>(map: Map<number, Map<string, V>>, key: number): Map<string, V> {
    let inner = map.get(key);
    if (!inner) {
      inner = new Map();
      map.set(key, inner);
    }
    return inner;
  }

  /** What was kept, with the newest report that is stored. */
  function present({ vehicleKey, snapshot }: VehicleRecord): VehicleSnapshot {
    const positions = [...of(rows, vehicleKey).values()].filter(({ report }) => !report.eventsOnly);
    const newest = positions.sort(inOrder).at(-1);
    return { ...snapshot, last: newest?.report ?? snapshot.last };
  }

  async function reach(): Promise<void> {
    await Promise.resolve();
    if (memory.down) throw new StoreUnavailable('the test says so');
  }

  function write(batch: Batch): Committed {
    const refused = new Set<number>();
    const passedOver = new Set<number>();
    for (const v of batch.vehicles) {
      const record = byKey.get(v.vehicleKey);
      if (!record) throw new Error(`no vehicle ${v.vehicleKey}`);
      if (v.epoch < record.epoch) refused.add(v.vehicleKey);
      else if (v.kept)
        record.snapshot = structuredClone({ ...v.kept, judge: v.kept.judge ?? record.snapshot.judge });
    }
    for (const row of batch.positions) {
      const mine = of(rows, row.vehicleKey);
      if (!refused.has(row.vehicleKey) && !mine.has(positionKey(row.report)))
        mine.set(positionKey(row.report), row);
    }
    const putFindings = (key: number, findings: Batch['findings']) => {
      for (const f of findings) {
        of(found, key).set(f.finding.id, { finding: f.finding, retracted: false });
        const before = f.replaces === null ? undefined : of(found, key).get(f.replaces);
        if (before) before.retracted = true;
      }
    };
    for (const f of batch.findings) if (!refused.has(f.vehicleKey)) putFindings(f.vehicleKey, [f]);
    for (const r of batch.retractions) {
      const f = of(found, r.vehicleKey).get(r.id);
      if (f && !refused.has(r.vehicleKey)) f.retracted = true;
    }
    for (const c of batch.checkpoints) {
      if (refused.has(c.vehicleKey)) continue;
      const mine = marks.get(c.vehicleKey) ?? new Map<number, CheckpointWrite>();
      marks.set(c.vehicleKey, mine);
      mine.set(c.time, c);
    }
    for (const s of batch.silences) {
      const record = byKey.get(s.vehicleKey);
      if (record?.snapshot.contact?.lastReceivedAt !== s.seenLastReceivedAt) {
        passedOver.add(s.vehicleKey);
        continue;
      }
      record.snapshot = { ...record.snapshot, contact: s.contact };
      putFindings(s.vehicleKey, s.findings);
    }
    memory.quarantine.push(...batch.quarantine);
    return { refused, passedOver };
  }

  const ingest: IngestStore = {
    async commit(batch) {
      if (memory.hold) await memory.hold;
      await reach();
      if (memory.poison?.(batch)) throw new Error('poisonous row');
      memory.batches.push(batch);
      return write(batch);
    },
    async claim(vehicle) {
      await reach();
      let record = byVehicle.get(vehicle);
      if (!record) {
        record = { vehicleKey: byVehicle.size + 1, vehicle, epoch: 0, snapshot: BLANK };
        byVehicle.set(vehicle, record);
        byKey.set(record.vehicleKey, record);
      }
      record.epoch += 1;
      return {
        vehicleKey: record.vehicleKey,
        epoch: record.epoch,
        snapshot: structuredClone(present(record)),
      };
    },
    async checkpointBefore(vehicleKey, time) {
      await reach();
      const before = [...(marks.get(vehicleKey)?.values() ?? [])].filter((c) => c.time < time);
      return before.sort((a, b) => b.time - a.time)[0] ?? null;
    },
    async reportsBetween(vehicleKey, from, to) {
      await reach();
      const mine = [...of(rows, vehicleKey).values()];
      return mine.filter((r) => r.report.time >= from && r.report.time <= to).sort(inOrder);
    },
    async silentSince(lastReceivedAt) {
      await reach();
      return [...byVehicle.values()]
        .filter((r) => r.snapshot.contact && r.snapshot.contact.lastReceivedAt < lastReceivedAt)
        .map((r) => {
          const { vehicle, vehicleKey } = r;
          const contactAt = r.snapshot.contact?.lastReceivedAt ?? 0;
          const heardSince = [...of(rows, vehicleKey).values()].some((w) => w.report.receivedAt > contactAt);
          return { vehicle, vehicleKey, snapshot: present(r), heardSince };
        });
    },
    async lease(name, holder, ttlMs) {
      await reach();
      const now = Date.now();
      const last = leases.get(name);
      const heldUntil = last?.until ?? 0;
      if (last && last.holder !== holder && last.until > now) return { held: false, heldUntil };
      leases.set(name, { holder, until: now + ttlMs });
      return { held: true, heldUntil };
    },
    async findingsBetween(vehicleKey, from, to) {
      await reach();
      return [...of(found, vehicleKey).values()]
        .filter((f) => !f.retracted && f.finding.start <= to && (f.finding.end ?? Infinity) >= from)
        .map((f) => f.finding);
    },
  };

  const memory: MemoryStore = {
    ingest,
    commands: memoryCommands(reach, ({ vehicleKey, epoch }) => byKey.get(vehicleKey)?.epoch === epoch),
    terminals: {
      async get(phone) {
        await reach();
        return terminals.get(phone) ?? null;
      },
      async save(row) {
        await reach();
        terminals.set(row.phone, row);
      },
      async list() {
        await reach();
        return [...terminals.values()];
      },
    },
    quarantine: [],
    batches: [],
    positions: (vehicle) =>
      [...of(rows, byVehicle.get(vehicle)?.vehicleKey ?? 0).values()].sort(inOrder).map((r) => r.report),
    findings: (vehicle) =>
      [...of(found, byVehicle.get(vehicle)?.vehicleKey ?? 0).values()]
        .filter((f) => !f.retracted)
        .map((f) => f.finding),
    retracted: (vehicle) =>
      [...of(found, byVehicle.get(vehicle)?.vehicleKey ?? 0)]
        .filter(([, f]) => f.retracted)
        .map(([id]) => id),
    checkpoints: (vehicle) => [...(marks.get(byVehicle.get(vehicle)?.vehicleKey ?? 0)?.values() ?? [])],
    down: false,
    hold: null,
    poison: null,
  };
  return memory;
}
