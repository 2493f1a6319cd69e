import { createHash } from 'node:crypto';
import type { JsonValue } from '../../geo/finding.ts';
import { asJson, canonicalJson } from './canonical-json.ts';

/** One thing that a pack says. `kind` tells what `data` is. */
export interface EvidenceRecord {
  readonly kind: string;
  readonly data: JsonValue;
}

/** The record in its place: its hash is over all the rest of it, the hash of the record before included. */
export interface Link extends EvidenceRecord {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
}

/** Before the first record. */
export const NO_HASH = '0'.repeat(64);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const hashOf = ({ seq, prev, kind, data }: Omit<Link, 'hash'>): string =>
  sha256(canonicalJson({ seq, prev, kind, data }));

/** Ties the records together in their order. */
export function chainOf(records: readonly { readonly kind: string; readonly data: unknown }[]): Link[] {
  const links: Link[] = [];
  for (const { kind, data } of records) {
    const link = { seq: links.length, prev: links.at(-1)?.hash ?? NO_HASH, kind, data: asJson(data) };
    links.push({ ...link, hash: hashOf(link) });
  }
  return links;
}

/** One record a line, each as it was hashed. */
export const chainText = (links: readonly Link[]): string =>
  links.map((link) => `${canonicalJson(link)}\n`).join('');

export type Verified =
  | { readonly ok: true; readonly head: string; readonly links: readonly Link[] }
  | { readonly ok: false; readonly line: number; readonly kind: string | null; readonly reason: string };

/** Reads a chain back and names the first link that is broken: lines count from 1. */
export function verifyChain(text: string): Verified {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const links: Link[] = [];
  for (const [index, line] of lines.entries()) {
    const broken = (kind: string | null, reason: string): Verified => ({
      ok: false,
      line: index + 1,
      kind,
      reason,
    });
    const link = readLink(line);
    if (!link) return broken(null, 'is no record');
    if (link.seq !== index) return broken(link.kind, `is record ${link.seq} where ${index} should be`);
    if (link.prev !== (links.at(-1)?.hash ?? NO_HASH))
      return broken(link.kind, 'does not follow from the record before it');
    if (hashOf(link) !== link.hash) return broken(link.kind, 'was changed: its hash is another');
    links.push(link);
  }
  const last = links.at(-1);
  if (!last) return { ok: false, line: 1, kind: null, reason: 'is empty' };
  return { ok: true, head: last.hash, links };
}

function readLink(line: string): Link | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { seq, prev, kind, hash } = value as { [name: string]: unknown };
  if (typeof seq !== 'number' || typeof prev !== 'string' || typeof hash !== 'string') return null;
  return typeof kind === 'string' && 'data' in value ? (value as Link) : null;
}
