import { join } from 'node:path';
import { distanceM } from '../../geo/geometry/distance.ts';
import { measureLine } from '../../geo/geometry/line.ts';
import type { LonLat } from '../../geo/geometry/point.ts';
import { offLine, placeOnLine, type TrackLine, trackLine } from '../../geo/matching/track-line.ts';
import type { Report } from '../../geo/report.ts';
import { ANYWHERE } from './anywhere.ts';
import { type RecordedRow, recordedRows, textOf } from './read-recorded.ts';
import { dayOfRuns, type RecordedDay, type RecordedRun } from './recorded-day.ts';
import { roadNetwork } from './road-network.ts';

/** A silence longer than this ends a pass along the route. */
const PASS_GAP_MS = 600_000;
/** Shorter passes show nothing. */
const FEWEST_FIXES = 10;
/** Branches of a route that are tried as its line, from the passes with the most fixes on the roads. */
const PATTERNS = 6;
/** A pass whose middle fix is farther from every pattern than this has none. */
const NO_PATTERN_M = 40;
const LONGEST_WAY = 1.25;
const FORWARD_SHARE = 0.95;

export interface NftaDay extends RecordedDay {
  /** The agency's own word on each report: off its route. */
  readonly flagged: ReadonlySet<RecordedRow['report']>;
}

/**
 * Buffalo's buses of one day, a fix a minute, each pass along a route planned on the line of its branch. The lines are
 * the shortest ways along the route's streets through the fixes of its fullest passes, since the map has no order.
 */
export function nftaDay(shared: string, day: string): NftaDay {
  const folder = join(shared, 'data', 'nfta-buffalo-2020');
  const map = JSON.parse(textOf(join(folder, 'routes.geojson'))) as GeoJSON.FeatureCollection<
    GeoJSON.LineString | GeoJSON.MultiLineString
  >;
  const rows = recordedRows(join(folder, `positions_${day}.csv.gz`)).filter(
    ({ report }) => Math.abs(report.lat) > 1 && report.lon < -70 && report.lon > -90,
  );
  const byRoute = new Map<string, RecordedRow[][]>();
  for (const pass of passesOf(rows)) {
    const key = `${pass[0]!.row.route} ${pass[0]!.row.direction}`;
    byRoute.set(key, [...(byRoute.get(key) ?? []), pass]);
  }
  const runs: RecordedRun[] = [];
  const flagged = new Set<RecordedRow['report']>();
  for (const [key, passes] of byRoute) {
    const route = key.split(' ')[0]!;
    const roads = map.features
      .filter((feature) => feature.properties?.route === route)
      .flatMap(({ geometry }) =>
        geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates,
      ) as unknown as LonLat[][];
    const network = roadNetwork(roads);
    const patterns: { readonly points: LonLat[]; readonly flat: TrackLine }[] = [];
    const fullest = [...passes].sort((a, b) => cleanFixes(b) - cleanFixes(a));
    for (const pass of fullest.slice(0, PATTERNS)) {
      const clean = pass.filter(({ row }) => row.off_route_flag === '0' && Number(row.xtrack_m) <= 30);
      const points = network.way(clean.map(({ report }) => [report.lon, report.lat] as const));
      if (points === null || points.length < 2) continue;
      const flat = trackLine(key, measureLine(points), true);
      // Much longer than what the bus drove it goes there and back where a street is missing.
      if (flat.lengthM <= LONGEST_WAY * wayM(clean)) patterns.push({ points, flat });
    }
    for (const [i, pass] of passes.entries()) {
      const fitting = patterns
        .map((pattern) => ({ pattern, offM: medianOff(pattern.flat, pass) }))
        .sort((a, b) => a.offM - b.offM)[0];
      if (!fitting || fitting.offM > NO_PATTERN_M) continue;
      const reports = pass.map((one) => one.report);
      const line = partDriven(fitting.pattern, reports);
      if (line === null) continue;
      runs.push({ trip: `${key.replace(' ', '-')}-${i}`, vehicle: reports[0]!.vehicle, line, reports });
      for (const { report, row } of pass) if (row.off_route_flag === '1') flagged.add(report);
    }
  }
  return { ...dayOfRuns(`nfta ${day}`, runs), flagged };
}

const cleanFixes = (pass: readonly RecordedRow[]): number =>
  pass.filter(({ row }) => row.off_route_flag === '0' && row.xtrack_m !== '' && Number(row.xtrack_m) <= 30)
    .length;

function passesOf(rows: readonly RecordedRow[]): RecordedRow[][] {
  const passes: RecordedRow[][] = [];
  let last: RecordedRow | null = null;
  for (const row of rows) {
    const goesOn =
      last !== null &&
      last.report.vehicle === row.report.vehicle &&
      last.row.route === row.row.route &&
      last.row.direction === row.row.direction &&
      last.row.run_id === row.row.run_id &&
      row.report.time - last.report.time <= PASS_GAP_MS;
    if (goesOn) passes.at(-1)!.push(row);
    else passes.push([row]);
    last = row;
  }
  return passes.filter((pass) => pass.length >= FEWEST_FIXES);
}

function wayM(rows: readonly RecordedRow[]): number {
  let m = 0;
  for (let i = 1; i < rows.length; i++) {
    const [a, b] = [rows[i - 1]!.report, rows[i]!.report];
    m += distanceM([a.lon, a.lat], [b.lon, b.lat]);
  }
  return m;
}

/**
 * The stretch of the pattern from the first to the last fix on it, or null where the bus does not go forward along it:
 * it began in the middle of its route, or the pattern is that of another branch.
 */
function partDriven(
  { points, flat }: { readonly points: readonly LonLat[]; readonly flat: TrackLine },
  reports: readonly Report[],
): LonLat[] | null {
  const along = reports
    .map((r) => placeOnLine(flat, r.lat, r.lon, ANYWHERE)!)
    .filter((place) => place.offM <= NO_PATTERN_M)
    .map((place) => place.alongM);
  const forward = along.filter((m, i) => i === 0 || m >= along[i - 1]! - 50).length;
  const [from, to] = [along[0] ?? 0, along.at(-1) ?? 0];
  if (forward < FORWARD_SHARE * along.length || to - from < 1_000) return null;
  return points.filter((_, i) => flat.alongM[i]! >= from - 50 && flat.alongM[i]! <= to + 50);
}

function medianOff(line: TrackLine, pass: readonly RecordedRow[]): number {
  const off = pass.map(({ report }) => offLine(line, report.lat, report.lon, 1e5)).sort((a, b) => a - b);
  return off[off.length >> 1]!;
}
