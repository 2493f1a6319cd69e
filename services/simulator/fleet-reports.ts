import type { Plan } from '../../geo/plan/plan.ts';
import { eventReport, type Report } from '../../geo/report.ts';

import { CrewScript } from './crew-script.ts';
import { FleetClock } from './fleet-clock.ts';
import type { Incident } from './incidents.ts';
import { type StagedBus, type StagedFleetOptions, stagedFleet } from './staged-fleet.ts';
import { location } from './terminal-messages.ts';

export interface FleetReportsOptions extends Omit<StagedFleetOptions, 'clock'> {
  /** Event time, milliseconds since the epoch. */
  readonly startAt: number;
  readonly durationS: number;
}

/** From the measurement to the platform, milliseconds. */
const LATENCY_MS = 300;

/**
 * What a platform would have received of a fleet, in order of arrival, without any network: for tests and for
 * `replay`. Terminals answer and are answered at once.
 */
export function fleetReports(options: FleetReportsOptions): {
  reports: Report[];
  incidents: readonly Incident[];
} {
  const { plan, startAt, durationS } = options;
  const clock = new FleetClock(startAt, startAt, 1);
  const fleet = stagedFleet({ ...options, clock });
  const until = startAt + durationS * 1000;
  const reports = fleet.buses.flatMap((bus) => {
    const made: Report[] = [];
    bus.source.lineUp(startAt);
    for (let due = bus.source.nextDue(); due !== null && due < until; due = bus.source.nextDue()) {
      const fix = bus.source.take(due);
      const silence = bus.silences.find(({ from, to }) => from <= fix.time && fix.time < to);
      const receivedAt = (silence ? silence.to + 1000 : fix.time) + LATENCY_MS;
      if (receivedAt >= until) continue;
      const body = location(fix);
      made.push({
        vehicle: bus.identity.vehicle,
        time: Math.floor(fix.time / 1000) * 1000,
        receivedAt: Math.max(receivedAt, (made.at(-1)?.receivedAt ?? 0) + 1),
        lat: Number(body.lat),
        lon: Number(body.lon),
        positioned: fix.positioned,
        speedKmh: Number(body.speedKmh),
        recorderSpeedKmh: fix.recorderSpeedKmh === null ? null : Math.round(fix.recorderSpeedKmh * 10) / 10,
        directionDeg: fix.directionDeg,
        altitudeM: fix.altitudeM,
        accOn: fix.accOn,
        alarmFlags: fix.alarmFlags,
        statusFlags: Number(body.statusFlags),
        satellites: fix.satellites,
        mileageKm: fix.mileageKm,
        backfill: silence !== undefined,
        serial: made.length & 0xffff,
      });
    }
    return [...made, ...said(plan, bus, startAt, until)];
  });
  return { reports: reports.sort((a, b) => a.receivedAt - b.receivedAt), incidents: fleet.incidents };
}

/** What the bus's escort says by phone, each thing in a millisecond of its own. */
function said(plan: Plan, bus: StagedBus, startAt: number, until: number): Report[] {
  if (bus.behindMs > 0) return [];
  const script = new CrewScript(plan, bus.motion);
  const { vehicle } = bus.identity;
  const reports: Report[] = [];
  for (let now = startAt; now + LATENCY_MS < until; now += 1000) {
    for (const [i, { event }] of script.until(now).entries())
      reports.push(eventReport(vehicle, now + 500 + i, now + 500 + LATENCY_MS + i, [event]));
  }
  return reports;
}
