import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { canonicalJson } from './canonical-json.ts';

export interface PackFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Names within a pack. */
export const MANIFEST = 'manifest.jsonl';
export const HEAD = 'head.json';
export const PDF = 'pack.pdf';
export const mediaName = (id: string, extension: string): string => `media/${id}.${extension}`;

/** The archive that is handed over. What is in it besides the chain is named with its hash in `head.json`. */
export function zipPack(
  chain: string,
  head: string,
  records: number,
  pdf: Uint8Array,
  media: readonly PackFile[],
): Uint8Array {
  const files = [{ name: PDF, bytes: pdf }, ...media];
  const sums = files.map(({ name, bytes }) => ({
    name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const entries: { [name: string]: Uint8Array } = {
    [MANIFEST]: strToU8(chain),
    [HEAD]: strToU8(`${canonicalJson({ head, records, files: sums })}\n`),
  };
  for (const { name, bytes } of files) entries[name] = bytes;
  return zipSync(entries, { level: 6, mtime: '1980-01-01T00:00:00' });
}
