import PDFDocument from 'pdfkit';
import type { Link } from './chain.ts';
import { speedGraph } from './draw-speed.ts';
import { CHAIN_NOTE, TEXTS } from './pack-texts.ts';
import { notoSans } from './pdf-fonts.ts';

export interface PdfPhoto {
  readonly id: string;
  /** JPEG or PNG. */
  readonly bytes: Uint8Array;
}

const MARGIN = 48;
/** Report rows that are printed; all of them are in the manifest. */
const MAX_ROWS = 400;
const QUIET = '#555f6d';
const LINE = '#c9d0d8';

type Doc = InstanceType<typeof PDFDocument>;
type Data = { readonly [name: string]: unknown };

/**
 * The pack for people: what the records say, in Chinese and English, with the head of their chain on every page. The
 * same records give the same pages.
 */
export async function renderPdf(links: readonly Link[], photos: readonly PdfPhoto[]): Promise<Buffer> {
  const of = (kind: string): Data[] =>
    links.filter((link) => link.kind === kind).map(({ data }) => data as Data);
  const one = (kind: string): Data => of(kind)[0] ?? {};
  const head = links.at(-1)?.hash ?? '';
  const pack = one('pack');
  const alert = one('alert');
  const made = new Date(String(pack.madeAt ?? 0));
  const doc = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    bufferPages: true,
    info: {
      Title: `${TEXTS.title[0]} ${String(pack.id ?? '')}`,
      Author: 'Busguard 护航',
      CreationDate: made,
      ModDate: made,
    },
    lang: 'zh-CN',
    displayTitle: true,
  });
  doc.registerFont('regular', notoSans(400));
  doc.registerFont('bold', notoSans(600));
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve);
    doc.on('error', reject);
  });

  doc.font('bold').fontSize(20).fillColor('black').text(`${TEXTS.title[0]}  ${TEXTS.title[1]}`);
  doc.font('regular').fontSize(9).fillColor(QUIET);
  doc.text(`${String(pack.id)}   ${String(pack.madeAt)}   ${nameOf(pack.madeBy)}`);
  rows(doc, { ...pick(pack, ['vehicle', 'alert', 'from', 'to']) });

  heading(doc, TEXTS.alert);
  rows(
    doc,
    pick(alert, ['rule', 'severity', 'start', 'end', 'lat', 'lon', 'trip', 'district', 'schools', 'late']),
  );
  const explain = (alert.evidence as Data | undefined)?.explain as Data | undefined;
  for (const language of ['zh', 'en']) {
    const sentence = explain?.[language];
    if (typeof sentence === 'string') doc.moveDown(0.3).fontSize(10).fillColor('black').text(sentence);
  }
  heading(doc, TEXTS.rule);
  rows(doc, one('rule'));
  rows(doc, omit((alert.evidence as Data | undefined) ?? {}, ['explain']));

  heading(doc, TEXTS.vehicle);
  rows(doc, one('vehicle'));
  heading(doc, TEXTS.permits);
  list(doc, (one('permits').permits as Data[] | undefined) ?? []);
  heading(doc, TEXTS.run);
  rows(doc, omit(one('run'), ['stops']));
  list(
    doc,
    ((one('run').stops as Data[] | undefined) ?? []).map((stop) =>
      pick(stop, ['name', 'arrival', 'departure']),
    ),
  );
  heading(doc, TEXTS.roster);
  list(doc, (one('roster').riders as Data[] | undefined) ?? []);
  heading(doc, TEXTS.orders);
  list(doc, (links.find(({ kind }) => kind === 'weather_orders')?.data as Data[] | undefined) ?? []);

  heading(doc, TEXTS.reports);
  const reports = of('report');
  const note = one('reports');
  paragraph(doc, `${String(note.rawZh ?? '')}\n${String(note.raw ?? '')}`);
  speedGraph(doc, reports, alert, { margin: MARGIN, quiet: QUIET });
  for (const report of reports.slice(0, MAX_ROWS)) reportLine(doc, report);
  if (reports.length > MAX_ROWS) paragraph(doc, `… ${reports.length - MAX_ROWS} → manifest.jsonl`);

  heading(doc, TEXTS.media);
  list(
    doc,
    of('medium').map((medium) => pick(medium, ['id', 'kind', 'channel', 'time', 'file'])),
  );
  for (const photo of photos) picture(doc, photo);
  heading(doc, TEXTS.commands);
  list(
    doc,
    of('command').map((command) => omit(command, ['events'])),
  );
  heading(doc, TEXTS.steps);
  list(
    doc,
    of('step').map(({ at, by, act, detail }) => ({ at, by: nameOf(by), act, ...(detail as Data) })),
  );
  heading(doc, TEXTS.looks);
  list(
    doc,
    of('look').map((look) => pick(look, ['at', 'userName', 'userId', 'action', 'detail'])),
  );

  heading(doc, TEXTS.chain);
  paragraph(doc, CHAIN_NOTE.join('\n'));
  doc.moveDown(0.4).font('bold').fontSize(10).fillColor('black').text(`SHA-256  ${head}`);
  doc.font('regular').fontSize(9).text(`${links.length} records`);
  footers(doc, head);
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

function heading(doc: Doc, [zh, en]: readonly [string, string]): void {
  if (doc.y > doc.page.height - 130) doc.addPage();
  doc.moveDown(0.9).font('bold').fontSize(12).fillColor('black').text(zh, MARGIN, doc.y, { continued: true });
  doc.font('regular').fontSize(10).fillColor(QUIET).text(`   ${en}`);
  const { y } = doc;
  doc
    .moveTo(MARGIN, y + 1)
    .lineTo(doc.page.width - MARGIN, y + 1)
    .lineWidth(0.6)
    .stroke(LINE);
  doc.moveDown(0.4);
}

const KEY_WIDTH = 130;

function rows(doc: Doc, data: Data): void {
  for (const [name, value] of Object.entries(data)) {
    if (value === null || value === undefined) continue;
    const text = inWords(value);
    const width = doc.page.width - 2 * MARGIN - KEY_WIDTH;
    doc.font('regular').fontSize(9);
    const height = Math.max(doc.heightOfString(text, { width }), 12);
    if (doc.y + height > doc.page.height - MARGIN - 20) doc.addPage();
    const { y } = doc;
    doc.fillColor(QUIET).text(name, MARGIN, y, { width: KEY_WIDTH - 8 });
    doc.fillColor('black').text(text, MARGIN + KEY_WIDTH, y, { width });
    doc.x = MARGIN;
    doc.y = Math.max(doc.y, y + height) + 1;
  }
}

function list(doc: Doc, items: readonly Data[]): void {
  if (items.length === 0) paragraph(doc, `${TEXTS.none[0]}  ${TEXTS.none[1]}`);
  for (const item of items) {
    const text = Object.entries(item)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => `${name}: ${inWords(value)}`)
      .join('   ');
    doc.font('regular').fontSize(8.5).fillColor('black').text(`•  ${text}`, MARGIN, doc.y);
    doc.moveDown(0.15);
  }
}

function paragraph(doc: Doc, text: string): void {
  doc.font('regular').fontSize(8.5).fillColor(QUIET).text(text, MARGIN, doc.y);
}

function reportLine(doc: Doc, report: Data): void {
  const match = report.match as Data | null;
  const speed = report.speedKmh === null ? '–' : `${String(report.speedKmh)} km/h`;
  const line = match ? `   ${String(match.fromLineM)} m` : '';
  doc.font('regular').fontSize(7.5).fillColor('black');
  doc.text(
    `${String(report.time)}   ${coordinate(report.lat)}, ${coordinate(report.lon)}   ${speed}${line}   ` +
      `ACC ${String(report.accOn)}   #${String(report.serial)}`,
    MARGIN,
    doc.y,
  );
  doc
    .fontSize(6)
    .fillColor(QUIET)
    .text(String(report.bodyHex), MARGIN + 12, doc.y);
  doc.x = MARGIN;
  doc.moveDown(0.2);
}

function picture(doc: Doc, { id, bytes }: PdfPhoto): void {
  const [width, height] = [300, 225];
  if (doc.y + height + 30 > doc.page.height - MARGIN) doc.addPage();
  try {
    doc.moveDown(0.4).image(Buffer.from(bytes), MARGIN, doc.y, { fit: [width, height] });
    doc
      .font('regular')
      .fontSize(8)
      .fillColor(QUIET)
      .text(id, MARGIN, doc.y + 2);
  } catch (error) {
    // A terminal's picture may be cut off; its bytes are in the archive whatever they are.
    paragraph(doc, `${id}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function footers(doc: Doc, head: string): void {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    // Within the margin, which text would otherwise leave for a page of its own.
    doc.page.margins.bottom = 0;
    doc.font('regular').fontSize(7).fillColor(QUIET);
    doc.text(`护航 Busguard   SHA-256 ${head}   ${page + 1} / ${count}`, MARGIN, doc.page.height - 30, {
      lineBreak: false,
    });
  }
}

const coordinate = (degrees: unknown): string => (typeof degrees === 'number' ? degrees.toFixed(6) : '–');
const nameOf = (person: unknown): string => (person as { name?: string } | null)?.name ?? '–';

function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
  return JSON.stringify(value);
}

const pick = (data: Data, names: readonly string[]): Data =>
  Object.fromEntries(names.map((name) => [name, data[name]]));
const omit = (data: Data, names: readonly string[]): Data =>
  Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)));
