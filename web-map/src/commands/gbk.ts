/** How long a text is on its way to a terminal, and which characters many a terminal cannot show. */
export interface GbkSize {
  readonly bytes: number;
  /** Outside GBK: sent in four bytes by GB 18030, drawn by few displays. */
  readonly unknown: readonly string[];
}

let twoByte: ReadonlySet<string> | undefined;

/** Bytes of a text in the terminals' character set (JT/T 808 4.2: GBK). */
export function gbkSize(text: string): GbkSize {
  twoByte ??= twoByteCharacters();
  let bytes = 0;
  const unknown = new Set<string>();
  for (const character of text) {
    if (character.charCodeAt(0) < 0x80) bytes += 1;
    else if (twoByte.has(character)) bytes += 2;
    else {
      bytes += 4;
      unknown.add(character);
    }
  }
  return { bytes, unknown: [...unknown] };
}

/** A browser decodes GBK and does not encode it, so every pair of bytes is decoded once. */
function twoByteCharacters(): ReadonlySet<string> {
  const pairs: number[] = [];
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) pairs.push(lead, trail);
  const characters = new Set(new TextDecoder('gb18030').decode(Uint8Array.from(pairs)));
  characters.delete('\ufffd');
  for (let code = 0; code < 0x80; code++) characters.delete(String.fromCharCode(code));
  return characters;
}
