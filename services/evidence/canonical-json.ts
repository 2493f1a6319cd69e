import type { JsonValue } from '../../geo/finding.ts';

/**
 * One text for one value, whatever the order in which its members were written: members by the code units of their
 * names, no blanks, numbers and strings as ECMAScript writes them (RFC 8785, 3.2). Members that are undefined are not
 * there; what is no JSON throws.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError(`no JSON has the number ${value}`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`no JSON has a ${typeof value}`);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** The value as JSON has it, which is what is hashed and what a reader gets back. */
export const asJson = (value: unknown): JsonValue => JSON.parse(canonicalJson(value)) as JsonValue;
