import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hrefOf, placeOf } from '../../../web-map/src/state/address.ts';

const piece = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

describe('an address of the console', () => {
  it('is written and read back the same, whatever ids are made of', () => {
    fc.assert(
      fc.property(
        piece,
        fc.array(piece, { maxLength: 3 }),
        fc.dictionary(piece, piece, { maxKeys: 4 }),
        (page, rest, query) => {
          const url = new URL(hrefOf({ page, rest, query }), 'http://127.0.0.1');
          expect(placeOf(url.pathname, url.search)).toEqual({ page, rest, query: { ...query } });
        },
      ),
    );
  });

  it('leaves out what is empty, and names no file', () => {
    expect(hrefOf({ page: '', rest: [], query: { bus: '' } })).toBe('/');
    expect(hrefOf({ page: 'bus', rest: ['V1.2'], query: { alert: 'A.1' } })).toBe('/bus/V1%2E2?alert=A.1');
  });

  it('is read as it stands where it cannot be decoded', () => {
    expect(placeOf('/map/%E0%A4%A', '?bus')).toEqual({ page: 'map', rest: ['%E0%A4%A'], query: { bus: '' } });
  });
});
