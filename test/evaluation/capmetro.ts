import { join } from 'node:path';
import { measureLine } from '../../geo/geometry/line.ts';
import type { LonLat } from '../../geo/geometry/point.ts';
import { offLine, trackLine } from '../../geo/matching/track-line.ts';
import { csvRows, type RecordedRow, recordedRows, textOf } from './read-recorded.ts';
import { lines, planOf, type RecordedDay } from './recorded-day.ts';

/** Capital Metro of one day on its own timetable; the nearer of the route's two lines is the trip's. */
export function capmetroDay(shared: string, day: string): RecordedDay {
  const folder = join(shared, 'data', 'capmetro-austin-2016');
  const file = (name: string): string => join(folder, `${name}_20160821_20170121`);
  const date = day.replaceAll('-', '');
  const shapes = (
    JSON.parse(textOf(`${file('routes')}.geojson.gz`)) as GeoJSON.FeatureCollection<GeoJSON.LineString>
  ).features
    .map((feature) => ({
      id: `${feature.properties?.route}-${feature.properties?.direction}`,
      route: String(feature.properties?.route),
      points: feature.geometry.coordinates as unknown as LonLat[],
    }))
    .map((shape) => ({ ...shape, flat: trackLine(shape.id, measureLine(shape.points), true) }));
  const rows = recordedRows(join(folder, `positions_${day}.csv.gz`));
  const byTrip = new Map<string, RecordedRow[]>();
  for (const row of rows) {
    const trip = row.row.trip_id ?? '';
    byTrip.set(trip, [...(byTrip.get(trip) ?? []), row]);
  }
  const times = new Map<string, string[]>();
  const stopsUsed = new Set<string>();
  for (const row of csvRows(textOf(`${file('schedule')}.csv.gz`))) {
    if (!byTrip.has(row.trip_id!)) continue;
    const stops = times.get(row.trip_id!) ?? [];
    stops.push(`${row.stop_id},${row.arrival_time_local}`);
    times.set(row.trip_id!, stops);
    stopsUsed.add(row.stop_id!);
  }
  const trips: string[] = ['route_id,service_id,trip_id,shape_id'];
  const stopTimes: string[] = ['trip_id,stop_id,stop_sequence,arrival_time,departure_time'];
  const duties = new Set<string>();
  const tripOf = new Map<RecordedRow['report'], string>();
  for (const [trip, onIt] of byTrip) {
    const stops = times.get(trip);
    const route = onIt[0]!.row.route;
    const sums = shapes
      .filter((shape) => shape.route === route)
      .map((shape) => ({
        shape,
        offM: median(onIt.map((r) => offLine(shape.flat, r.report.lat, r.report.lon, 1e6))),
      }))
      .sort((a, b) => a.offM - b.offM);
    if (!stops || stops.length < 2 || !sums[0]) continue;
    // Both directions may run along one road: then the order of the stops decides.
    const best = sums.find(({ shape }) => forward(shape.flat, onIt)) ?? sums[0];
    if (best.offM > 30) continue;
    trips.push(`${route},${date},${trip},${best.shape.id}`);
    stops.forEach((stop, i) => {
      const [id, at] = stop.split(',');
      stopTimes.push(`${trip},${id},${i + 1},${at},${at}`);
    });
    for (const { report } of onIt) {
      duties.add(`${date},${trip},${report.vehicle},,`);
      tripOf.set(report, trip);
    }
  }
  const stopRows = csvRows(textOf(`${file('stops')}.csv.gz`)).filter((stop) => stopsUsed.has(stop.stop_id!));
  const routes = new Set(trips.slice(1).map((trip) => trip.split(',')[0]));
  const plan = planOf(
    new Map([
      [
        'agency.txt',
        'agency_id,agency_name,agency_url,agency_timezone\na,a,https://example.org,America/Chicago\n',
      ],
      [
        'routes.txt',
        lines(['route_id,route_short_name,route_type', ...[...routes].map((r) => `${r},${r},3`)]),
      ],
      ['calendar_dates.txt', `service_id,date,exception_type\n${date},${date},1\n`],
      [
        'shapes.txt',
        lines([
          'shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence',
          ...shapes.flatMap(({ id, points }) =>
            points.map(([lon, lat], i) => `${id},${lat},${lon},${i + 1}`),
          ),
        ]),
      ],
      ['trips.txt', lines(trips)],
      [
        'stops.txt',
        lines([
          'stop_id,stop_name,stop_lat,stop_lon',
          ...stopRows.map((s) => `${s.stop_id},x,${s.lat},${s.lon}`),
        ]),
      ],
      ['stop_times.txt', lines(stopTimes)],
      ['duties.csv', lines(['service_date,trip_id,vehicle_id,driver_id,escort_id', ...[...duties].sort()])],
    ]),
  );
  return { name: `capmetro ${day}`, plan, reports: rows.map((row) => row.report), tripOf };
}

/** Does the track run along the line in its direction? */
function forward(line: ReturnType<typeof trackLine>, rows: readonly RecordedRow[]): boolean {
  const [first, last] = [rows[0]!.report, rows.at(-1)!.report];
  const along = (lat: number, lon: number): number => {
    let [best, at] = [Number.POSITIVE_INFINITY, 0];
    for (let i = 0; i < line.x.length; i++) {
      const d = Math.hypot(
        (lon - line.lon0) * line.lonM - line.x[i]!,
        (lat - line.lat0) * line.latM - line.y[i]!,
      );
      if (d < best) [best, at] = [d, line.alongM[i]!];
    }
    return at;
  };
  return along(last.lat, last.lon) > along(first.lat, first.lon);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
