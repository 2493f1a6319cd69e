import type { DecodeOptions } from './decode.ts';
import { type Explanation, explainFrame } from './explain.ts';
import { frameOfLine } from './frame-lines.ts';

/** A frame in hex taken apart; `bytes` is the frame without flags and escapes, in which the offsets count. */
export interface ExplainedLine extends Explanation {
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array();

/** Takes one line apart: a frame in hex, with or without spaces and flags. */
export function explainLine(line: string, options: DecodeOptions = {}): ExplainedLine {
  const frame = frameOfLine(line);
  if ('error' in frame) {
    const fault = `${frame.error}: ${frame.detail}`;
    return { title: 'no frame', source: '', fields: [], warnings: [], fault, bytes: NOTHING };
  }
  const explanation = explainFrame(frame.bytes, options);
  const warnings = [...frame.warnings, ...explanation.warnings];
  return { ...explanation, warnings, bytes: frame.bytes };
}

/**
 * The frames of a pasted text, one a line for `explainLine`: a frame may be wrapped over lines, and frames may follow
 * each other in one. What is no hex stays a line, to be told of.
 */
export function frameLines(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  const close = () => {
    if (open !== '') lines.push(open);
    open = '';
  };
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/[\s,]+/g, '').replace(/^0x/i, '');
    if (line === '') continue;
    if (/^7e/i.test(line) || !isHex(line)) close();
    open += line;
    const flagged = /^7e/i.test(open);
    if (flagged && open.length > 2 && /7e$/i.test(open)) {
      lines.push(...apart(open));
      open = '';
    } else if (!flagged || !isHex(line)) close();
  }
  close();
  return lines;
}

const isHex = (text: string): boolean => /^(?:[0-9a-f]{2})*$/i.test(text);

/** A flag never stands inside a frame (4.4.2), so any between two frames parts them. */
function apart(line: string): string[] {
  const bytes = line.match(/../g) ?? [];
  if (!isHex(line)) return [line];
  const frames: string[] = [];
  let frame: string[] = [];
  for (const byte of bytes) {
    if (byte.toLowerCase() !== '7e') frame.push(byte);
    else if (frame.length > 0) {
      frames.push(`7e${frame.join('')}7e`);
      frame = [];
    }
  }
  return frames.length > 0 ? frames : [line];
}
