import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const file = (weight: 400 | 600): string =>
  require.resolve(`@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff`);

/** What a page calls its two weights: Noto Sans SC with Chinese and Latin in one file, of which only what is used is embedded. */
export const TEXT_FONT = 'text';
export const BOLD_FONT = 'bold';

/** Makes the fonts known to a document, which then draws Chinese and Latin alike. */
export function registerFonts(document: PDFKit.PDFDocument): void {
  document.registerFont(TEXT_FONT, file(400));
  document.registerFont(BOLD_FONT, file(600));
  document.font(TEXT_FONT);
}
