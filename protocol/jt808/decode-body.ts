import { type CompiledLayout, catalogueEntry } from './catalogue.ts';
import { hex } from './compile/bytes.ts';
import { ReadContext } from './compile/read-context.ts';
import type { Body, Version } from './message.ts';

export interface DecodedBody {
  readonly name: string;
  readonly layout: CompiledLayout;
  readonly body: Body;
  readonly warnings: readonly string[];
  /** Path of the first field that must be there and is not; then `body` has only what came before it. */
  readonly missing: string | null;
}

const NO_WARNINGS: readonly string[] = Object.freeze([]);

/** Warnings that say that the bytes do not lie as the table has them. */
const STRUCTURAL = /^(trailing|length|count|entry|items):/;

/**
 * Reads a body by the first layout that it fits exactly: of the edition given, of its variants, of the edition that
 * shares its header. If none does, by the one that it fits best, with the warnings that say where not.
 * Null where the message, or the edition's form of it, is not known.
 */
export function decodeBody(
  msgId: number,
  b: Uint8Array,
  version: Version,
  start = 0,
  end = b.length,
): DecodedBody | null {
  const entry = catalogueEntry(msgId);
  if (entry === undefined) return null;
  let best: DecodedBody | null = null;
  let bestMisfit = 3;
  for (const layout of entry.candidates[version]) {
    const decoded = readLayout(layout, b, entry.description.name, start, end);
    const misfit = misfitOf(decoded, b, start, end);
    if (misfit < bestMisfit) {
      best = decoded;
      bestMisfit = misfit;
    }
    if (misfit === 0) break;
  }
  return best;
}

/** Reads a body by one layout. */
function readLayout(
  layout: CompiledLayout,
  b: Uint8Array,
  name: string,
  start: number,
  end: number,
): DecodedBody {
  const context = new ReadContext();
  const body = layout.read(b, start, end, context);
  if (context.missing === null && context.at < end) {
    context.warn(`trailing: ${end - context.at} bytes after the last field: ${tail(b, context.at, end)}`);
  }
  return { name, layout, body, warnings: context.warnings ?? NO_WARNINGS, missing: context.missing };
}

/** 0 fits, 1 fits with something odd about its lengths, 2 is too short. */
function misfitOf(decoded: DecodedBody, b: Uint8Array, start: number, end: number): number {
  if (decoded.missing !== null) return 2;
  if (decoded.warnings.length > 0 && decoded.warnings.some((warning) => STRUCTURAL.test(warning))) return 1;
  const { plausible } = decoded.layout.layout;
  return plausible !== undefined && !plausible(b.subarray(start, end)) ? 1 : 0;
}

function tail(b: Uint8Array, start: number, end: number): string {
  const shown = hex(b, start, Math.min(end, start + 32));
  return end - start > 32 ? `${shown}...` : shown;
}
