import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Motion,
  moveOn,
  type Reported,
  shownAt,
  still,
  turnToward,
} from '../../../web-map/src/fleet/motion.ts';
import { distanceM, pathThrough, placeAt } from '../../../web-map/src/fleet/path.ts';

const HOME: [number, number] = [119.97, 31.79];
/** So many metres north and east of home, `seconds` after the first report. */
const report = (northM: number, seconds: number, directionDeg: number | null = 0, eastM = 0): Reported => ({
  at: [HOME[0] + eastM / (111_195 * Math.cos((31.79 * Math.PI) / 180)), HOME[1] + northM / 111_195],
  time: 1_700_000_000_000 + seconds * 1_000,
  directionDeg,
});
const arrived = Number.POSITIVE_INFINITY;

describe('a bus between two reports', () => {
  const first = report(0, 0);
  const second = report(100, 10);
  const motion = moveOn(still(first), first, second, [], 5_000);

  it('starts where it was shown and is half way after half the interval', () => {
    expect(distanceM(shownAt(motion, 5_000).at, first.at)).toBeLessThan(0.01);
    expect(distanceM(shownAt(motion, 10_500).at, first.at)).toBeCloseTo(50, 0);
  });

  it('never goes beyond its last report, however long no other comes', () => {
    for (const later of [16_000, 60_000, arrived]) {
      expect(distanceM(shownAt(motion, later).at, second.at)).toBeLessThan(0.01);
      expect(shownAt(motion, later).moving).toBe(false);
    }
  });

  it('points the way it goes, whatever its terminal says', () => {
    const east = report(0, 10, 270, 80);
    const turned = moveOn(still(first), first, east, [], 0);
    expect(shownAt(turned, 1_000).headingDeg).toBeCloseTo(90, 0);
    expect(shownAt(turned, arrived).headingDeg).toBeCloseTo(90, 0);
  });

  it('goes on from where it is shown when a report comes early', () => {
    const early = report(150, 13);
    const next = moveOn(motion, second, early, [], 8_000);
    const before = shownAt(motion, 8_000).at;
    expect(distanceM(shownAt(next, 8_000).at, before)).toBeLessThan(0.01);
    expect(distanceM(shownAt(next, arrived).at, early.at)).toBeLessThan(0.01);
  });

  it('keeps its heading while it stands and its position jitters', () => {
    const jitter = { ...report(101, 20), directionDeg: 213 };
    const standing = moveOn(motion, second, jitter, [], 30_000);
    expect(shownAt(standing, arrived).headingDeg).toBeCloseTo(0, 0);
  });

  it('snaps where no bus could have driven, and over gaps', () => {
    const jump = moveOn(still(first), first, report(5_000, 10), [], 0);
    expect(shownAt(jump, 0).at).toEqual(report(5_000, 10).at);
    const gap = moveOn(still(first), first, report(300, 120), [], 0);
    expect(shownAt(gap, 0).at).toEqual(report(300, 120).at);
  });

  it('follows its route round a corner instead of cutting it', () => {
    const corner = report(60, 0).at;
    const route = pathThrough([report(-200, 0).at, corner, report(60, 0, 0, 300).at]);
    const end = report(60, 12, 90, 60);
    const along = moveOn(still(first), first, end, [route], 0);
    expect(along.path.lengthM).toBeCloseTo(120, 0);
    const half = shownAt(along, along.durationMs / 2).at;
    expect(distanceM(half, corner)).toBeLessThan(2);
  });

  it('drives straight where it is off its route', () => {
    const far = pathThrough([report(-200, 0, 0, 500).at, report(300, 0, 0, 500).at]);
    expect(moveOn(still(first), first, second, [far], 0).path.points).toHaveLength(2);
  });

  it('is always on the way between what was shown and what was reported', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 400 }),
        fc.integer({ min: 9, max: 40 }),
        fc.double({ min: 0, max: 60_000, noNaN: true }),
        (metres, seconds, now) => {
          const to = report(metres, seconds);
          const glide: Motion = moveOn(still(first), first, to, [], 0);
          const { at } = shownAt(glide, now);
          expect(distanceM(first.at, at) + distanceM(at, to.at)).toBeCloseTo(metres, 0);
        },
      ),
    );
  });
});

describe('turning', () => {
  it('goes the short way round and arrives', () => {
    expect(turnToward(350, 10, 60)).toBeGreaterThan(350);
    let shown = 350;
    for (let i = 0; i < 40; i++) shown = turnToward(shown, 10, 33);
    expect(Math.abs(shown - 10)).toBeLessThan(0.5);
  });

  it('stays within a full circle', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 359.9, noNaN: true }),
        fc.double({ min: 0, max: 359.9, noNaN: true }),
        fc.nat(5_000),
        (a, b, ms) => {
          const shown = turnToward(a, b, ms);
          return shown >= 0 && shown < 360.0001;
        },
      ),
    );
  });
});

describe('a path', () => {
  it('gives the place and direction at any distance along it', () => {
    const path = pathThrough([report(0, 0).at, report(100, 0).at, report(100, 0, 0, 100).at]);
    expect(path.lengthM).toBeCloseTo(200, 0);
    expect(placeAt(path, 50).headingDeg).toBeCloseTo(0, 0);
    expect(placeAt(path, 150).headingDeg).toBeCloseTo(90, 0);
    expect(placeAt(path, 900).at).toEqual(path.points.at(-1));
  });

  it('of one point stays there and points nowhere', () => {
    expect(placeAt(pathThrough([HOME]), 10)).toEqual({ at: HOME, headingDeg: null });
  });
});
