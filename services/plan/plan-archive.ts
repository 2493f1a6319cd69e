import { crc32 } from 'node:zlib';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { readZipDirectory, type ZipEntry } from './zip-directory.ts';

interface ArchiveLimits {
  readonly fileBytes: number;
  readonly totalBytes: number;
  readonly archiveEntries: number;
}

/**
 * The files of an archive that bear one of `names`, at its root or all in one folder. A string says why the archive is
 * refused: nothing is unpacked before its sizes are known to be within the limits, no entry's path is ever used, and
 * what comes out must have the length and the checksum that the archive's directory gives.
 */
export function unzipPlan(
  archive: Uint8Array,
  names: readonly string[],
  limits: ArchiveLimits,
): Map<string, Uint8Array> | string {
  const directory = readZipDirectory(archive, limits.archiveEntries);
  if (typeof directory === 'string') return directory;
  const chosen = choose(directory, names);
  if (typeof chosen === 'string') return chosen;
  const tooLarge = [...chosen.values()].find((entry) => entry.bytes > limits.fileBytes);
  if (tooLarge) return `holds ${tooLarge.name}, which is larger unpacked than a plan's file may be`;
  const totalBytes = [...chosen.values()].reduce((sum, entry) => sum + entry.bytes, 0);
  if (totalBytes > limits.totalBytes) return 'is larger unpacked than a plan may be';
  return unpack(archive, chosen);
}

/** By the plan's name for it, the entry of each file. */
function choose(directory: readonly ZipEntry[], names: readonly string[]): Map<string, ZipEntry> | string {
  const chosen = new Map<string, ZipEntry>();
  const folders = new Set<string>();
  for (const entry of directory) {
    const parts = entry.name.split('/');
    if (/[\\\0]|^\/|^[A-Za-z]:/.test(entry.name) || parts.includes('..')) {
      return `holds an entry with a path that leads elsewhere: ${JSON.stringify(entry.name)}`;
    }
    const file = parts.at(-1)!;
    if (!names.includes(file) || parts[0] === '__MACOSX') continue;
    if (entry.encrypted) return `holds ${entry.name} encrypted`;
    if (chosen.has(file)) return `holds ${file} twice`;
    folders.add(parts.slice(0, -1).join('/'));
    chosen.set(file, entry);
  }
  if (folders.size > 1) return `holds plan files in several folders: ${[...folders].join(', ')}`;
  return chosen;
}

function unpack(
  archive: Uint8Array,
  chosen: ReadonlyMap<string, ZipEntry>,
): Map<string, Uint8Array> | string {
  const wanted = new Set([...chosen.values()].map((entry) => entry.name));
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(archive, { filter: ({ name }) => wanted.has(name) });
  } catch (error) {
    return `cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`;
  }
  const files = new Map<string, Uint8Array>();
  for (const [file, entry] of chosen) {
    const bytes = unpacked[entry.name];
    if (!bytes || bytes.length !== entry.bytes || crc32(bytes) !== entry.crc32) {
      return `is damaged: ${entry.name} does not come out as the archive says`;
    }
    files.set(file, bytes);
  }
  return files;
}

/** The same bytes for the same files, whenever it is made. */
export function zipPlan(files: ReadonlyMap<string, string>): Uint8Array {
  const entries = Object.fromEntries([...files].map(([name, text]) => [name, strToU8(text)]));
  return zipSync(entries, { level: 6, mtime: '1980-01-01T00:00:00' });
}
