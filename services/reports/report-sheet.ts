import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node';
import type { ReportColumn, ReportDocument, ReportTable } from './report-document.ts';

/** Excel's own limit on the name of a sheet. */
const LONGEST_NAME = 31;
const NARROWEST = 8;
const WIDEST = 60;

/** The report as an .xlsx: one sheet for each table, what it is about above it. */
export async function reportSheet(document: ReportDocument): Promise<Buffer> {
  const sheets = document.tables.map((table, i) => ({
    sheet: `${i + 1} ${table.title}`.replace(/[\\/?*[\]:]/g, ' ').slice(0, LONGEST_NAME),
    data: dataOf(document, table),
    columns: table.columns.map((column, at) => ({ width: widthOf(column, table, at) })),
    stickyRowsCount: document.about.length + 3,
  }));
  return writeXlsxFile(sheets).toBuffer();
}

function dataOf({ title, about, notes }: ReportDocument, table: ReportTable): SheetData {
  const head = table.columns.map(
    (column): Cell => ({ value: column.title, fontWeight: 'bold', backgroundColor: '#e8eef5', wrap: true }),
  );
  return [
    [{ value: `${title} · ${table.title}`, fontWeight: 'bold', fontSize: 14 }],
    ...about.map((line): Cell[] => [{ value: line, textColor: '#55606e' }]),
    [],
    head,
    ...table.rows.map((row) => row.map((value, i) => cellOf(value, table.columns[i]))),
    ...(table.more ? [[{ value: table.more }]] : []),
    [],
    ...notes.map((line): Cell[] => [{ value: line, textColor: '#55606e' }]),
  ];
}

function cellOf(value: string | number | null, column: ReportColumn | undefined): Cell {
  if (value === null) return null;
  if (typeof value === 'string') return { value: plain(value), type: String };
  return column?.kind === 'percent'
    ? { value, type: Number, format: '0.0%' }
    : { value, type: Number, format: Number.isInteger(value) ? '0' : '0.0' };
}

/** A sheet takes characters that XML takes. */
const plain = (text: string): string =>
  [...text].filter((one) => one >= ' ' || one === '\n' || one === '\t').join('');

/** Chinese takes two places. */
function widthOf(column: ReportColumn, { rows }: ReportTable, at: number): number {
  const lengths = [column.title, ...rows.slice(0, 200).map((row) => String(row[at] ?? ''))].map((text) =>
    [...text].reduce((sum, one) => sum + (one > '\u2e80' ? 2 : 1), 0),
  );
  const longest = column.kind === 'text' ? Math.max(...lengths) : Math.max(lengths[0] ?? 0, NARROWEST);
  return Math.min(Math.max(longest + 2, NARROWEST), WIDEST);
}
