import type { Finding } from '../../geo/finding.ts';
import { replayReports } from '../../geo/judge/replay-reports.ts';
import { offLine } from '../../geo/matching/track-line.ts';
import { tripLines } from '../../geo/matching/trip-line.ts';
import type { Report } from '../../geo/report.ts';
import { sharedFolder } from '../support/needs.ts';
import { capmetroDay } from './capmetro.ts';
import { type NftaDay, nftaDay } from './nfta.ts';

/**
 * Real detours: are those found that buses truly drove? Run by `npx tsx test/evaluation/detours.ts`. First Austin's
 * routes that were led round a closure on 25 November 2016, then Buffalo's against the agency's own off-route flag.
 */
const CORRIDOR_M = 60;
/** A deviation of Austin begins within this of another of its route: the same closure. */
const SAME_PLACE_M = 300;

if (sharedFolder === null) throw new Error('the recorded tracks are not on this machine');
const shared = sharedFolder;
const print = (cells: readonly (string | number)[]): void => {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
};

function deviationsOf(day: { plan: NftaDay['plan']; reports: readonly Report[] }): Finding[] {
  return replayReports(day.plan, day.reports).filter((finding) => finding.rule === 'route_deviation');
}

const covers = (finding: Finding, report: Report): boolean =>
  finding.vehicle === report.vehicle &&
  report.time >= finding.start - 1 &&
  report.time <= (finding.end ?? Number.POSITIVE_INFINITY);

function austin(): void {
  print(['route', 'trips off its line', 'of them found', 'deviations', 'at a place shared by another bus']);
  print(Array.from({ length: 5 }, () => '---'));
  const day = capmetroDay(shared, '2016-11-25');
  const lines = tripLines(day.plan);
  const found = deviationsOf(day);
  for (const route of ['7', '10', '20', '37']) {
    const on = found.filter(
      (f) => f.trip !== null && day.plan.trips.get(f.trip)?.routeId === route && f.lat !== null,
    );
    const together = on.filter((f) =>
      on.some(
        (g) =>
          g.vehicle !== f.vehicle &&
          Math.hypot((f.lat! - g.lat!) * 111_000, (f.lon! - g.lon!) * 96_000) < SAME_PLACE_M,
      ),
    );
    // Off by three fixes in a row, which at four minutes apart no corner cut explains.
    const runs = new Map<string, number>();
    const off = new Set<string>();
    for (const [report, trip] of day.tripOf) {
      const line = lines.ofTrip(trip)?.line;
      if (!line || day.plan.trips.get(trip)?.routeId !== route) continue;
      const away = offLine(line, report.lat, report.lon, 1e5) > CORRIDOR_M;
      const inRow = away ? (runs.get(trip) ?? 0) + 1 : 0;
      runs.set(trip, inRow);
      if (inRow >= 3) off.add(trip);
    }
    const hit = [...off].filter((trip) => on.some((f) => f.trip === trip));
    print([route, off.size, hit.length, on.length, together.length]);
  }
}

function buffalo(): void {
  print([
    'day',
    'flagged fixes',
    'of them beyond 60 m of the line',
    'found there',
    'agreement',
    'deviations',
    'with the flag',
  ]);
  print(Array.from({ length: 7 }, () => '---'));
  for (const date of ['20200730', '20200731', '20200801']) {
    const day = nftaDay(shared, date);
    const lines = tripLines(day.plan);
    const found = deviationsOf(day);
    const beyond = [...day.flagged].filter((report) => {
      const line = lines.ofTrip(day.tripOf.get(report) ?? '')?.line;
      return line !== undefined && offLine(line, report.lat, report.lon, 1e5) > CORRIDOR_M;
    });
    const hit = beyond.filter((report) => found.some((finding) => covers(finding, report)));
    const withFlag = found.filter((finding) => [...day.flagged].some((report) => covers(finding, report)));
    print([
      date,
      day.flagged.size,
      beyond.length,
      hit.length,
      `${Math.round((100 * hit.length) / Math.max(beyond.length, 1))} %`,
      found.length,
      withFlag.length,
    ]);
  }
}

austin();
process.stdout.write('\n');
buffalo();
