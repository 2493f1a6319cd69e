import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';

const require = createRequire(import.meta.url);
const fonts = new Map<number, Buffer>();

/** Noto Sans SC, unpacked once: a reader of a packed font unpacks its outlines anew for every glyph. */
export function notoSans(weight: 400 | 600): Buffer {
  const known = fonts.get(weight);
  if (known) return known;
  const file = require.resolve(
    `@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff`,
  );
  const font = unpackWoff(readFileSync(file));
  fonts.set(weight, font);
  return font;
}

/** Headers of WOFF 1.0 (W3C, 3 and 4) and of what it wraps, OpenType (`otf` spec, table directory). */
const WOFF_SIGNATURE = 0x774f4646;
const WOFF_HEAD = 44;
const WOFF_ENTRY = 20;
const SFNT_HEAD = 12;
const SFNT_ENTRY = 16;

/** The OpenType font within a WOFF 1.0 file. */
export function unpackWoff(woff: Buffer): Buffer {
  if (woff.readUInt32BE(0) !== WOFF_SIGNATURE) throw new Error('is no WOFF 1.0 font');
  const count = woff.readUInt16BE(12);
  const head = Buffer.alloc(SFNT_HEAD + count * SFNT_ENTRY);
  head.writeUInt32BE(woff.readUInt32BE(4), 0);
  head.writeUInt16BE(count, 4);
  const log = Math.floor(Math.log2(count));
  head.writeUInt16BE(2 ** log * SFNT_ENTRY, 6);
  head.writeUInt16BE(log, 8);
  head.writeUInt16BE((count - 2 ** log) * SFNT_ENTRY, 10);
  const parts: Buffer[] = [head];
  let at = head.length;
  for (let i = 0; i < count; i++) {
    const entry = WOFF_HEAD + i * WOFF_ENTRY;
    const [offset, packed, bytes] = [4, 8, 12].map((field) => woff.readUInt32BE(entry + field));
    const stored = woff.subarray(offset!, offset! + packed!);
    const table = packed! < bytes! ? inflateSync(stored) : stored;
    const own = SFNT_HEAD + i * SFNT_ENTRY;
    woff.copy(head, own, entry, entry + 4);
    woff.copy(head, own + 4, entry + 16, entry + 20);
    head.writeUInt32BE(at, own + 8);
    head.writeUInt32BE(bytes!, own + 12);
    const padding = Buffer.alloc((4 - (bytes! % 4)) % 4);
    parts.push(table, padding);
    at += bytes! + padding.length;
  }
  return Buffer.concat(parts);
}
