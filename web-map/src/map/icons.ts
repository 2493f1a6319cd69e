import type { Map as MapLibreMap } from 'maplibre-gl';
import { BUS_STATES, type BusState } from '../fleet/bus-state.ts';
import type { Palette } from '../theme/palette.ts';
import { BUS_HEIGHT, BUS_PARTS, BUS_WIDTH, busColours } from './bus-shape.ts';

/** Drawn larger than shown, so that icons stay crisp on dense screens and when turned. */
const SCALE = 3;

export function busIconName(state: BusState): string {
  return `bus-${state}`;
}

export const SCHOOL_ICON = 'school';

/** Gives the map its pictures, in the colours of the palette. */
export function addIcons(map: MapLibreMap, palette: Palette): void {
  for (const state of BUS_STATES) add(map, busIconName(state), busImage(state, palette));
  add(map, SCHOOL_ICON, schoolImage(palette));
}

function add(map: MapLibreMap, name: string, image: ImageData): void {
  if (map.hasImage(name)) map.removeImage(name);
  map.addImage(name, image, { pixelRatio: SCALE });
}

function canvasOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2d canvas');
  context.scale(SCALE, SCALE);
  return context;
}

function pixelsOf(context: CanvasRenderingContext2D): ImageData {
  return context.getImageData(0, 0, context.canvas.width, context.canvas.height);
}

function busImage(state: BusState, palette: Palette): ImageData {
  const context = canvasOf(BUS_WIDTH, BUS_HEIGHT);
  const hollow = state === 'noFix';
  const colours = busColours(palette.bus[state], hollow, palette.surface);
  for (const { part, d } of BUS_PARTS) {
    const path = new Path2D(d);
    if (part === 'body') {
      context.save();
      context.shadowColor = 'rgba(10, 20, 35, 0.45)';
      context.shadowBlur = 2 * SCALE;
      context.shadowOffsetY = 0.6 * SCALE;
      context.lineWidth = hollow ? 3 : 4.4;
      context.lineJoin = 'round';
      context.strokeStyle = colours.outline;
      context.stroke(path);
      context.restore();
    }
    context.fillStyle = colours[part];
    context.fill(path);
  }
  return pixelsOf(context);
}

/** A badge with a gabled house and its flag. */
function schoolImage(palette: Palette): ImageData {
  const size = 26;
  const context = canvasOf(size, size);
  context.fillStyle = palette.map.school;
  context.strokeStyle = palette.map.halo;
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(2, 2, size - 4, size - 4, 7);
  context.stroke();
  context.fill();
  context.fillStyle = palette.map.halo;
  context.fill(
    new Path2D(
      'M13 8.500 L20 13 V19.500 H15 V15.800 H11 V19.500 H6 V13 Z M12.500 4.800 H17 L15.600 6.200 L17 7.600 H13.400 V9 H12.500 Z',
    ),
  );
  return pixelsOf(context);
}
