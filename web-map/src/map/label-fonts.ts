import type { RequestTransformFunction } from 'maplibre-gl';

/**
 * MapLibre draws a glyph once, with whatever font is there at that moment, and keeps it. So text goes on the map only
 * after the font's file for its characters has come.
 */
export const LABEL_FAMILY = 'Noto Sans SC';
/** A stack's first name decides the weight; no font is called that, so the second is drawn. */
export const LABEL_FONT: string[] = [LABEL_FAMILY];
export const LABEL_FONT_BOLD: string[] = ['semibold', LABEL_FAMILY];

/**
 * A base map may have glyphs of its own; it has none of the page's font, so those are not asked of it. Refused, the
 * library draws them by itself.
 */
export const drawnHere: RequestTransformFunction = (url, type) => {
  if (type === 'Glyphs' && decodeURI(url).includes(LABEL_FAMILY)) throw new Error('a font of the page');
  return { url };
};

const WEIGHTS = [400, 600];
/** A font file that does not come must not keep the map from being drawn. */
const PATIENCE_MS = 8_000;

const loaded = new Set<string>();
const asked = new Map<string, Promise<void>>();

export function isLabelReady(text: string): boolean {
  for (const character of text) if (!loaded.has(character)) return false;
  return true;
}

/** Resolves when every character of the texts can be drawn. */
export async function loadLabelFonts(texts: Iterable<string>): Promise<void> {
  const missing = new Set<string>();
  const waits = new Set<Promise<void>>();
  for (const text of texts) {
    for (const character of text) {
      if (loaded.has(character)) continue;
      const wait = asked.get(character);
      if (wait) waits.add(wait);
      else missing.add(character);
    }
  }
  if (missing.size > 0) {
    const wait = fetchFonts([...missing]);
    for (const character of missing) asked.set(character, wait);
    waits.add(wait);
  }
  await Promise.all(waits);
}

async function fetchFonts(characters: readonly string[]): Promise<void> {
  const text = characters.join('');
  const fonts = WEIGHTS.map((weight) => document.fonts.load(`${weight} 24px "${LABEL_FAMILY}"`, text));
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([Promise.allSettled(fonts), patience]);
  for (const character of characters) {
    loaded.add(character);
    asked.delete(character);
  }
}
