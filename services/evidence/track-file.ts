import type { Report } from '../../geo/report.ts';
import { isoTime } from '../api/time.ts';

export const TRACK_FORMATS = ['gpx', 'geojson', 'csv'] as const;
export type TrackFormat = (typeof TRACK_FORMATS)[number];

export interface Track {
  readonly vehicle: string;
  readonly plate: string | null;
  readonly reports: readonly Report[];
}

/** A longer silence begins another segment. */
const GAP_MS = 180_000;

/** The track as a file that other programs read; WGS-84 as it was measured. */
export function trackFile(
  format: TrackFormat,
  track: Track,
): { readonly type: string; readonly text: string } {
  switch (format) {
    case 'gpx':
      return { type: 'application/gpx+xml; charset=utf-8', text: gpx(track) };
    case 'geojson':
      return { type: 'application/geo+json; charset=utf-8', text: geoJson(track) };
    case 'csv':
      return { type: 'text/csv; charset=utf-8', text: csv(track) };
  }
}

/** GPX 1.1 (topografix.com/GPX/1/1). Speed has no element of its own there; metres per second go by the extension that most programs read. */
function gpx({ vehicle, plate, reports }: Track): string {
  const points = (segment: readonly Report[]) =>
    segment
      .map(({ lat, lon, time, altitudeM, speedKmh }) => {
        const height = altitudeM === null ? '' : `<ele>${altitudeM}</ele>`;
        const speed =
          speedKmh === null
            ? ''
            : `<extensions><gpxtpx:TrackPointExtension><gpxtpx:speed>${(speedKmh / 3.6).toFixed(2)}</gpxtpx:speed></gpxtpx:TrackPointExtension></extensions>`;
        return `<trkpt lat="${lat}" lon="${lon}">${height}<time>${new Date(time).toISOString()}</time>${speed}</trkpt>`;
      })
      .join('\n');
  const parts = segments(reports).map((segment) => `<trkseg>\n${points(segment)}\n</trkseg>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Busguard" xmlns="http://www.topografix.com/GPX/1/1" xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">
<trk><name>${escaped(plate ?? vehicle)}</name>
${parts.join('\n')}
</trk>
</gpx>
`;
}

/** RFC 7946: the way as lines, and each report as a point. */
function geoJson({ vehicle, plate, reports }: Track): string {
  const lines = segments(reports)
    .filter((segment) => segment.length > 1)
    .map((segment) => ({
      type: 'Feature',
      properties: {
        vehicle,
        plate,
        from: isoTime(segment[0]!.time),
        to: isoTime(segment.at(-1)!.time),
      },
      geometry: { type: 'LineString', coordinates: segment.map(({ lon, lat }) => [lon, lat]) },
    }));
  const points = reports
    .filter(({ positioned }) => positioned)
    .map(({ time, lat, lon, speedKmh, directionDeg, accOn, backfill }) => ({
      type: 'Feature',
      properties: { time: isoTime(time), speedKmh, directionDeg, accOn, backfill },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    }));
  return `${JSON.stringify({ type: 'FeatureCollection', features: [...lines, ...points] })}\n`;
}

/** With the columns that `busguard replay --track` reads, and more behind them. */
function csv({ vehicle, reports }: Track): string {
  const rows = reports.map((report) =>
    [
      cell(vehicle),
      isoTime(report.time),
      report.positioned ? report.lat : '',
      report.positioned ? report.lon : '',
      report.speedKmh ?? '',
      report.directionDeg ?? '',
      report.serial ?? '',
      report.accOn ?? '',
      report.recorderSpeedKmh ?? '',
      report.mileageKm ?? '',
      report.alarmFlags,
      report.statusFlags,
      report.backfill,
      isoTime(report.receivedAt),
    ].join(','),
  );
  const header =
    'vehicle,time,lat,lon,speed_kmh,bearing,serial,acc_on,recorder_kmh,mileage_km,alarm_flags,status_flags,backfill,received_at';
  return `${[header, ...rows].join('\r\n')}\r\n`;
}

function segments(reports: readonly Report[]): Report[][] {
  const parts: Report[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const report of reports) {
    if (!report.positioned) continue;
    if (report.time - before > GAP_MS) parts.push([]);
    parts.at(-1)!.push(report);
    before = report.time;
  }
  return parts;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A vehicle's id may be what a terminal called itself: no program is to take it for a formula. */
const cell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
