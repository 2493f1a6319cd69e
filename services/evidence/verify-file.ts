import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { readZipDirectory } from '../plan/zip-directory.ts';
import { type Link, verifyChain } from './chain.ts';
import { HEAD, MANIFEST } from './pack-zip.ts';

export type FileVerdict =
  | {
      readonly ok: true;
      readonly head: string;
      readonly records: number;
      readonly alert: string | null;
      readonly vehicle: string | null;
      readonly madeAt: string | null;
      readonly files: number;
    }
  | {
      readonly ok: false;
      readonly error: 'archive' | 'record' | 'head' | 'file' | 'media';
      /** Of the manifest, from 1; of a broken record. */
      readonly line?: number;
      readonly kind?: string | null;
      readonly file?: string;
      readonly reason: string;
    };

const MAX_ENTRIES = 1_000;
const MAX_UNPACKED_BYTES = 1024 * 1024 * 1024;

/** Checks a pack, or its manifest alone: every link, the head that was printed, and every file against its hash. */
export function verifyFile(bytes: Uint8Array, printedHead: string | null): FileVerdict {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isZip) return verifyManifest(new TextDecoder().decode(bytes), printedHead, 0);
  const directory = readZipDirectory(bytes, MAX_ENTRIES);
  if (typeof directory === 'string') return { ok: false, error: 'archive', reason: `the file ${directory}` };
  if (directory.reduce((sum, entry) => sum + entry.bytes, 0) > MAX_UNPACKED_BYTES)
    return { ok: false, error: 'archive', reason: 'is larger unpacked than a pack may be' };
  let entries: { [name: string]: Uint8Array };
  try {
    entries = unzipSync(bytes);
  } catch (error) {
    return { ok: false, error: 'archive', reason: error instanceof Error ? error.message : String(error) };
  }
  const manifest = entries[MANIFEST];
  if (!manifest) return { ok: false, error: 'archive', reason: `holds no ${MANIFEST}` };
  const stated = readHead(entries[HEAD]);
  if (!stated) return { ok: false, error: 'head', reason: `holds no ${HEAD} that can be read` };
  const verdict = verifyManifest(
    new TextDecoder().decode(manifest),
    printedHead ?? stated.head,
    stated.files.length,
  );
  if (!verdict.ok) return verdict;
  if (verdict.head !== stated.head) return { ok: false, error: 'head', reason: `${HEAD} names another head` };
  for (const { name, sha256 } of stated.files) {
    if (!entries[name]) return { ok: false, error: 'file', file: name, reason: 'is missing' };
    if (hashOf(entries[name]) !== sha256)
      return { ok: false, error: 'file', file: name, reason: 'was changed' };
  }
  return mediaFault(entries, new TextDecoder().decode(manifest)) ?? verdict;
}

function verifyManifest(text: string, expectedHead: string | null, files: number): FileVerdict {
  const chain = verifyChain(text);
  if (!chain.ok)
    return { ok: false, error: 'record', line: chain.line, kind: chain.kind, reason: chain.reason };
  if (expectedHead !== null && chain.head !== expectedHead.toLowerCase()) {
    const reason = `the last record is ${chain.head}, not ${expectedHead}: records were left out, or it is another pack`;
    return { ok: false, error: 'head', line: chain.links.length, reason };
  }
  const said = (name: string): string | null => {
    const { data } = chain.links[0] as Link;
    const value = data && typeof data === 'object' ? (data as { [name: string]: unknown })[name] : null;
    return typeof value === 'string' ? value : null;
  };
  return {
    ok: true,
    head: chain.head,
    records: chain.links.length,
    alert: said('alert'),
    vehicle: said('vehicle'),
    madeAt: said('madeAt'),
    files,
  };
}

/** The bytes of each photo must be those that the chain names. */
function mediaFault(entries: { [name: string]: Uint8Array }, manifest: string): FileVerdict | null {
  const chain = verifyChain(manifest);
  if (!chain.ok) return null;
  for (const { kind, data, seq } of chain.links) {
    if (kind !== 'medium') continue;
    const { id, file } = data as { id: string; file: { sha256: string } | null };
    const name = Object.keys(entries).find((one) => one.startsWith(`media/${id}.`));
    if (name === undefined || !file) continue;
    if (hashOf(entries[name]!) !== file.sha256) {
      return {
        ok: false,
        error: 'media',
        line: seq + 1,
        kind,
        file: name,
        reason: 'is not what the record names',
      };
    }
  }
  return null;
}

function readHead(
  bytes: Uint8Array | undefined,
): { head: string; files: { name: string; sha256: string }[] } | null {
  if (!bytes) return null;
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as { head?: unknown; files?: unknown };
    if (typeof value.head !== 'string' || !Array.isArray(value.files)) return null;
    return { head: value.head, files: value.files as { name: string; sha256: string }[] };
  } catch {
    return null;
  }
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
