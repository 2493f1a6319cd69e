import type { ReportChart } from './report-document.ts';

/** What a document calls the two weights of its font. */
export const TEXT_FONT = 'text';
export const BOLD_FONT = 'bold';

/** Told apart in print and by those who do not see colours: by dashes too. */
const LINES: readonly { readonly colour: string; readonly dash: number | null }[] = [
  { colour: '#1f5fa8', dash: null },
  { colour: '#b2500f', dash: 4 },
  { colour: '#2d7a46', dash: 2 },
  { colour: '#7a3f99', dash: 7 },
  { colour: '#8f1d2c', dash: 1 },
];
const GRID = '#d9dfe7';
const QUIET = '#5a6675';
const LEFT = 42;
const FOOT = 16;
const HEAD = 16;
const STEPS = 4;
const MOST_LABELS = 16;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Lines over days, or over quarters of an hour. A value that is not known leaves a gap. */
export function drawChart(pdf: PDFKit.PDFDocument, chart: ReportChart, box: Box): void {
  const values = chart.series.flatMap((one) => one.values.filter((value) => value !== null));
  const top = chart.percent ? 1 : niceTop(Math.max(1, ...values));
  const lowest = chart.percent ? Math.min(0.9, ...values) : 0;
  const floor = chart.percent ? Math.max(0, Math.floor(lowest * 10) / 10) : 0;
  const inner = {
    x: box.x + LEFT,
    y: box.y + HEAD,
    width: box.width - LEFT,
    height: box.height - HEAD - FOOT,
  };
  const xOf = (i: number) => inner.x + (inner.width * (i + 0.5)) / Math.max(chart.labels.length, 1);
  const yOf = (value: number) => inner.y + inner.height * (1 - (value - floor) / (top - floor || 1));
  pdf.font(TEXT_FONT).fontSize(7.5).fillColor(QUIET);
  for (let i = 0; i <= STEPS; i++) {
    const value = floor + ((top - floor) * i) / STEPS;
    const y = yOf(value);
    pdf
      .moveTo(inner.x, y)
      .lineTo(inner.x + inner.width, y)
      .lineWidth(0.5)
      .undash()
      .stroke(GRID);
    const text = chart.percent ? `${(value * 100).toFixed(0)} %` : String(Math.round(value * 10) / 10);
    pdf.text(text, box.x, y - 5, { width: LEFT - 6, align: 'right', lineBreak: false });
  }
  const every = Math.ceil(chart.labels.length / MOST_LABELS);
  chart.labels.forEach((label, i) => {
    if (i % every === 0)
      pdf.text(label, xOf(i) - 30, inner.y + inner.height + 4, {
        width: 60,
        align: 'center',
        lineBreak: false,
      });
  });
  let x = inner.x;
  chart.series.forEach((one, s) => {
    const { colour, dash } = LINES[s % LINES.length]!;
    const stroke = () => {
      if (dash === null) pdf.undash();
      else pdf.dash(dash, { space: dash });
      pdf.lineWidth(1.4).stroke(colour);
    };
    pdf.moveTo(x, box.y + 6).lineTo(x + 18, box.y + 6);
    stroke();
    pdf.fillColor(QUIET).text(one.name, x + 22, box.y + 1, { lineBreak: false });
    x += 34 + pdf.widthOfString(one.name);
    let drawing = false;
    one.values.forEach((value, i) => {
      if (value === null) {
        if (drawing) stroke();
        drawing = false;
      } else if (drawing) pdf.lineTo(xOf(i), yOf(value));
      else {
        // A value with nothing beside it is still a mark.
        pdf.moveTo(xOf(i) - 1.5, yOf(value)).lineTo(xOf(i), yOf(value));
        drawing = true;
      }
    });
    if (drawing) stroke();
  });
  pdf.undash();
  pdf.x = box.x;
  pdf.y = box.y;
}

/** The next of 1, 2, 5 with zeros. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
