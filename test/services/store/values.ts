import type { Finding } from '../../../geo/finding.ts';
import type { ContactState, JudgeState } from '../../../geo/judge.ts';
import type { Report } from '../../../geo/report.ts';
import type {
  Batch,
  FindingWrite,
  PositionRow,
  VehicleSnapshot,
  VehicleWrite,
} from '../../../services/store/store.ts';

/** A weekday morning in China, one millisecond past a second. */
export const T = Date.parse('2026-11-24T07:30:05.001+08:00');

export const report = (vehicle: string, over: Partial<Report> = {}): Report => ({
  vehicle,
  time: T,
  receivedAt: T + 800,
  lat: 31.772752,
  lon: 119.974061,
  positioned: true,
  speedKmh: 43.2,
  recorderSpeedKmh: null,
  directionDeg: 271,
  altitudeM: 5,
  accOn: true,
  alarmFlags: 0,
  statusFlags: 3,
  satellites: 11,
  mileageKm: 12345.6,
  backfill: false,
  serial: 7,
  ...over,
});

export const judgeState = (vehicle: string, time = T): JudgeState =>
  ({ vehicle, time, note: '校车' }) as JudgeState;
export const contactState = (vehicle: string, lastReceivedAt = T + 800): ContactState => ({
  vehicle,
  lastReceivedAt,
});

export const vehicleWrite = (
  vehicle: string,
  vehicleKey: number,
  epoch: number,
  over: Partial<VehicleSnapshot> = {},
): VehicleWrite => ({
  vehicleKey,
  epoch,
  kept: {
    judge: judgeState(vehicle),
    contact: contactState(vehicle),
    progress: null,
    last: report(vehicle),
    planVersion: 'p1',
    ...over,
  },
});

export const position = (
  vehicleKey: number,
  of: Report,
  body: readonly number[] = [1, 2, 3],
): PositionRow => ({
  vehicleKey,
  report: of,
  body: new Uint8Array(body),
});

export const finding = (vehicle: string, over: Partial<Finding> = {}): Finding => ({
  id: `speeding:${vehicle}:${T}`,
  rule: 'speeding',
  vehicle,
  trip: 'T1',
  severity: 'P2',
  start: T,
  end: null,
  lat: 31.772752,
  lon: 119.974061,
  late: false,
  evidence: { limitKmh: 60, peakKmh: 71.5, fixes: [1, 2, 3] },
  ...over,
});

export const findingWrite = (
  vehicleKey: number,
  of: Finding,
  over: Partial<FindingWrite> = {},
): FindingWrite => ({
  vehicleKey,
  finding: of,
  district: '武进区',
  schoolIds: ['S1', 'S2'],
  replaces: null,
  ...over,
});

export const batch = (over: Partial<Batch>): Batch => ({
  vehicles: [],
  positions: [],
  findings: [],
  retractions: [],
  checkpoints: [],
  silences: [],
  quarantine: [],
  outbox: [],
  ...over,
});
