import type { Page } from 'playwright-core';

/** Colours as one number, and how much of the map's picture each makes up. */
export type Colours = readonly (readonly [colour: number, share: number])[];

const TOLERANCE = 6;

export async function coloursOf(page: Page): Promise<Colours> {
  return coloursIn(page, (await page.locator('.maplibregl-canvas').screenshot()).toString('base64'));
}

/** Of a PNG in base64, read by the page's own canvas. */
export function coloursIn(page: Page, picture: string): Promise<Colours> {
  return page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const counts = new Map<number, number>();
    for (let i = 0; i < data.length; i += 4) {
      const colour = (data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!;
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
    const all = data.length / 4;
    return [...counts].map(([colour, count]) => [colour, count / all] as const);
  }, picture);
}

/** How much of the picture is of the colour (`#rrggbb`), or as good as. */
export function shareOf(colours: Colours, colour: string): number {
  const wanted = channels(Number.parseInt(colour.slice(1), 16));
  let share = 0;
  for (const [found, part] of colours) {
    if (channels(found).every((value, i) => Math.abs(value - wanted[i]!) <= TOLERANCE)) share += part;
  }
  return share;
}

/** One colour laid thinly over another. */
export function mixed(over: string, under: string, opacity: number): string {
  const [a, b] = [over, under].map((colour) => channels(Number.parseInt(colour.slice(1), 16)));
  const parts = a!.map((value, i) => Math.round(value * opacity + b![i]! * (1 - opacity)));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

const channels = (colour: number): number[] => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];
