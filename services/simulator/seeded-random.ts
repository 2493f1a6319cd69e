/** A stream of numbers in [0, 1), the same for the same seed on every machine. */
export type Random = () => number;

/** FNV-1a of the UTF-16 units: a 32-bit number for any text. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Spreads a 32-bit number over all 32 bits (the finaliser of MurmurHash3), so that near seeds give far streams. */
export function scramble(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Seeded stream; `seed` is any number or text. */
export function seededRandom(seed: number | string): Random {
  let counter = typeof seed === 'number' ? scramble(seed) : hashText(seed);
  return () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    return scramble(counter) / 0x1_0000_0000;
  };
}
