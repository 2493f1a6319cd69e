import { join } from 'node:path';
import { measureLine } from '../../geo/geometry/line.ts';
import type { LonLat } from '../../geo/geometry/point.ts';
import { offLine, placeOnLine, type TrackLine, trackLine } from '../../geo/matching/track-line.ts';
import type { Report } from '../../geo/report.ts';
import { ANYWHERE } from './anywhere.ts';
import type { AgencyEstimate, EtaDay } from './eta-days.ts';
import { type RecordedRow, recordedRows, textOf } from './read-recorded.ts';
import { clock, lines, planOf } from './recorded-day.ts';
import { roadNetwork } from './road-network.ts';

const DAYS = ['20200730', '20200731', '20200801'] as const;
/** Local time is UTC-4 on all three days. */
const ZONE_MS = -4 * 3_600_000;
const PASS_GAP_MS = 600_000;
const FEWEST_FIXES = 10;
const PATTERNS = 6;
const NEAR_M = 40;
const LONGEST_WAY = 1.25;
const FORWARD_SHARE = 0.95;
/** A timepoint's place is believed when so many buses changed over to the next code around it. */
const FEWEST_CHANGES = 6;

interface Pattern {
  readonly id: string;
  readonly points: readonly LonLat[];
  readonly flat: TrackLine;
  /** Timepoint codes with their places along the line. */
  readonly places: Map<string, number>;
}

interface Pass {
  readonly day: string;
  readonly rows: readonly RecordedRow[];
  readonly pattern: Pattern;
  readonly along: readonly number[];
}

/**
 * Buffalo's three days on a timetable of timepoints. The feed names the next timepoint, its time by the timetable and by
 * the agency's estimate, to the minute, but not where it is: that is where buses change over to the next code.
 */
export function nftaTimedDays(shared: string): EtaDay[] {
  const folder = join(shared, 'data', 'nfta-buffalo-2020');
  const map = JSON.parse(textOf(join(folder, 'routes.geojson'))) as GeoJSON.FeatureCollection<
    GeoJSON.LineString | GeoJSON.MultiLineString
  >;
  const byRoute = new Map<string, { day: string; rows: RecordedRow[] }[]>();
  for (const day of DAYS) {
    const rows = recordedRows(join(folder, `positions_${day}.csv.gz`)).filter(
      ({ report }) => Math.abs(report.lat) > 1 && report.lon < -70 && report.lon > -90,
    );
    for (const pass of passesOf(rows)) {
      const key = `${pass[0]!.row.route}-${pass[0]!.row.direction}`;
      byRoute.set(key, [...(byRoute.get(key) ?? []), { day, rows: pass }]);
    }
  }
  const passes: Pass[] = [];
  const patterns: Pattern[] = [];
  for (const [key, ofRoute] of byRoute) {
    const own = patternsOf(
      key,
      ofRoute.map((one) => one.rows),
      map,
    );
    patterns.push(...own);
    const here = ofRoute.flatMap(({ day, rows }) => {
      const laid = lay(rows, own);
      return laid === null ? [] : [{ day, rows, ...laid }];
    });
    placeTimepoints(here);
    passes.push(...here);
  }
  return DAYS.map((day) =>
    timedDay(
      day,
      passes.filter((pass) => pass.day === day),
    ),
  );
}

function patternsOf(
  key: string,
  passes: readonly (readonly RecordedRow[])[],
  map: GeoJSON.FeatureCollection<GeoJSON.LineString | GeoJSON.MultiLineString>,
): Pattern[] {
  const route = key.split('-')[0]!;
  const roads = map.features
    .filter((feature) => feature.properties?.route === route)
    .flatMap(({ geometry }) =>
      geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates,
    ) as unknown as LonLat[][];
  const network = roadNetwork(roads);
  const fullest = [...passes].sort((a, b) => clean(b).length - clean(a).length);
  const patterns: Pattern[] = [];
  for (const pass of fullest.slice(0, PATTERNS)) {
    const fixes = clean(pass);
    const points = network.way(fixes.map(({ report }) => [report.lon, report.lat] as const));
    if (points === null || points.length < 2) continue;
    const id = `${key}-${patterns.length}`;
    const flat = trackLine(id, measureLine(points), true);
    const driven = measureLine(fixes.map(({ report }): LonLat => [report.lon, report.lat])).lengthM;
    if (flat.lengthM <= LONGEST_WAY * driven) patterns.push({ id, points, flat, places: new Map() });
  }
  return patterns;
}

const clean = (pass: readonly RecordedRow[]): RecordedRow[] =>
  pass.filter(({ row }) => row.off_route_flag === '0' && row.xtrack_m !== '' && Number(row.xtrack_m) <= 30);

function passesOf(rows: readonly RecordedRow[]): RecordedRow[][] {
  const passes: RecordedRow[][] = [];
  let last: RecordedRow | null = null;
  for (const row of rows) {
    const goesOn =
      last !== null &&
      last.report.vehicle === row.report.vehicle &&
      (['route', 'direction', 'run_id'] as const).every((name) => last?.row[name] === row.row[name]) &&
      row.report.time - last.report.time <= PASS_GAP_MS;
    if (goesOn) passes.at(-1)!.push(row);
    else passes.push([row]);
    last = row;
  }
  return passes.filter((pass) => pass.length >= FEWEST_FIXES);
}

/** The pattern that a pass runs along, forward and near; null where there is none. */
function lay(
  rows: readonly RecordedRow[],
  patterns: readonly Pattern[],
): { readonly pattern: Pattern; readonly along: readonly number[] } | null {
  for (const pattern of patterns) {
    const places = rows.map(({ report }) => placeOnLine(pattern.flat, report.lat, report.lon, ANYWHERE)!);
    const off = rows
      .map(({ report }) => offLine(pattern.flat, report.lat, report.lon, 1e5))
      .sort((a, b) => a - b);
    if (off[Math.floor(off.length * 0.9)]! > NEAR_M) continue;
    const along = places.map((place) => place.alongM);
    const forward = along.filter((m, i) => i === 0 || m >= along[i - 1]! - 50).length;
    if (forward >= FORWARD_SHARE * along.length && along.at(-1)! - along[0]! >= 1_000)
      return { pattern, along };
  }
  return null;
}

/** Where most of the spans between the last fix with one code and the first with the next overlap. */
function placeTimepoints(passes: readonly Pass[]): void {
  const spans = new Map<Pattern, Map<string, [number, number][]>>();
  for (const { rows, along, pattern } of passes) {
    const ofPattern = spans.get(pattern) ?? new Map<string, [number, number][]>();
    spans.set(pattern, ofPattern);
    for (let i = 1; i < rows.length; i++) {
      const [before, after] = [rows[i - 1]!.row.next_timepoint!, rows[i]!.row.next_timepoint!];
      if (before === after || before === '' || along[i]! <= along[i - 1]!) continue;
      const list = ofPattern.get(before) ?? [];
      ofPattern.set(before, list);
      list.push([along[i - 1]!, along[i]!]);
    }
  }
  for (const [pattern, ofPattern] of spans) {
    for (const [code, list] of ofPattern) {
      if (list.length < FEWEST_CHANGES) continue;
      let best: [number, number, number] = [0, 0, 0];
      for (let m = 0; m <= pattern.flat.lengthM; m += 20) {
        const held = list.filter(([from, to]) => from <= m && m <= to).length;
        if (held > best[2]) best = [m, m, held];
        else if (held === best[2] && m === best[1] + 20) best = [best[0], m, held];
      }
      if (best[2] >= 0.6 * list.length) pattern.places.set(code, (best[0] + best[1]) / 2);
    }
  }
}

function timedDay(day: string, passes: readonly Pass[]): EtaDay {
  const midnight =
    Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6))) - ZONE_MS;
  const shapes: string[] = ['shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence'];
  const trips: string[] = ['route_id,service_id,trip_id,shape_id'];
  const stops: string[] = ['stop_id,stop_name,stop_lat,stop_lon'];
  const stopTimes: string[] = [
    'trip_id,stop_id,stop_sequence,arrival_time,departure_time,shape_dist_traveled,timepoint',
  ];
  const duties: string[] = ['service_date,trip_id,vehicle_id,driver_id,escort_id'];
  const routes = new Set<string>();
  const known = new Set<string>();
  const reports: Report[] = [];
  const tripOf = new Map<Report, string>();
  const agency: AgencyEstimate[] = [];
  for (const { rows, pattern } of passes) {
    const scheduled = new Map<string, number>();
    for (const { row, report } of rows) {
      const at = minuteOf(row.next_tp_sched_local ?? '', report.time - midnight);
      if (at !== null && !scheduled.has(row.next_timepoint!)) scheduled.set(row.next_timepoint!, at);
    }
    const timed = [...pattern.places]
      .flatMap(([code, m]) => (scheduled.has(code) ? [{ code, m, at: scheduled.get(code)! }] : []))
      .sort((a, b) => a.m - b.m);
    const kept = timed.filter(
      (one, i) => i === 0 || (one.at > timed[i - 1]!.at && one.m > timed[i - 1]!.m + 100),
    );
    if (kept.length < 3 || kept.length < timed.length || kept[0]!.at < 0) continue;
    const [first] = rows;
    const trip = `${pattern.id}-${first!.report.vehicle}-${day}-${kept[0]!.at}`;
    if (tripOf.size > 0 && known.has(trip)) continue;
    known.add(trip);
    const route = first!.row.route!;
    routes.add(route);
    if (!known.has(pattern.id)) {
      known.add(pattern.id);
      pattern.points.forEach(([lon, lat], i) => {
        shapes.push(`${pattern.id},${lat},${lon},${i + 1}`);
      });
    }
    trips.push(`${route},${day},${trip},${pattern.id}`);
    kept.forEach(({ code, m, at }, i) => {
      const stop = `${pattern.id}-${code}`;
      if (!known.has(stop)) {
        known.add(stop);
        const [lon, lat] = pointAt(pattern, m);
        stops.push(`${stop},${code},${lat},${lon}`);
      }
      stopTimes.push(`${trip},${stop},${i + 1},${clock(at)},${clock(at)},,1`);
    });
    duties.push(`${day},${trip},${first!.report.vehicle},,`);
    for (const { report, row } of rows) {
      reports.push(report);
      tripOf.set(report, trip);
      const estimate = minuteOf(row.next_tp_est_local ?? '', report.time - midnight);
      if (estimate !== null && kept.some((one) => one.code === row.next_timepoint))
        agency.push({
          at: report.time,
          trip,
          stop: `${pattern.id}-${row.next_timepoint}`,
          predicted: midnight + estimate,
        });
    }
  }
  const plan = planOf(
    new Map([
      [
        'agency.txt',
        'agency_id,agency_name,agency_url,agency_timezone\na,a,https://example.org,America/New_York\n',
      ],
      [
        'routes.txt',
        lines(['route_id,route_short_name,route_type', ...[...routes].map((r) => `${r},${r},3`)]),
      ],
      ['calendar_dates.txt', `service_id,date,exception_type\n${day},${day},1\n`],
      ['shapes.txt', lines(shapes)],
      ['trips.txt', lines(trips)],
      ['stops.txt', lines(stops)],
      ['stop_times.txt', lines(stopTimes)],
      ['duties.csv', lines(duties)],
    ]),
  );
  return { name: `nfta ${day}`, plan, reports, tripOf, agency };
}

/** `HH:MM` of the day as milliseconds after its midnight, on the side of midnight nearer to `about`; null where blank. */
function minuteOf(text: string, about: number): number | null {
  const parts = /^(\d\d?):(\d\d)$/.exec(text);
  if (!parts) return null;
  const at = (Number(parts[1]) * 60 + Number(parts[2])) * 60_000;
  return at + Math.round((about - at) / 86_400_000) * 86_400_000;
}

function pointAt({ flat, points }: Pattern, m: number): LonLat {
  let i = 1;
  while (i < points.length - 1 && flat.alongM[i]! < m) i++;
  const span = flat.alongM[i]! - flat.alongM[i - 1]!;
  const t = span > 0 ? (m - flat.alongM[i - 1]!) / span : 0;
  const [a, b] = [points[i - 1]!, points[i]!];
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
}
