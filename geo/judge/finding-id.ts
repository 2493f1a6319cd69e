import type { RuleName } from '../finding.ts';

/**
 * Names an episode by rule, vehicle, start and, where the rule watches several things at once, which of them; and by
 * nothing else: the same evidence gives the same id wherever and whenever it is judged. Safe in a URL whatever the
 * vehicle is called.
 */
export function findingId(rule: RuleName, vehicle: string, start: number, aspect = ''): string {
  const key = aspect === '' ? vehicle : `${vehicle}\n${aspect}`;
  return `${rule}-${Math.round(start).toString(36)}-${fnv1a(key, 0x811c9dc5)}${fnv1a(key, 0x9747b28c)}`;
}

/** FNV-1a over UTF-16 units, 32 bit, hex. */
export function fnv1a(text: string, seed: number): string {
  let hash = seed;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ (text.charCodeAt(i) & 0xff), 0x01000193);
    hash = Math.imul(hash ^ (text.charCodeAt(i) >>> 8), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
