/** A bus from above, its front up, on a canvas of 28 by 50. Drawn on the map and in the legend from the same outlines. */
export const BUS_WIDTH = 28;
export const BUS_HEIGHT = 50;

export type BusPart = 'body' | 'glass' | 'trim';

export const BUS_PARTS: readonly { readonly part: BusPart; readonly d: string }[] = [
  {
    part: 'body',
    d: 'M14 2.8 C19.5 2.8 23.5 5.8 24.5 11.3 L24.5 42.3 Q24.5 47.3 19.5 47.3 L8.5 47.3 Q3.5 47.3 3.5 42.3 L3.5 11.3 C4.5 5.8 8.5 2.8 14 2.8 Z',
  },
  {
    part: 'glass',
    d: 'M6.8 15.8 C7 10.8 9.5 8.3 14 8.3 C18.5 8.3 21 10.8 21.2 15.8 Q14 12.9 6.8 15.8 Z',
  },
  { part: 'trim', d: 'M8 22.3 h12 v2.6 h-12 Z M8 29.3 h12 v2.6 h-12 Z M8 42.5 h12 v1.8 h-12 Z' },
];

export interface BusColours {
  body: string;
  outline: string;
  glass: string;
  trim: string;
}

/** A bus without a trustworthy place is an outline: its greyness is told by shape too, not by colour alone. */
export function busColours(body: string, hollow: boolean, surface: string): BusColours {
  return hollow
    ? { body: surface, outline: body, glass: body, trim: body }
    : { body, outline: '#ffffff', glass: '#ffffff', trim: 'rgba(255, 255, 255, 0.45)' };
}
