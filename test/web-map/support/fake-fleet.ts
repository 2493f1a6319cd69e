import type {
  AlertView,
  FleetVehicleView,
  PositionView,
  TrackPoint,
  VehicleView,
} from '../../../services/api/contract.ts';
import { bearingDeg, pathThrough, placeAt } from '../../../web-map/src/fleet/path.ts';
import { type FakeRoute, fakeRoutes, fakeRun } from './fake-district.ts';

const paths = fakeRoutes.map((route) => pathThrough([...route.line, ...[...route.line].reverse().slice(1)]));

export interface FakeBus {
  id: string;
  plate: string;
  route: FakeRoute;
  index: number;
  /** How it is meant to look: drives, stands, is late, went silent, or has no fix. */
  kind: 'drives' | 'stands' | 'late' | 'silent' | 'noFix' | 'idle';
}

export function fakeBuses(count: number): FakeBus[] {
  return Array.from({ length: count }, (_, i): FakeBus => {
    const kind =
      i % 11 === 3
        ? 'stands'
        : i % 11 === 5
          ? 'late'
          : i === 8
            ? 'silent'
            : i === 9
              ? 'noFix'
              : i === 10
                ? 'idle'
                : 'drives';
    return {
      id: `B${String(i + 1).padStart(3, '0')}`,
      plate: `苏D${String(10_260 + i * 7).padStart(5, '0')}`,
      route: fakeRoutes[i % fakeRoutes.length]!,
      index: i,
      kind,
    };
  });
}

/** Where a bus is at a time: up and down its route, at its own pace. */
export function fakePosition(bus: FakeBus, now: number): PositionView {
  const time = bus.kind === 'silent' ? now - 7 * 60_000 : now;
  const path = paths[fakeRoutes.indexOf(bus.route)]!;
  const speedKmh = bus.kind === 'stands' ? 0 : 28 + ((bus.index * 13) % 24);
  const clock = bus.kind === 'stands' ? 0 : time / 1_000;
  const along = (clock * (speedKmh / 3.6) + bus.index * 977) % path.lengthM;
  const { at, headingDeg } = placeAt(path, along);
  const next = bus.route.stops.find((stop) => {
    const n = bus.route.stops.indexOf(stop);
    return path.alongM[n]! > along;
  });
  return {
    vehicle: bus.id,
    plate: bus.plate,
    time: new Date(time).toISOString(),
    receivedAt: new Date(time).toISOString(),
    lat: at[1],
    lon: at[0],
    speedKmh,
    directionDeg: headingDeg ?? bearingDeg(path.points[0]!, path.points[1]!),
    accOn: true,
    positioned: bus.kind !== 'noFix',
    run:
      bus.kind === 'idle'
        ? null
        : {
            trip: `${bus.route.id}-T1`,
            route: bus.route.id,
            routeName: bus.route.name,
            routeShortName: bus.route.name,
            headsign: bus.route.stops.at(-1)!.name,
            runState: 'CARRYING',
            progressM: along,
            nextStop: next?.id ?? null,
            nextStopName: next?.name ?? null,
            delayS: bus.kind === 'late' ? 620 : 20,
            aboard: 'inferred',
          },
    schoolIds: ['S1'],
    district: '清澜区',
  };
}

export function fakeVehicle(bus: FakeBus, now: number): VehicleView {
  return {
    id: bus.id,
    plate: bus.plate,
    plateColour: 'yellow',
    terminalPhone: `0139${String(12_345_000 + bus.index)}`,
    seats: 36,
    schoolBusType: 'dedicated',
    operator: '澜川校车服务有限公司',
    district: '清澜区',
    schoolIds: ['S1'],
    run: bus.kind === 'idle' ? null : fakeRun(bus.route, bus.id, now),
    permit: {
      no: `苏校标${String(20_260 + bus.index)}`,
      status: bus.index === 2 ? 'suspended' : 'valid',
      validFrom: '20260901',
      validTo: '20270131',
    },
    position: fakePosition(bus, now),
  };
}

export function fakeFleetVehicle(bus: FakeBus, now: number): FleetVehicleView {
  const { plate, operator, district, schoolIds, run } = fakeVehicle(bus, now);
  return {
    id: bus.id,
    plate,
    operator,
    operatorName: operator,
    district,
    schoolIds,
    route: run?.route ?? null,
    routeName: run?.routeName ?? null,
    routeShortName: run?.routeShortName ?? null,
    driver: run?.driver?.name ?? null,
  };
}

/** The last forty minutes, three of them uploaded later. */
export function fakeTrack(bus: FakeBus, to: number): TrackPoint[] {
  const points: TrackPoint[] = [];
  for (let time = to - 40 * 60_000; time < to; time += 10_000) {
    const { lat, lon, directionDeg } = fakePosition(bus, time);
    const swing = Math.abs(Math.sin(time / 70_000)) * 46 + Math.abs(Math.sin(time / 9_000)) * 6;
    const backfill = time > to - 25 * 60_000 && time < to - 22 * 60_000;
    points.push({
      time: new Date(time).toISOString(),
      lat,
      lon,
      speedKmh: swing,
      directionDeg,
      positioned: true,
      backfill,
    });
  }
  return points;
}

let serial = 0;

export function fakeAlert(bus: FakeBus, now: number, change: Partial<AlertView> = {}): AlertView {
  const { lat, lon } = fakePosition(bus, now);
  serial += 1;
  return {
    id: `A${serial}`,
    rule: 'speeding',
    vehicle: bus.id,
    plate: bus.plate,
    trip: `${bus.route.id}-T1`,
    routeName: bus.route.name,
    routeShortName: bus.route.name,
    severity: 'P2',
    start: new Date(now).toISOString(),
    end: null,
    lat,
    lon,
    late: false,
    evidence: { peakKmh: 74, limitKmh: 60 },
    state: 'new',
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    resolvedBy: null,
    resolution: null,
    note: null,
    raisedAt: new Date(now).toISOString(),
    retracted: false,
    ...change,
  };
}

/** What a busy morning has left in the list. */
export function fakeMorning(buses: readonly FakeBus[], now: number): AlertView[] {
  const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const at = (i: number) => buses[i % buses.length]!;
  return [
    fakeAlert(at(1), now - 70_000, { severity: 'P1', rule: 'sos', evidence: {} }),
    fakeAlert(at(4), now - 190_000, {}),
    fakeAlert(at(7), now - 6 * 60_000, {
      rule: 'route_deviation',
      evidence: { peakM: 420 },
      state: 'acknowledged',
      acknowledgedAt: ago(4),
      acknowledgedBy: '值班员',
    }),
    fakeAlert(at(8), now - 7 * 60_000, { severity: 'P3', rule: 'terminal_offline', evidence: {} }),
    fakeAlert(at(12), now - 12 * 60_000, {
      severity: 'P1',
      rule: 'missing_escort',
      end: ago(9),
      state: 'acknowledged',
      acknowledgedAt: ago(10),
      acknowledgedBy: '值班员',
      evidence: {},
    }),
    fakeAlert(at(2), now - 21 * 60_000, { rule: 'unapproved_vehicle', end: ago(2), evidence: {} }),
    fakeAlert(at(14), now - 30 * 60_000, { end: ago(29), late: true }),
    fakeAlert(at(15), now - 44 * 60_000, {
      end: ago(43),
      retracted: true,
      rule: 'route_deviation',
      evidence: {},
    }),
    fakeAlert(at(16), now - 70 * 60_000, {
      end: ago(69),
      state: 'resolved',
      resolvedAt: ago(60),
      resolvedBy: '值班员',
      resolution: 'handled',
      note: '已提醒驾驶员',
    }),
  ];
}
