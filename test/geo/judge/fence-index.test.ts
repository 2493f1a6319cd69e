import { describe, expect, it } from 'vitest';
import { fenceIndex } from '../../../geo/judge/fence-index.ts';
import { findingId } from '../../../geo/judge/finding-id.ts';
import { chinaTime, localClock } from '../../../geo/judge/time-text.ts';
import { cellIndex } from '../../../geo/matching/cell-index.ts';
import type { Fence } from '../../../geo/plan/plan.ts';
import { type Metres, place, START } from './small-plan.ts';

const fence = (more: Partial<Fence>): Fence => ({
  id: 'f',
  name: 'f',
  kind: 'speed_zone',
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [100, 0],
        [100, 100],
        [0, 100],
        [0, 0],
      ].map((m) => [...place(m as unknown as Metres)]),
    ],
  },
  speedLimitKmh: null,
  motorway: false,
  windows: [],
  ...more,
});
const at = (fences: readonly Fence[], metres: Metres, time = START): number => {
  const [lon, lat] = place(metres);
  return fenceIndex(fences, localClock('Asia/Shanghai'))(lat, lon, time).length;
};

describe('fences', () => {
  it('hold what is inside them', () => {
    expect(at([fence({})], [50, 50])).toBe(1);
    expect(at([fence({})], [150, 50])).toBe(0);
    expect(at([fence({})], [50_000, 50])).toBe(0);
  });

  it('that are lines hold a carriageway to each side', () => {
    const coordinates = [
      [0, 0],
      [1_000, 0],
      [1_000, 1_000],
    ].map((m) => [...place(m as unknown as Metres)]);
    const line = fence({ geometry: { type: 'LineString', coordinates } });
    expect([
      at([line], [500, 20]),
      at([line], [1_020, 500]),
      at([line], [500, 60]),
      at([line], [-40, 0]),
    ]).toEqual([1, 1, 0, 0]);
    const many = fence({ geometry: { type: 'MultiLineString', coordinates: [coordinates] } });
    expect(at([many], [500, 20])).toBe(1);
  });

  it('are on in their windows, local time, over midnight too', () => {
    const seven = fence({ windows: [[7 * 3600, 8 * 3600]] });
    expect([
      at([seven], [50, 50]),
      at([seven], [50, 50], START - 1_000),
      at([seven], [50, 50], START + 3_600_000),
    ]).toEqual([1, 0, 0]);
    const night = fence({ windows: [[22 * 3600, 7 * 3600 + 1]] });
    expect([at([night], [50, 50]), at([night], [50, 50], START + 1_000)]).toEqual([1, 0]);
  });

  it('as large as a country are found as well', () => {
    const index = cellIndex(['country', 'town'], (name) => [
      name === 'country' ? [100, 20, 130, 45] : [119.9, 31.7, 120, 31.9],
    ]);
    expect([...index.at(31.8, 119.95)].sort()).toEqual(['country', 'town']);
    expect(index.at(25, 110)).toEqual(['country']);
  });
});

describe('what names a finding', () => {
  it('is its rule, vehicle and start, safe in a URL', () => {
    expect(findingId('sos', '苏D 00001/学', START)).toMatch(/^sos-[a-z0-9]+-[0-9a-f]{16}$/);
    expect(findingId('sos', 'a', START)).not.toBe(findingId('sos', 'b', START));
    expect(findingId('sos', 'a', START)).not.toBe(findingId('sos', 'a', START + 1));
  });

  it('has its times in +08:00', () => {
    expect([chinaTime(START), chinaTime(START + 250)]).toEqual([
      '2026-03-02T07:00:00+08:00',
      '2026-03-02T07:00:00.250+08:00',
    ]);
  });
});
