import PDFDocument from 'pdfkit';
import { notoSans } from '../evidence/pdf-fonts.ts';
import { BOLD_FONT, drawChart, TEXT_FONT } from './pdf-chart.ts';
import type { ReportColumn, ReportDocument, ReportTable } from './report-document.ts';

const MARGIN = 40;
const INK = '#18222f';
const QUIET = '#5a6675';
const LINE = '#d4dbe3';
const BAND = '#eef2f7';
const CELL_PAD = 4;
const TEXT_SIZE = 8.5;

/** The report as a PDF on A4, wide; numbered pages, the head of a table again on each. */
export function reportPdf(document: ReportDocument): Promise<Buffer> {
  const pdf = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margin: MARGIN,
    bufferPages: true,
    lang: 'zh-CN',
    info: { Title: document.title },
  });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
  pdf.registerFont(TEXT_FONT, notoSans(400));
  pdf.registerFont(BOLD_FONT, notoSans(600));
  pdf.font(BOLD_FONT).fontSize(17).fillColor(INK).text(document.title);
  pdf.font(TEXT_FONT).fontSize(9).fillColor(QUIET);
  for (const line of document.about) pdf.text(line);
  for (const table of document.tables) drawTable(pdf, table);
  pdf.moveDown(1).font(TEXT_FONT).fontSize(8).fillColor(QUIET);
  for (const note of document.notes) {
    if (pdf.y > bottom(pdf) - 24) pdf.addPage();
    pdf.text(note, MARGIN, pdf.y, { width: width(pdf) });
  }
  numberPages(pdf, document.title);
  pdf.end();
  return done;
}

const width = (pdf: PDFKit.PDFDocument): number => pdf.page.width - 2 * MARGIN;
const bottom = (pdf: PDFKit.PDFDocument): number => pdf.page.height - MARGIN - 14;

function drawTable(pdf: PDFKit.PDFDocument, table: ReportTable): void {
  const CHART_HEIGHT = 150;
  const needed = 60 + (table.chart ? CHART_HEIGHT + 20 : 0);
  if (pdf.y + needed > bottom(pdf)) pdf.addPage();
  else pdf.moveDown(1.2);
  pdf
    .font(BOLD_FONT)
    .fontSize(11.5)
    .fillColor(INK)
    .text(table.title, MARGIN, pdf.y, { width: width(pdf) });
  pdf.moveDown(0.3);
  if (table.chart) {
    drawChart(pdf, table.chart, { x: MARGIN, y: pdf.y, width: width(pdf), height: CHART_HEIGHT });
    pdf.y += CHART_HEIGHT + 10;
  }
  const shares = table.columns.map((column) => column.width ?? 1);
  const whole = shares.reduce((sum, one) => sum + one, 0);
  const widths = shares.map((one) => (one / whole) * width(pdf));
  drawRow(
    pdf,
    table.columns,
    widths,
    table.columns.map(({ title }) => title),
    true,
    0,
  );
  table.rows.forEach((row, i) => {
    const texts = row.map((value, at) => textOf(value, table.columns[at]));
    const height = rowHeight(pdf, texts, widths, false);
    if (pdf.y + height > bottom(pdf)) {
      pdf.addPage();
      drawRow(
        pdf,
        table.columns,
        widths,
        table.columns.map(({ title }) => title),
        true,
        0,
      );
    }
    drawRow(pdf, table.columns, widths, texts, false, i);
  });
  if (table.more)
    pdf
      .font(TEXT_FONT)
      .fontSize(TEXT_SIZE)
      .fillColor(QUIET)
      .text(table.more, MARGIN, pdf.y + 4);
}

/** Of each character in each font, its width at size 1: laying Chinese text out to measure it costs milliseconds. */
const widths1 = new Map<string, number>();

function charWidth(pdf: PDFKit.PDFDocument, font: string, char: string): number {
  const key = `${font} ${char}`;
  let known = widths1.get(key);
  if (known === undefined) {
    known = pdf.font(font).fontSize(TEXT_SIZE).widthOfString(char) / TEXT_SIZE;
    widths1.set(key, known);
  }
  return known;
}

/** A word, a blank, or a Chinese character with the marks that must not be parted from it (no line begins with 。 or 》). */
const PIECES =
  /[\u0021-\u024f]+|\s|[（《「『“‘]*[^\s\u0021-\u024f（《「『“‘][，。、；：！？）》」』”’]*|[（《「『“‘]+/g;

/** The lines of a cell: broken at blanks, and anywhere in Chinese. */
function linesOf(pdf: PDFKit.PDFDocument, text: string, font: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const piece of text.match(PIECES) ?? []) {
    const wide = [...piece].reduce((sum, char) => sum + charWidth(pdf, font, char) * TEXT_SIZE, 0);
    if (used + wide > room && line !== '') {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
    }
    line += piece;
    used += wide;
  }
  return [...lines, line];
}

const LEADING = 12;

const rowHeight = (
  pdf: PDFKit.PDFDocument,
  texts: readonly string[],
  widths: readonly number[],
  head: boolean,
): number =>
  Math.max(
    ...texts.map(
      (text, i) => linesOf(pdf, text, head ? BOLD_FONT : TEXT_FONT, (widths[i] ?? 0) - 2 * CELL_PAD).length,
    ),
  ) *
    LEADING +
  2 * CELL_PAD;

function drawRow(
  pdf: PDFKit.PDFDocument,
  columns: readonly ReportColumn[],
  widths: readonly number[],
  texts: readonly string[],
  head: boolean,
  number: number,
): void {
  const height = rowHeight(pdf, texts, widths, head);
  const top = pdf.y;
  if (head || number % 2 === 1) pdf.rect(MARGIN, top, width(pdf), height).fill(head ? BAND : '#f8fafc');
  pdf
    .moveTo(MARGIN, top + height)
    .lineTo(MARGIN + width(pdf), top + height)
    .lineWidth(0.5)
    .stroke(LINE);
  pdf
    .font(head ? BOLD_FONT : TEXT_FONT)
    .fontSize(TEXT_SIZE)
    .fillColor(INK);
  let x = MARGIN;
  texts.forEach((text, i) => {
    const cell = widths[i] ?? 0;
    const align = columns[i]?.kind === 'text' ? 'left' : 'right';
    const lines = linesOf(pdf, text, head ? BOLD_FONT : TEXT_FONT, cell - 2 * CELL_PAD);
    pdf.font(head ? BOLD_FONT : TEXT_FONT).fontSize(TEXT_SIZE);
    lines.forEach((line, at) => {
      const wide = [...line].reduce(
        (sum, char) => sum + charWidth(pdf, head ? BOLD_FONT : TEXT_FONT, char) * TEXT_SIZE,
        0,
      );
      const left = align === 'left' ? x + CELL_PAD : x + cell - CELL_PAD - wide;
      pdf.text(line, left, top + CELL_PAD + at * LEADING, { lineBreak: false });
    });
    x += cell;
  });
  pdf.x = MARGIN;
  pdf.y = top + height;
}

function textOf(value: string | number | null, column: ReportColumn | undefined): string {
  if (value === null) return '—';
  if (typeof value === 'string') return value;
  if (column?.kind === 'percent') return `${(value * 100).toFixed(1)} %`;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function numberPages(pdf: PDFKit.PDFDocument, title: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let i = start; i < start + count; i++) {
    pdf.switchToPage(i);
    // Within the margin, where text would begin another page.
    pdf.page.margins.bottom = 0;
    pdf.font(TEXT_FONT).fontSize(8).fillColor(QUIET);
    pdf.text(`${title}    ${i + 1} / ${count}`, MARGIN, pdf.page.height - MARGIN + 6, {
      width: width(pdf),
      align: 'right',
      lineBreak: false,
    });
  }
}
