import { type BitsField, type Fields, inVersion, type NumberField } from '../describe/field.ts';
import { type Path, quote } from './source-text.ts';
import type { WriterScope, WriterSource } from './writer-source.ts';

/** Emits the writing of integers and of bit masks; see `WriterSource`. */

/** A test that holds for whatever is no whole number of so many bytes; what is no number at all fails it too. */
function misfit(size: number, signed: boolean, value: string): string {
  if (size === 4) return `(${value} ${signed ? '|' : '>>>'} 0) !== ${value}`;
  const spare = 32 - 8 * size;
  return signed
    ? `(${value} << ${spare} >> ${spare}) !== ${value}`
    : `(${value} & ${2 ** (8 * size) - 1}) !== ${value}`;
}

export function writeNumber(
  source: WriterSource,
  field: NumberField | BitsField,
  value: string,
  scope: WriterScope,
  path: Path,
): void {
  const raw = source.fresh('r');
  scope.raw.set(field.name, raw);
  if (field.kind === 'bits') {
    const known = field.bits.filter((bit) => inVersion(bit, source.version));
    const table = source.constant(new Map(known.map((bit) => [bit.name, bit.bit])));
    source.emit(`${raw} = maskOf(${value}, ${table}, ${field.size}, ${path});`);
  } else rawNumber(source, field, value, raw, scope, path);
  const signs = signsOf(field.name, scope);
  if (signs !== '') source.emit(`${raw} = (${raw}${signs}) >>> 0;`);
  source.store(field.size, raw);
}

function rawNumber(
  source: WriterSource,
  field: NumberField,
  value: string,
  raw: string,
  scope: WriterScope,
  path: Path,
): void {
  const full = 2 ** (8 * field.size);
  const low = field.negativeFrom ?? (field.signed ? -full / 2 : 0);
  const high = full + low - 1;
  if (field.views !== undefined) {
    const views = source.constant(
      field.views.map((view) => ({
        ...view,
        bits: view.bits.filter((bit) => inVersion(bit, source.version)),
      })),
    );
    source.emit(
      `if (${value} === undefined) ${raw} = fromViews(${scope.object}, ${views}, ${field.size}, ${path}); else {`,
    );
  } else if (field.none !== undefined) source.emit(`if (${value} === null) ${raw} = ${field.none}; else {`);
  else source.emit('{');
  if (field.asId) source.emit(`${raw} = idOf(${value}, ${high}, ${path});`);
  else if (field.scale !== undefined || field.bias !== undefined) {
    const scaled = source.fresh('q');
    const shifted = field.bias === undefined ? value : `(${value} + ${field.bias})`;
    source.emit(
      `const ${scaled} = ${shifted} * ${field.scale ?? 1} + 0.5;`,
      `if (typeof ${value} !== 'number' || !(${scaled} >= ${low} && ${scaled} < ${high + 1})) outOfRange(${value}, ${low}, ${high}, ${field.scale ?? 1}, ${field.bias ?? 0}, ${path});`,
      `${raw} = ${low < 0 ? `Math.floor(${scaled})` : `${scaled} >>> 0`};`,
    );
  } else {
    const wrong =
      field.negativeFrom === undefined
        ? misfit(field.size, field.signed === true, value)
        : `Math.floor(${value}) !== ${value} || !(${value} >= ${low} && ${value} <= ${high})`;
    source.emit(`if (${wrong}) notWhole(${value}, ${low}, ${high}, ${path});`, `${raw} = ${value};`);
  }
  source.emit('}');
}

/** The sign bits of coordinates that look to this field for theirs. */
function signsOf(name: string, scope: WriterScope): string {
  return coordinatesOf(scope.fields, name)
    .map(({ list, field, bit }) => {
      const negative =
        list === null
          ? `${scope.object}.${field} < 0`
          : `anyNegative(${scope.object}.${list}, ${quote(field)})`;
      return ` | (${negative} ? ${2 ** bit} : 0)`;
    })
    .join('');
}

function coordinatesOf(fields: Fields, name: string): { list: string | null; field: string; bit: number }[] {
  return fields.flatMap((field): { list: string | null; field: string; bit: number }[] => {
    if (field.kind === 'coordinate' && field.sign?.field === name)
      return [{ list: null, field: field.name, bit: field.sign.bit }];
    // An entry with a field of that name looks to its own.
    if (field.kind === 'list' && !field.fields.some((inner) => 'name' in inner && inner.name === name))
      return coordinatesOf(field.fields, name).map((inner) => ({ ...inner, list: field.name }));
    return [];
  });
}
