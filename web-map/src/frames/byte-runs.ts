import type { FrameFieldView } from '../../../services/api/contract.ts';

/** Bytes that lie together and belong to the same field. */
export interface ByteRun {
  readonly start: number;
  readonly bytes: readonly string[];
  /** Index of the field; null where no field has the bytes. */
  readonly field: number | null;
}

/** Cuts a frame (hex) into runs by field. Where a field lies within another, its bytes are its own. */
export function byteRuns(hex: string, fields: readonly Pick<FrameFieldView, 'offset' | 'hex'>[]): ByteRun[] {
  const bytes = hex.match(/../g) ?? [];
  const owner: (number | null)[] = bytes.map(() => null);
  const lengthOf = (index: number) => (fields[index]?.hex.length ?? 0) / 2;
  fields.forEach(({ offset }, index) => {
    for (let at = offset; at < offset + lengthOf(index) && at < bytes.length; at++) {
      const now = owner[at] ?? null;
      if (now === null || lengthOf(index) <= lengthOf(now)) owner[at] = index;
    }
  });
  const runs: { start: number; bytes: string[]; field: number | null }[] = [];
  bytes.forEach((byte, at) => {
    const field = owner[at] ?? null;
    const last = runs.at(-1);
    if (last && last.field === field) last.bytes.push(byte);
    else runs.push({ start: at, bytes: [byte], field });
  });
  return runs;
}
