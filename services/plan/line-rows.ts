import { parseDecimal } from '../../geo/plan/cells.ts';
import { readCsv } from '../../geo/plan/csv.ts';
import type { PlanRow } from './plan-rows.ts';
import { csvText } from './register-rows.ts';

const HEADER = ['shape_id', 'shape_pt_lat', 'shape_pt_lon', 'shape_pt_sequence'];

/** The lines of shapes.txt, each a row of its id and its points as WKT, in the order in which they begin in the file. */
export function readLineRows(text: string | undefined): PlanRow[] {
  const lines = new Map<string, { readonly at: number; readonly point: string }[]>();
  for (const { id, lat, lon, sequence } of pointsOf(text)) {
    const line = lines.get(id) ?? [];
    line.push({ at: sequence, point: `${lon} ${lat}` });
    lines.set(id, line);
  }
  return [...lines].map(([id, points]) => {
    points.sort((a, b) => a.at - b.at);
    return { shape_id: id, line: `LINESTRING(${points.map(({ point }) => point).join(', ')})` };
  });
}

/**
 * Lines that are as they were keep their rows, also what else these say. Of one that was drawn anew the distances
 * along it are left out: they were those of another line.
 */
export function writeLineRows(rows: readonly PlanRow[], before: string | undefined): string {
  const was = new Map(readLineRows(before).map((row) => [row.shape_id, row.line]));
  const kept = new Set(rows.filter((row) => was.get(row.shape_id) === row.line).map((row) => row.shape_id));
  const csv = readCsv(before ?? '', () => undefined);
  const columns = csv.next() ? [...csv.cells] : HEADER;
  const idAt = columns.indexOf('shape_id');
  const written: PlanRow[] = [];
  while (csv.next()) {
    if (!kept.has(csv.cells[idAt] ?? '')) continue;
    written.push(Object.fromEntries(columns.map((column, i) => [column, csv.cells[i] ?? ''])));
  }
  for (const row of rows) {
    if (kept.has(row.shape_id)) continue;
    pointsOfWkt(row.line ?? '').forEach(([lon, lat], i) => {
      written.push({
        shape_id: row.shape_id ?? '',
        shape_pt_lat: lat,
        shape_pt_lon: lon,
        shape_pt_sequence: String(i + 1),
      });
    });
  }
  return csvText(columns, written);
}

function* pointsOf(text: string | undefined) {
  const csv = readCsv(text ?? '', () => undefined);
  if (!csv.next()) return;
  const header = [...csv.cells];
  csv.want(HEADER.map((column) => header.indexOf(column)));
  while (csv.next()) {
    const [id = '', lat = '', lon = '', sequence = ''] = csv.cells;
    yield { id, lat, lon, sequence: parseDecimal(sequence) ?? 0 };
  }
}

/** Points as they are written; none where it is no line, which the plan's own reader then complains of. */
function pointsOfWkt(wkt: string): [string, string][] {
  const inside = /^\s*LINESTRING\s*\(([^()]*)\)\s*$/i.exec(wkt)?.[1] ?? '';
  return inside
    .split(',')
    .map((pair) => pair.trim().split(/\s+/))
    .filter((pair): pair is [string, string] => pair.length >= 2);
}
