import type { Fields } from '../describe/field.ts';
import type { Version } from '../message.ts';
import type { ReadContext } from './read-context.ts';
import { readerRuntime } from './reader-runtime.ts';
import { ReaderSource } from './reader-source.ts';

/** Reads the bytes `at` to `end` as an object; what went wrong is in the context, with where it stopped. */
export type Reader = (b: Uint8Array, at: number, end: number, c: ReadContext) => Record<string, unknown>;

/**
 * Compiles a description into one JavaScript function, so that nothing is interpreted per frame: fields become local
 * variables and the object one literal, whose hidden class V8 then knows. Descriptions are constants of ours, never
 * input; every name goes through JSON.stringify on its way into the source.
 */
export function compileReader(fields: Fields, version: Version, traced = false): Reader {
  const source = new ReaderSource(version, traced);
  const object = source.struct(fields, null, 'end', '""');
  const body = [...source.lines, 'c.at = at;', `return ${object};`].join('\n');
  const runtime = Object.keys(readerRuntime).join(', ');
  const make = new Function(
    'rt',
    'k',
    `const { ${runtime} } = rt;\nreturn function read(b, at, end, c) {\n${body}\n}`,
  );
  return make(readerRuntime, source.constants) as Reader;
}
