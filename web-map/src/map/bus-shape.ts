/** A bus from above, its front up, on a canvas of 40 by 52. Drawn on the map and in the legend from the same outlines. */
export const BUS_WIDTH = 40;
export const BUS_HEIGHT = 52;

export type BusPart = 'body' | 'glass' | 'trim';

export const BUS_PARTS: readonly { readonly part: BusPart; readonly d: string }[] = [
  {
    part: 'body',
    d: 'M20 3.500 C25.500 3.500 29.500 6.500 30.500 12 L30.500 43 Q30.500 48 25.500 48 L14.500 48 Q9.500 48 9.500 43 L9.500 12 C10.500 6.500 14.500 3.500 20 3.500 Z',
  },
  {
    part: 'glass',
    d: 'M12.800 16.500 C13 11.500 15.500 9 20 9 C24.500 9 27 11.500 27.200 16.500 Q20 13.600 12.800 16.500 Z',
  },
  { part: 'trim', d: 'M14 23 h12 v2.600 h-12 Z M14 30 h12 v2.600 h-12 Z M14 43.200 h12 v1.800 h-12 Z' },
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
