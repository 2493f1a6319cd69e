import type PDFDocument from 'pdfkit';
import { TEXTS } from './pack-texts.ts';

type Data = { readonly [name: string]: unknown };

const HEIGHT = 90;

/** Speed over the time of the pack, with the span of the alert behind it and its limit across. */
export function speedGraph(
  doc: InstanceType<typeof PDFDocument>,
  reports: readonly Data[],
  alert: Data,
  { margin, quiet }: { readonly margin: number; readonly quiet: string },
): void {
  const points = reports
    .filter(({ speedKmh }) => typeof speedKmh === 'number')
    .map(({ time, speedKmh }) => ({ time: Date.parse(String(time)), kmh: Number(speedKmh) }));
  if (points.length < 2) return;
  if (doc.y + HEIGHT + 40 > doc.page.height - margin) doc.addPage();
  const [from, to] = [points[0]!.time, points.at(-1)!.time];
  const limit = (alert.evidence as Data | undefined)?.limitKmh;
  const top = Math.max(40, ...points.map(({ kmh }) => kmh), typeof limit === 'number' ? limit : 0) * 1.1;
  const width = doc.page.width - 2 * margin;
  const y0 = doc.y + 8;
  const x = (time: number) => margin + (width * (time - from)) / Math.max(1, to - from);
  const y = (kmh: number) => y0 + HEIGHT * (1 - kmh / top);
  const start = Math.max(from, Date.parse(String(alert.start)));
  const end = Math.min(to, alert.end === null ? to : Date.parse(String(alert.end)));
  if (end >= start) doc.rect(x(start), y0, Math.max(1, x(end) - x(start)), HEIGHT).fill('#fdecec');
  doc.rect(margin, y0, width, HEIGHT).lineWidth(0.5).stroke(quiet);
  doc.moveTo(x(from), y(points[0]!.kmh));
  for (const { time, kmh } of points) doc.lineTo(x(time), y(kmh));
  doc.lineWidth(1.1).stroke('#1a5fc4');
  if (typeof limit === 'number') {
    doc
      .moveTo(margin, y(limit))
      .lineTo(margin + width, y(limit))
      .dash(3, { space: 3 })
      .stroke('#c0242b')
      .undash();
  }
  const peak = Math.max(...points.map(({ kmh }) => kmh));
  doc.font('regular').fontSize(7.5).fillColor(quiet);
  const limitText = typeof limit === 'number' ? `   ${TEXTS.limit.join(' ')} ${limit} km/h` : '';
  doc.text(`${TEXTS.speed.join(' ')} 0–${Math.round(peak)} km/h${limitText}`, margin, y0 + HEIGHT + 4);
  doc.moveDown(0.5);
}
