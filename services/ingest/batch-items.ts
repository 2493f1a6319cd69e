/** The locations of one 0x0704, cut by their own lengths: JT/T 808-2019 table 77. */
export interface BatchItems {
  /** Uploaded after a blind area (type 1), not merely gathered (type 0). */
  readonly backfill: boolean;
  readonly items: readonly Uint8Array[];
  /** Bytes that are no whole item; empty where there are none. */
  readonly rest: Uint8Array;
}

const HEAD_BYTES = 3;

/** Null where not even the head is there. The count is not trusted: terminals get it wrong, the lengths less so. */
export function batchItems(body: Uint8Array): BatchItems | null {
  if (body.length < HEAD_BYTES) return null;
  const items: Uint8Array[] = [];
  let at = HEAD_BYTES;
  while (at + 2 <= body.length) {
    const length = ((body[at] as number) << 8) | (body[at + 1] as number);
    if (length === 0 || at + 2 + length > body.length) break;
    items.push(body.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return { backfill: body[2] === 1, items, rest: body.subarray(at) };
}
