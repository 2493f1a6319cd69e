import { scramble } from '../seeded-random.ts';
import { type Picture, type Rgb, writeJpeg } from './jpeg-writer.ts';

/** Smallest resolution of 0x8801 that a person can use. */
const WIDTH = 320;
const HEIGHT = 240;
const HORIZON = 96;

const mix = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

const share = (seed: number): number => scramble(seed) / 0x1_0000_0000;

/** What a simulated camera sees: another picture for each seed, the same for the same. A JPEG file. */
export function cameraPicture(view: 'road' | 'cabin', seed: number): Buffer {
  const at = view === 'road' ? road(seed) : cabin(seed);
  return writeJpeg({ width: WIDTH, height: HEIGHT, at } satisfies Picture);
}

/** A road with a vehicle ahead. */
function road(seed: number): Picture['at'] {
  const bend = (share(seed) - 0.5) * 90;
  const near = 0.35 + share(seed + 1) * 0.5;
  const car: Rgb = [120 + share(seed + 2) * 120, 40 + share(seed + 3) * 140, 60 + share(seed + 4) * 120];
  const carY = HORIZON + 20 + near * 70;
  const carHalf = 14 + near * 34;
  return (x, y) => {
    if (y < HORIZON) return mix([96, 150, 208], [214, 226, 236], y / HORIZON);
    const depth = (y - HORIZON) / (HEIGHT - HORIZON);
    const middle = WIDTH / 2 + bend * (1 - depth) ** 2;
    const half = 14 + depth * 190;
    const across = (x - middle) / half;
    const carX = WIDTH / 2 + bend * (1 - (carY - HORIZON) / (HEIGHT - HORIZON)) ** 2;
    const inCar = Math.abs(x - carX) < carHalf && y > carY - carHalf * 1.2 && y < carY;
    if (inCar) {
      if (y < carY - carHalf * 0.7) return [52, 66, 78];
      return Math.abs(x - carX) > carHalf * 0.72 && y < carY - carHalf * 0.4 ? [214, 44, 40] : car;
    }
    if (Math.abs(across) > 1) return mix([92, 128, 74], [64, 98, 52], depth);
    const dash = Math.floor(14 / (depth + 0.08) + seed) % 2 === 0;
    if (Math.abs(across) < 0.02 && dash) return [236, 232, 214];
    if (Math.abs(Math.abs(across) - 0.94) < 0.025) return [232, 206, 92];
    return mix([104, 106, 110], [72, 74, 80], depth);
  };
}

/** Rows of seats, some of them taken. */
function cabin(seed: number): Picture['at'] {
  return (x, y) => {
    const row = Math.floor((y - 40) / 50);
    const column = Math.floor(x / 80);
    const [inX, inY] = [x % 80, (y - 40) % 50];
    const aisle = Math.abs(x - WIDTH / 2) < 16;
    if (y < 40) return mix([206, 214, 220], [150, 160, 168], y / 40);
    if (aisle) return mix([96, 98, 104], [62, 64, 70], y / HEIGHT);
    const taken = share(seed + row * 7 + column) > 0.4;
    const head = Math.hypot(inX - 40, inY - 14) < 11;
    if (taken && head) return [214, 172, 140];
    if (taken && Math.abs(inX - 40) < 18 && inY > 24)
      return column % 2 === 0 ? [232, 150, 60] : [84, 132, 188];
    if (inX > 8 && inX < 72 && inY > 8) return mix([46, 92, 138], [34, 68, 104], inY / 50);
    return [58, 62, 70];
  };
}
