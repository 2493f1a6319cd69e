import { describe, expect, it } from 'vitest';
import { NOT_LATE, stepLate } from '../../../geo/eta/late-notice.ts';

/** Steps through [second, minutes late]; what was told when. */
function told(steps: readonly (readonly [number, number])[]): [number, number][] {
  let state = NOT_LATE;
  const found: [number, number][] = [];
  for (const [s, minutes] of steps) {
    const step = stepLate(state, s * 1000, 3_600_000 + minutes * 60_000, 3_600_000);
    state = step.state;
    if (step.tellS !== null) found.push([s, step.tellS / 60]);
  }
  return found;
}

describe('a delay at a stop that is not served yet', () => {
  it('is told at ten minutes in two predictions a minute apart, and not before', () => {
    expect(
      told([
        [0, 9],
        [30, 10],
        [60, 10],
        [90, 10],
      ]),
    ).toEqual([[90, 10]]);
    expect(
      told([
        [0, 10],
        [30, 9],
        [60, 10],
        [90, 11],
      ]),
    ).toEqual([]);
  });

  it('is told again only on a change of five minutes', () => {
    expect(
      told([
        [0, 10],
        [60, 11],
        [120, 14],
        [180, 16],
        [240, 17],
      ]),
    ).toEqual([
      [60, 11],
      [180, 16],
    ]);
  });
});
