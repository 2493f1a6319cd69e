import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featureLines, lineAt } from '../../../geo/plan/feature-lines.ts';
import { simpleRingFault } from '../../../geo/plan/ring.ts';
import { parseWktPolygon } from '../../../geo/plan/wkt.ts';

const square: [number, number][] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [0, 0],
];

describe('a ring', () => {
  it('is sound, also with a point given twice in a row', () => {
    expect(simpleRingFault(square)).toBeNull();
    expect(simpleRingFault([...square.slice(0, 2), ...square.slice(1)])).toBeNull();
  });

  it('has a fault where it is open, short, flat or crosses itself', () => {
    expect(simpleRingFault(square.slice(0, -1))).toContain('does not end where it began');
    expect(simpleRingFault(square.slice(0, 2))).toContain('at least 4');
    expect(
      simpleRingFault([
        [0, 0],
        [1, 1],
        [2, 2],
        [0, 0],
      ]),
    ).toContain('without area');
    expect(
      simpleRingFault([
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 1],
        [0, 0],
      ]),
    ).toContain('crosses itself');
  });
});

describe('a WKT polygon', () => {
  it('is read with its holes, in any spelling', () => {
    const hole = '(0.2 0.2, 0.4 0.2, 0.4 0.4, 0.2 0.2)';
    const rings = parseWktPolygon(`SRID=4326; polygon ( (0 0,1 0, 1 1 ,0 1,0 0), ${hole} )`);
    expect(rings).toEqual([
      square,
      [
        [0.2, 0.2],
        [0.4, 0.2],
        [0.4, 0.4],
        [0.2, 0.2],
      ],
    ]);
    expect(parseWktPolygon('POLYGON Z((0 0 5,1 0 5,1 1 5,0 1 5,0 0 5))')).toEqual([square]);
  });

  it.each([
    ['POINT(1 2)', 'is not a WKT polygon'],
    ['MULTIPOLYGON(((0 0,1 0,1 1,0 0)))', 'is not a WKT polygon'],
    ['SRID=3857;POLYGON((0 0,1 0,1 1,0 0))', 'SRID 3857'],
    ['POLYGON(0 0,1 0,1 1,0 0)', 'brackets'],
    ['POLYGON((0 0,1 0,1 1,0 0)', 'brackets'],
    ['POLYGON((0 0,1,1 1,0 0))', '"1"'],
    ['POLYGON((0 0,1 0,1 95,0 0))', '"1 95"'],
    ['POLYGON((0 0,1 0,1 1))', 'at least 4'],
    ['POLYGON(())', 'longitude'],
  ])('%s is refused', (text, words) => {
    expect(parseWktPolygon(text)).toContain(words);
  });
});

describe('lines of GeoJSON features', () => {
  it('are those an editor shows, whatever the features hold', () => {
    const feature = fc.record({
      properties: fc.dictionary(
        fc.constantFrom('features', 'a"b', '[', '}'),
        fc.constantFrom('x', '"[', ',', '\\', ']}'),
      ),
      list: fc.array(fc.array(fc.integer(), { maxLength: 3 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(feature, { maxLength: 6 }),
        fc.constantFrom(undefined, 1, 2),
        (features, indent) => {
          const marked = features.map((f, i) => ({ marker: `#${i}#`, ...f }));
          const collection = {
            features_: [[1], [2]],
            type: 'FeatureCollection',
            features: marked,
            bbox: [[0], [0]],
          };
          const text = JSON.stringify(collection, null, indent);
          const expected = marked.map(({ marker }) => {
            const line = lineAt(text, text.indexOf(marker));
            // Indented, the marker is on the line after the brace.
            return indent === undefined ? line : line - 1;
          });
          expect(featureLines(text)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });
});
