/** One entry of an archive's central directory, as it describes itself. */
export interface ZipEntry {
  readonly name: string;
  /** Unpacked. */
  readonly bytes: number;
  readonly crc32: number;
  readonly encrypted: boolean;
}

/** APPNOTE 4.3.16: the end record is 22 bytes and a comment of at most 65,535. */
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const END_SIGNATURE = 0x06054b50;
/** APPNOTE 4.3.12 */
const ENTRY_BYTES = 46;
const ENTRY_SIGNATURE = 0x02014b50;
/** A value of this means that the real one is in a zip64 record; no plan needs one. */
const IN_ZIP64 = 0xffffffff;

/** Reads the central directory (APPNOTE 4.3.12); a string says why there is none that can be trusted. */
export function readZipDirectory(archive: Uint8Array, mostEntries: number): ZipEntry[] | string {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(view);
  if (end < 0) return 'is not a zip archive';
  const count = view.getUint16(end + 10, true);
  if (count > mostEntries) return `holds ${count} entries, more than the ${mostEntries} that are allowed`;
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE)
      return 'has a damaged directory';
    const bytes = view.getUint32(at + 24, true);
    const nameBytes = view.getUint16(at + 28, true);
    if (bytes === IN_ZIP64 || view.getUint32(at + 20, true) === IN_ZIP64) return 'is a zip64 archive';
    entries.push({
      // An old archive's name may be in any code page; the names that matter are ASCII in all of them.
      name: new TextDecoder('utf-8').decode(archive.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes)),
      bytes,
      crc32: view.getUint32(at + 16, true),
      encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    });
    at += ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return -1;
}
