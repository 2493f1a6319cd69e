import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../../geo/plan/csv.ts';

function readAll(text: string, want?: number[]) {
  const faults: { line: number; reason: string }[] = [];
  const csv = readCsv(text, (line, reason) => faults.push({ line, reason }));
  if (want) csv.want(want);
  const rows: string[][] = [];
  const rowLines: number[] = [];
  while (csv.next()) {
    rows.push([...csv.cells]);
    rowLines.push(csv.line);
  }
  return { rows, lines: rowLines, faults };
}

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '校', ' ', ',', '"', '\n', '\r\n', "'", '0'),
  maxLength: 6,
});
const sheet = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 8 }))
  .chain(([width, height]) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    }),
  );

describe('CSV', () => {
  it('gives back what was written, but for spaces around cells', () => {
    fc.assert(
      fc.property(
        sheet,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        (cells, recordDelimiter, quoted) => {
          // The writer quotes its own kind of line break only.
          const text = stringify(cells, {
            record_delimiter: recordDelimiter,
            quoted: quoted || recordDelimiter !== '\n',
          });
          const { rows, faults } = readAll(text);
          const expected = cells
            .map((row) => row.map((c) => c.trim()))
            .filter((_, i) => cells[i]!.length > 1 || cells[i]![0] !== '');
          expect(faults).toEqual([]);
          expect(rows).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('agrees with csv-parse', () => {
    fc.assert(
      fc.property(sheet, (cells) => {
        const text = stringify(cells);
        const reference: string[][] = parse(text, { trim: true, relax_column_count: true });
        expect(readAll(text).rows).toEqual(reference.map((row) => row.map((c) => c.trim())));
      }),
      { numRuns: 500 },
    );
  });

  it('cuts out the wanted fields only, in the order asked for', () => {
    expect(readAll('a,b,c\n1,"2,2",3\n4\n', [2, 0, -1]).rows).toEqual([
      ['c', 'a', ''],
      ['3', '1', ''],
      ['', '4', ''],
    ]);
  });

  it('numbers lines as an editor does, through quoted line breaks and blank lines', () => {
    const { rows, lines } = readAll('\ufeffa,b\r\n\r\n1,"x\r\ny"\r\n  \r\n2,z');
    expect(rows).toEqual([
      ['a', 'b'],
      ['1', 'x\r\ny'],
      ['2', 'z'],
    ]);
    expect(lines).toEqual([1, 3, 6]);
  });

  it('keeps a quote within a plain cell, and the last row without a line end', () => {
    expect(readAll('6" pipe,x\na,').rows).toEqual([
      ['6" pipe', 'x'],
      ['a', ''],
    ]);
  });

  it('tells of a quote that never closes and of text behind one that does', () => {
    expect(readAll('a,b\n1,"2\n3,4\n').faults).toEqual([
      { line: 2, reason: 'a quote opens here and never closes' },
    ]);
    expect(readAll('a,b\n1,"2"x\n3,4\n')).toMatchObject({
      faults: [{ line: 2, reason: 'text behind a closing quote' }],
      rows: [
        ['a', 'b'],
        ['1', '2'],
        ['3', '4'],
      ],
    });
  });

  it('reads any text to its end', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ') }), (text) => {
        const { lines } = readAll(text);
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
        expect(new Set(lines).size).toBe(lines.length);
      }),
      { numRuns: 500 },
    );
  });
});
