import type { Finding } from '../../geo/finding.ts';
import { distanceM } from '../../geo/geometry/distance.ts';
import { replayReports } from '../../geo/judge/replay-reports.ts';
import { offLine, placeOnLine } from '../../geo/matching/track-line.ts';
import { tripLines } from '../../geo/matching/trip-line.ts';
import type { Report } from '../../geo/report.ts';
import { sharedFolder } from '../support/needs.ts';
import { ANYWHERE } from './anywhere.ts';
import { capmetroDay } from './capmetro.ts';
import { nftaDay } from './nfta.ts';
import type { RecordedDay } from './recorded-day.ts';

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

function deviationsOf(day: RecordedDay): Finding[] {
  return replayReports(day.plan, day.reports).filter((finding) => finding.rule === 'route_deviation');
}

const covers = (finding: Finding, report: Report): boolean =>
  finding.vehicle === report.vehicle &&
  report.time >= finding.start - 1 &&
  report.time <= (finding.end ?? Number.POSITIVE_INFINITY);

/** A stretch of one trip off its line that the rule's definition calls a deviation. */
interface Spell {
  readonly trip: string;
  readonly reports: readonly Report[];
}

/** This near to the end of its line a bus has arrived: what it drives after that is no part of the trip. */
const ARRIVED_M = 250;
/** Nearer than this to the end of the line all the while, it waits where no line is drawn. */
const WAITING_M = 400;

/**
 * The trip has gone forward along its line over three fixes and has not come to its end; then it is off for three fixes,
 * 30 s and 150 m, or for two fixes beyond 300 m, and not only to wait beside the end. Told from the reports alone,
 * without the judge.
 */
function spellsOf(day: RecordedDay): Spell[] {
  const lines = tripLines(day.plan);
  const byTrip = new Map<string, Report[]>();
  for (const [report, trip] of day.tripOf) byTrip.set(trip, [...(byTrip.get(trip) ?? []), report]);
  const spells: Spell[] = [];
  for (const [trip, unordered] of byTrip) {
    const line = lines.ofTrip(trip)?.line;
    const end = day.plan.shapes.get(day.plan.trips.get(trip)?.shapeId ?? '')?.points.at(-1);
    if (!line || !end) continue;
    /** Metres along the line of the fixes on it since it was last off it. */
    let along: number[] = [];
    let joined = false;
    let spell: Report[] = [];
    let arrived = false;
    const close = (): void => {
      const away = spell.map((r) => offLine(line, r.lat, r.lon, 1e5));
      const far = away.some((m, i) => m > 300 && (away[i + 1] ?? 0) > 300);
      const lasts = spell.length > 2 && spell.at(-1)!.time - spell[0]!.time >= 30_000 && wayM(spell) >= 150;
      const waits = spell.every((r) => distanceM([r.lon, r.lat], end) < WAITING_M);
      if (joined && !arrived && !waits && (far || lasts)) spells.push({ trip, reports: spell });
      spell = [];
    };
    for (const report of [...unordered].sort((a, b) => a.time - b.time)) {
      if (offLine(line, report.lat, report.lon, 1e5) > CORRIDOR_M) {
        spell.push(report);
        along = [];
        continue;
      }
      if (spell.length > 0) close();
      const at = placeOnLine(line, report.lat, report.lon, ANYWHERE)!.alongM;
      along.push(at);
      const [first, second] = along.slice(-3);
      joined ||= along.length >= 3 && first! + 50 < second! && second! + 50 < at;
      arrived ||= joined && line.lengthM - at <= ARRIVED_M;
    }
    if (spell.length > 0) close();
  }
  return spells;
}

function wayM(reports: readonly Report[]): number {
  let m = 0;
  for (let i = 1; i < reports.length; i++) {
    const [a, b] = [reports[i - 1]!, reports[i]!];
    m += distanceM([a.lon, a.lat], [b.lon, b.lat]);
  }
  return m;
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${Math.round((1_000 * part) / whole) / 10} %`;

function austin(): void {
  print(['route', 'detours driven', 'found', 'recall', 'findings', 'at a place shared with another bus']);
  print(Array.from({ length: 6 }, () => '---'));
  const day = capmetroDay(shared, '2016-11-25');
  const found = deviationsOf(day);
  const spells = spellsOf(day);
  const routeOf = (trip: string | null): string | undefined =>
    trip === null ? undefined : day.plan.trips.get(trip)?.routeId;
  for (const route of ['7', '10', '20', '37']) {
    const of = spells.filter((spell) => routeOf(spell.trip) === route);
    const hit = of.filter(({ reports }) => reports.some((r) => found.some((f) => covers(f, r))));
    const on = found.filter((f) => routeOf(f.trip) === route && f.lat !== null);
    const together = on.filter((f) =>
      on.some((g) => g.vehicle !== f.vehicle && distanceM([f.lon!, f.lat!], [g.lon!, g.lat!]) < SAME_PLACE_M),
    );
    print([route, of.length, hit.length, percent(hit.length, of.length), on.length, together.length]);
  }
}

function buffalo(): void {
  print([
    'day',
    'detours driven',
    'found',
    'recall',
    'with the agency\u2019s flag',
    'found of those',
    'flagged fixes',
    'of them within 60 m of the line',
  ]);
  print(Array.from({ length: 8 }, () => '---'));
  for (const date of ['20200730', '20200731', '20200801']) {
    const day = nftaDay(shared, date);
    const lines = tripLines(day.plan);
    const found = deviationsOf(day);
    const spells = spellsOf(day);
    const isHit = ({ reports }: Spell): boolean => reports.some((r) => found.some((f) => covers(f, r)));
    const hit = spells.filter(isHit);
    const flagged = spells.filter(({ reports }) => reports.some((r) => day.flagged.has(r)));
    const near = [...day.flagged].filter((r) => {
      const line = lines.ofTrip(day.tripOf.get(r) ?? '')?.line;
      return line !== undefined && offLine(line, r.lat, r.lon, 1e5) <= CORRIDOR_M;
    });
    print([
      date,
      spells.length,
      hit.length,
      percent(hit.length, spells.length),
      flagged.length,
      flagged.filter(isHit).length,
      day.flagged.size,
      near.length,
    ]);
    if (process.argv.includes('--missed')) {
      for (const { trip, reports } of spells.filter((spell) => !isHit(spell))) {
        const [first] = reports;
        process.stdout.write(
          `${trip} ${first!.vehicle} ${new Date(first!.time).toISOString()} ${reports.length} fixes\n`,
        );
      }
    }
  }
}

austin();
process.stdout.write('\n');
buffalo();
