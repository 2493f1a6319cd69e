import type { Fields } from '../describe/field.ts';
import type { Version } from '../message.ts';
import type { Writer } from './writer.ts';
import { writerRuntime } from './writer-runtime.ts';
import { WriterSource } from './writer-source.ts';

/** Appends the bytes of an object; throws `EncodeError` where the object cannot be sent. */
export type BodyWriter = (w: Writer, o: Record<string, unknown>) => void;

/**
 * Compiles a description into the function that writes it; see `compileReader`. Buffer and position are local
 * variables, room is made once for a run of fields of known width, and integers go straight into the bytes.
 */
export function compileWriter(fields: Fields, version: Version): BodyWriter {
  const source = new WriterSource(version);
  source.struct(fields, null, 'o', '""');
  const runtime = Object.keys(writerRuntime).join(', ');
  const body = ['let b = w.buffer, at = w.length;', ...source.lines, 'w.length = at;'].join('\n');
  const make = new Function(
    'rt',
    'k',
    `const { ${runtime} } = rt;\nreturn function write(w, o) {\n${body}\n}`,
  );
  return make(writerRuntime, source.constants) as BodyWriter;
}

/**
 * Compiles a test of whether an object has no other fields than these. What was decoded has them in this order, so each
 * is first compared with the one that is expected next.
 */
export function compileNameCheck(names: Iterable<string>): (body: object) => boolean {
  const order = [...names];
  const place = new Map(order.map((name, i) => [name, i]));
  return (body) => {
    let next = 0;
    for (const name in body) {
      if (name !== order[next]) {
        const at = place.get(name);
        if (at === undefined) return false;
        next = at;
      }
      next++;
    }
    return true;
  };
}
