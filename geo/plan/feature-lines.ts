/**
 * The line on which each element of the outermost `features` array begins, so that a fault in a GeoJSON file can be
 * found in an editor. Expects text that `JSON.parse` takes.
 */
export function featureLines(text: string): number[] {
  const lines: number[] = [];
  let line = 1;
  let depth = 0;
  let key = '';
  /** Depth of the array of features once it is open. */
  let within = -1;
  let elementStarts = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\n') line++;
    if (c === '"') {
      const from = i + 1;
      for (i++; text[i] !== '"' && i < text.length; i++) if (text[i] === '\\') i++;
      if (depth === 1) key = /^\s*:/.test(text.slice(i + 1, i + 20)) ? text.slice(from, i) : key;
    } else if (c === '{' || c === '[') {
      if (depth === within && elementStarts) {
        lines.push(line);
        elementStarts = false;
      }
      depth++;
      if (c === '[' && depth === 2 && key === 'features') {
        within = 2;
        elementStarts = true;
      }
    } else if (c === '}' || c === ']') {
      depth--;
      if (depth < within) within = -1;
    } else if (c === ',' && depth === within) elementStarts = true;
  }
  return lines;
}

/** The line that holds the character at `offset`. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
