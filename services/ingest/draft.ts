import type {
  Batch,
  CheckpointWrite,
  FindingWrite,
  OutboxWrite,
  PositionRow,
  QuarantineWrite,
  VehicleWrite,
} from '../store/store.ts';
import type { OwedAck } from './owed-ack.ts';
import type { VehicleLane } from './vehicle-lane.ts';

/** The next commit while it gathers: rows, what the rules made of them, and whom to answer afterwards. */
export class Draft {
  readonly lanes = new Set<VehicleLane>();
  positions: PositionRow[] = [];
  quarantine: QuarantineWrite[] = [];
  checkpoints: CheckpointWrite[] = [];
  retractions: { vehicleKey: number; id: string }[] = [];
  /** By id: of one finding only the newest version is written. */
  readonly findings = new Map<string, FindingWrite>();
  /** The findings taken back, for those who watch. */
  retracted: FindingWrite[] = [];
  /** What has to be told of what is committed here. */
  outbox: OutboxWrite[] = [];
  acks: OwedAck[] = [];
  /** Of each ack its vehicle; null for what belongs to none. */
  ackLanes: (VehicleLane | null)[] = [];
  /** For the limits on memory: reports and their bytes. */
  reports = 0;
  bytes = 0;

  get empty(): boolean {
    return this.acks.length === 0 && this.positions.length === 0 && this.quarantine.length === 0;
  }

  addFinding(write: FindingWrite): void {
    const before = this.findings.get(write.finding.id);
    this.findings.set(
      write.finding.id,
      before?.replaces && !write.replaces ? { ...write, replaces: before.replaces } : write,
    );
  }

  addRetraction(vehicleKey: number, write: FindingWrite): void {
    this.retractions.push({ vehicleKey, id: write.finding.id });
    this.retracted.push(write);
  }

  owe(ack: OwedAck, lane: VehicleLane | null): void {
    this.acks.push(ack);
    this.ackLanes.push(lane);
  }

  /** What the store is to write, with every vehicle's state as it is now. */
  batch(): Batch {
    const vehicles: VehicleWrite[] = [];
    for (const lane of this.lanes) vehicles.push(lane.write());
    return {
      vehicles,
      positions: this.positions,
      findings: [...this.findings.values()],
      retractions: this.retractions,
      checkpoints: this.checkpoints,
      silences: [],
      quarantine: this.quarantine,
      outbox: this.outbox,
    };
  }

  /** Takes out everything of a vehicle that may commit no more. Its terminal sends it again. */
  drop(lane: VehicleLane): void {
    const key = lane.vehicleKey;
    const other = (row: { vehicleKey: number }) => row.vehicleKey !== key;
    this.lanes.delete(lane);
    this.positions = this.positions.filter(other);
    this.checkpoints = this.checkpoints.filter(other);
    this.retractions = this.retractions.filter(other);
    this.retracted = this.retracted.filter(other);
    this.outbox = this.outbox.filter((row) => row.vehicleKey !== key);
    for (const [id, write] of this.findings) if (write.vehicleKey === key) this.findings.delete(id);
    const keep = this.ackLanes.map((of) => of !== lane);
    this.acks = this.acks.filter((_, i) => keep[i]);
    this.ackLanes = this.ackLanes.filter((_, i) => keep[i]);
  }
}

/** The part of a batch that concerns some vehicles, and nothing that concerns none. */
export function partOf(batch: Batch, vehicles: readonly VehicleWrite[]): Batch {
  const keys = new Set(vehicles.map((v) => v.vehicleKey));
  const mine = (row: { vehicleKey: number }) => keys.has(row.vehicleKey);
  return {
    vehicles,
    positions: batch.positions.filter(mine),
    findings: batch.findings.filter(mine),
    retractions: batch.retractions.filter(mine),
    checkpoints: batch.checkpoints.filter(mine),
    silences: [],
    quarantine: [],
    outbox: batch.outbox.filter((row) => row.vehicleKey !== undefined && keys.has(row.vehicleKey)),
  };
}
