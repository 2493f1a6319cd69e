/** A baseline JPEG writer (ITU-T T.81), as small as one can be: three components, no subsampling, one set of tables. */

export type Rgb = readonly [red: number, green: number, blue: number];

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0 to 255 each. */
  at(x: number, y: number): Rgb;
}

/** T.81 table K.3: how many codes there are of each length, and their values (DC of luminance). */
const DC_COUNTS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const DC_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/** T.81 table K.5 (AC of luminance). */
const AC_COUNTS = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
const AC_VALUES = [
  ...Buffer.from(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a' +
      '3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a' +
      '92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da' +
      'e1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
    'hex',
  ),
];

const ZIGZAG = zigzag();
/** Coarser for what the eye sees less. */
const QUANTA = Array.from({ length: 64 }, (_, i) => 5 + 3 * ((i % 8) + (i >> 3)));
const COSINES = Array.from({ length: 64 }, (_, i) => Math.cos((((i >> 3) * 2 + 1) * (i % 8) * Math.PI) / 16));

type Code = readonly [bits: number, length: number];

/** The bytes of the picture as a JPEG file. */
export function writeJpeg(picture: Picture): Buffer {
  const { width, height } = picture;
  const dc = codes(DC_COUNTS, DC_VALUES);
  const ac = codes(AC_COUNTS, AC_VALUES);
  const scan = new BitWriter();
  const before = [0, 0, 0];
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < width; x += 8) {
      const planes = blockOf(picture, x, y);
      for (const [i, plane] of planes.entries()) {
        const coefficients = transform(plane);
        before[i] = writeBlock(scan, coefficients, before[i]!, dc, ac);
      }
    }
  }
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...ZIGZAG.map((i) => QUANTA[i]!)]),
    segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 3, 1, 17, 0, 2, 17, 0, 3, 17, 0]),
    segment(0xc4, [0x00, ...DC_COUNTS, ...DC_VALUES]),
    segment(0xc4, [0x10, ...AC_COUNTS, ...AC_VALUES]),
    segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    scan.end(),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, content: readonly number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}

/** Luminance and the two colour differences of one block; beyond the edge its last pixels go on. */
function blockOf(picture: Picture, left: number, top: number): [Float64Array, Float64Array, Float64Array] {
  const planes: [Float64Array, Float64Array, Float64Array] = [
    new Float64Array(64),
    new Float64Array(64),
    new Float64Array(64),
  ];
  for (let i = 0; i < 64; i += 1) {
    const x = Math.min(left + (i % 8), picture.width - 1);
    const y = Math.min(top + (i >> 3), picture.height - 1);
    const [r, g, b] = picture.at(x, y);
    planes[0][i] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
    planes[1][i] = -0.1687 * r - 0.3313 * g + 0.5 * b;
    planes[2][i] = 0.5 * r - 0.4187 * g - 0.0813 * b;
  }
  return planes;
}

/** The cosine transform in two passes of one dimension, quantised. */
function transform(plane: Float64Array): Int32Array {
  const rows = new Float64Array(64);
  for (let y = 0; y < 8; y += 1) {
    for (let u = 0; u < 8; u += 1) {
      let sum = 0;
      for (let x = 0; x < 8; x += 1) sum += plane[y * 8 + x]! * COSINES[x * 8 + u]!;
      rows[y * 8 + u] = sum;
    }
  }
  const out = new Int32Array(64);
  for (let v = 0; v < 8; v += 1) {
    for (let u = 0; u < 8; u += 1) {
      let sum = 0;
      for (let y = 0; y < 8; y += 1) sum += rows[y * 8 + u]! * COSINES[y * 8 + v]!;
      const scale = (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1);
      out[v * 8 + u] = Math.round((sum * scale) / 4 / QUANTA[v * 8 + u]!);
    }
  }
  return out;
}

/** T.81 annex F.1.2: the mean as a difference, then runs of zeros and what follows them. */
function writeBlock(
  scan: BitWriter,
  coefficients: Int32Array,
  before: number,
  dc: ReadonlyMap<number, Code>,
  ac: ReadonlyMap<number, Code>,
): number {
  const mean = coefficients[0]!;
  writeValue(scan, dc, 0, mean - before);
  let zeros = 0;
  for (let i = 1; i < 64; i += 1) {
    const value = coefficients[ZIGZAG[i]!]!;
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) scan.write(ac.get(0xf0)!);
    writeValue(scan, ac, zeros, value);
    zeros = 0;
  }
  if (zeros > 0) scan.write(ac.get(0)!);
  return mean;
}

function writeValue(scan: BitWriter, table: ReadonlyMap<number, Code>, zeros: number, value: number): void {
  const size = value === 0 ? 0 : 32 - Math.clz32(Math.abs(value));
  scan.write(table.get((zeros << 4) | size)!);
  if (size > 0) scan.write([value < 0 ? value + (1 << size) - 1 : value, size]);
}

/** T.81 annex C: codes in order of their length. */
function codes(counts: readonly number[], values: readonly number[]): ReadonlyMap<number, Code> {
  const table = new Map<number, Code>();
  let code = 0;
  let next = 0;
  for (const [i, count] of counts.entries()) {
    for (let n = 0; n < count; n += 1) table.set(values[next++]!, [code++, i + 1]);
    code <<= 1;
  }
  return table;
}

function zigzag(): number[] {
  const cells = Array.from({ length: 64 }, (_, i) => i);
  const diagonal = (i: number) => (i % 8) + (i >> 3);
  return cells.sort((a, b) => {
    const d = diagonal(a) - diagonal(b);
    if (d !== 0) return d;
    return diagonal(a) % 2 === 0 ? b - a : a - b;
  });
}

class BitWriter {
  readonly #bytes: number[] = [];
  #bits = 0;
  #count = 0;

  write([bits, length]: Code): void {
    for (let i = length - 1; i >= 0; i -= 1) {
      this.#bits = (this.#bits << 1) | ((bits >> i) & 1);
      this.#count += 1;
      if (this.#count < 8) continue;
      this.#bytes.push(this.#bits);
      // A byte of ones is told from a marker by a zero after it.
      if (this.#bits === 0xff) this.#bytes.push(0);
      this.#bits = 0;
      this.#count = 0;
    }
  }

  end(): Buffer {
    while (this.#count > 0) this.write([1, 1]);
    return Buffer.from(this.#bytes);
  }
}
