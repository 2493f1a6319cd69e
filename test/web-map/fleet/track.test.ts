import { describe, expect, it } from 'vitest';
import type { TrackPoint } from '../../../services/api/contract.ts';
import { speedSamples, trackStretches } from '../../../web-map/src/fleet/track.ts';

const START = Date.parse('2026-11-24T07:00:00+08:00');
const point = (seconds: number, change: Partial<TrackPoint> = {}): TrackPoint => ({
  time: new Date(START + seconds * 1_000).toISOString(),
  lat: 31.79 + seconds * 1e-5,
  lon: 119.97,
  speedKmh: 30,
  directionDeg: 0,
  positioned: true,
  backfill: false,
  ...change,
});

describe('the track of a day', () => {
  it('breaks at gaps and passes over points without a fix', () => {
    const stretches = trackStretches([
      point(0),
      point(10),
      point(15, { positioned: false }),
      point(20),
      point(400),
      point(410),
    ]);
    expect(stretches.map((s) => s.line.length)).toEqual([3, 2]);
  });

  it('keeps what was uploaded later apart, yet joined to its ends', () => {
    const stretches = trackStretches([
      point(0),
      point(10),
      point(20, { backfill: true }),
      point(30, { backfill: true }),
      point(40),
      point(50),
    ]);
    expect(stretches.map((s) => [s.backfill, s.line.length])).toEqual([
      [false, 2],
      [true, 3],
      [false, 3],
    ]);
    expect(stretches[1]!.line[0]).toEqual(stretches[0]!.line.at(-1));
  });

  it('draws nothing of a lone point', () => {
    expect(trackStretches([point(0), point(1_000)])).toEqual([]);
  });
});

describe('the speed chart', () => {
  it('keeps the peak however few samples it has', () => {
    const day = Array.from({ length: 5_000 }, (_, i) => point(i * 5, { speedKmh: i === 3_333 ? 97 : 40 }));
    const samples = speedSamples(day, 100);
    expect(samples.length).toBeLessThanOrEqual(100);
    expect(Math.max(...samples.map((s) => s.kmh))).toBe(97);
  });

  it('leaves out points that have no speed', () => {
    expect(speedSamples([point(0, { speedKmh: null }), point(5)], 10)).toHaveLength(1);
  });
});
