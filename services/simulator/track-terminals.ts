import type { Plan } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import type { Fix } from './fix.ts';
import { FleetClock } from './fleet-clock.ts';
import { hashText, seededRandom } from './seeded-random.ts';
import type { TerminalOptions } from './terminal.ts';
import { identityFor, madeUpIdentity, type TerminalIdentity } from './terminal-identity.ts';
import { TrackSource } from './track-source.ts';

type Part = Pick<TerminalOptions, 'identity' | 'source' | 'silences' | 'random'>;

/** One terminal for each vehicle of a recorded track, the first `most` of them where not null. */
export function trackTerminals(
  track: readonly Report[],
  plan: Plan,
  most: number | null,
  wallStart: number,
  speedup: number,
): Part[] {
  const byVehicle = new Map<string, Report[]>();
  let startAt = Number.POSITIVE_INFINITY;
  for (const report of track) {
    const reports = byVehicle.get(report.vehicle);
    if (reports) reports.push(report);
    else byVehicle.set(report.vehicle, [report]);
    startAt = Math.min(startAt, report.time);
  }
  const clock = new FleetClock(startAt, wallStart, speedup);
  const phones = new Set<string>();
  return [...byVehicle].slice(0, most ?? byVehicle.size).map(([vehicle, reports]) => ({
    identity: unlike(phones, identityFor(vehicle, plan)),
    source: new TrackSource(reports.sort((a, b) => a.time - b.time).map(fixOf), clock),
    silences: [],
    random: seededRandom(hashText(vehicle)),
  }));
}

/** Two vehicle ids may have the same hash: the later one takes the next phone that is free. */
function unlike(phones: Set<string>, identity: TerminalIdentity): TerminalIdentity {
  let { phone } = identity;
  for (let n = 1; phones.has(phone); n++) {
    phone = madeUpIdentity(`${identity.vehicle}#${n}`).phone.slice(-12).padStart(phone.length, '0');
  }
  phones.add(phone);
  return { ...identity, phone };
}

/** What was not recorded is what a terminal that works sends: ignition on, a fix, good radio. */
function fixOf(report: Report): Fix {
  return {
    time: report.time,
    lat: report.lat,
    lon: report.lon,
    altitudeM: report.altitudeM ?? 0,
    speedKmh: report.speedKmh ?? 0,
    recorderSpeedKmh: report.recorderSpeedKmh,
    directionDeg: Math.floor(report.directionDeg ?? 0) % 360,
    positioned: report.positioned,
    accOn: report.accOn ?? true,
    doorOpen: false,
    alarmFlags: report.alarmFlags,
    mileageKm: report.mileageKm,
    signalStrength: 25,
    satellites: report.satellites,
  };
}
