import { join } from 'node:path';
import type { LonLat } from '../../geo/geometry/point.ts';
import { type RecordedRow, recordedRows, textOf } from './read-recorded.ts';
import { dayOfRuns, type RecordedDay, type RecordedRun } from './recorded-day.ts';

/** Cars of Upper Franconia, a fix every few seconds with its raw noise, on the roads they truly drove. */
export function oberfrankenDay(shared: string): RecordedDay {
  const folder = join(shared, 'data', 'fcd-oberfranken-2019');
  const truth = JSON.parse(
    textOf(join(folder, 'ground_truth_routes.geojson.gz')),
  ) as GeoJSON.FeatureCollection<GeoJSON.MultiLineString>;
  const line = new Map(
    truth.features
      .filter((feature) => feature.geometry.coordinates.length === 1)
      .map((f) => [`fcd-${f.properties?.track}`, f.geometry.coordinates[0] as unknown as LonLat[]]),
  );
  return dayOfRuns(
    'fcd-oberfranken-2019',
    tracksOf(recordedRows(join(folder, 'positions.csv.gz')), (row) => row.row.vehicle ?? '')
      .filter((track) => line.has(track.key))
      .map((track) => asRun(track, line.get(track.key)!)),
  );
}

/** One drive through Munich, every second and every 15 s, with one jump of 469 m in a second. */
export function munichDay(shared: string): RecordedDay {
  const folder = join(shared, 'data', 'munich-car-2014');
  return dayOfRuns(
    'munich-car-2014',
    tracksOf(recordedRows(join(folder, 'positions.csv')), (row) => row.row.vehicle ?? '').map((track) => {
      const matched = JSON.parse(textOf(join(folder, `${track.key}_matched.geojson`))) as unknown;
      return asRun(track, positionsIn(matched));
    }),
  );
}

/** Buses of Liverpool's route 14; the line is the way of the fullest trip. */
export function liverpoolDay(shared: string): RecordedDay {
  const rows = recordedRows(join(shared, 'data', 'liverpool-route14-2026', 'positions.csv'));
  const tracks = tracksOf(rows, (row) => `${row.row.trip_id}-${row.report.vehicle}`).filter(
    (t) => t.rows.length > 60,
  );
  const fullest = [...tracks].sort((a, b) => b.rows.length - a.rows.length)[0]!;
  const line = spaced(fullest.rows.map(({ report }) => [report.lon, report.lat] as const));
  return dayOfRuns(
    'liverpool-route14-2026',
    tracks.map((track) => asRun(track, line)),
  );
}

/** Two passes of a bus of Changsha, a fix every 29 s; the line is the way of the fuller one. */
export function changshaDay(shared: string): RecordedDay {
  const passes = stretches(recordedRows(join(shared, 'data', 'changsha-bus6-2019', 'positions.csv')));
  const fullest = [...passes].sort((a, b) => b.rows.length - a.rows.length)[0]!;
  const line = spaced(fullest.rows.map(({ report }) => [report.lon, report.lat] as const));
  return dayOfRuns(
    'changsha-bus6-2019',
    passes.map((pass) => asRun(pass, line)),
  );
}

/** People of Beijing with a logger, by car, by bus and on foot, with gaps and jumps; each stretch is its own line. */
export function geolifeDay(shared: string): RecordedDay {
  const tracks = stretches(recordedRows(join(shared, 'data', 'geolife-beijing-2009', 'positions.csv')));
  return dayOfRuns(
    'geolife-beijing-2009',
    tracks
      .map((track) => asRun(track, spaced(track.rows.map(({ report }) => [report.lon, report.lat] as const))))
      .filter((run) => run.line.length > 10),
  );
}

/** The tracks of each vehicle between silences of ten minutes. */
function stretches(rows: readonly RecordedRow[]): Track[] {
  const tracks: { key: string; rows: RecordedRow[] }[] = [];
  let last: RecordedRow['report'] | null = null;
  for (const row of rows) {
    const { report } = row;
    const goesOn = last !== null && last.vehicle === report.vehicle && report.time - last.time <= 600_000;
    if (goesOn) tracks.at(-1)!.rows.push(row);
    else tracks.push({ key: `${report.vehicle}-${tracks.length}`, rows: [row] });
    last = report;
  }
  return tracks.filter((track) => track.rows.length > 10);
}

interface Track {
  readonly key: string;
  readonly rows: readonly RecordedRow[];
}

function tracksOf(rows: readonly RecordedRow[], keyOf: (row: RecordedRow) => string): Track[] {
  const tracks = new Map<string, RecordedRow[]>();
  for (const row of rows) tracks.set(keyOf(row), [...(tracks.get(keyOf(row)) ?? []), row]);
  return [...tracks].map(([key, of]) => ({ key, rows: of }));
}

function asRun(track: Track, line: readonly LonLat[]): RecordedRun {
  const reports = track.rows.map((row) => row.report);
  return { trip: track.key, vehicle: reports[0]!.vehicle, line, reports };
}

/** All positions of a GeoJSON value, in order. */
function positionsIn(value: unknown): LonLat[] {
  if (Array.isArray(value)) {
    if (typeof value[0] === 'number' && typeof value[1] === 'number') return [[value[0], value[1]]];
    return value.flatMap(positionsIn);
  }
  if (typeof value !== 'object' || value === null) return [];
  const { features, geometry, geometries, coordinates } = value as { [key: string]: unknown };
  return positionsIn(features ?? geometry ?? geometries ?? coordinates ?? []);
}

/** Without the fixes of one standing bus. */
function spaced(points: readonly LonLat[]): LonLat[] {
  const kept: LonLat[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) > 0.0002) kept.push(point);
  }
  return kept;
}
