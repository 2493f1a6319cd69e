import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { cacheFolder, versionOf } from './package-cache.ts';

/**
 * PostGIS comes with its raster and topology libraries, 16 MB of WebAssembly each, and with the scripts that create
 * and upgrade the extension. A database that has been made needs none of them: without them it opens in half the
 * time and half the memory.
 */
const NOT_NEEDED = /postgis_(raster|topology|tiger_geocoder)|\.sql$/;

const BLOCK = 512;
const NAME = { at: 0, length: 100 };
const SIZE = { at: 124, length: 12 };
const PREFIX = { at: 345, length: 155 };

/** The lean bundle, or null where it has not been made. */
export function leanBundle(): string | null {
  const path = leanBundlePath();
  return existsSync(path) ? path : null;
}

/** Makes the lean bundle once. */
export function makeLeanBundle(): void {
  const path = leanBundlePath();
  if (existsSync(path)) return;
  const whole = join(
    dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite-postgis')),
    'postgis.tar.gz',
  );
  const lean = withoutEntries(gunzipSync(readFileSync(whole)), NOT_NEEDED);
  const begun = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(begun, gzipSync(lean, { level: 1 }));
  renameSync(begun, path);
}

const leanBundlePath = () =>
  join(cacheFolder(), `postgis-${versionOf('@electric-sql/pglite-postgis')}-lean.tar.gz`);

/** A tar archive (POSIX ustar) without the entries whose path matches. */
export function withoutEntries(tar: Buffer, unwanted: RegExp): Buffer {
  const kept: Buffer[] = [];
  let at = 0;
  while (at + BLOCK <= tar.length && tar[at] !== 0) {
    const field = ({ at: from, length }: { at: number; length: number }) =>
      tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(field(SIZE).trim() || '0', 8);
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (!unwanted.test(`${field(PREFIX)}/${field(NAME)}`)) kept.push(tar.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, Buffer.alloc(2 * BLOCK)]);
}
