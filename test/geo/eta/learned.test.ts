import { describe, expect, it } from 'vitest';
import { learnedFrom, nothingLearned, takeAdded } from '../../../geo/eta/learned.ts';
import { ETA } from '../../../geo/eta/settings.ts';
import { usual } from '../../../geo/eta/travel-times.ts';
import { replayed, run } from './fixture.ts';

const stretch = { segment: 't-1>t-2', route: 'r', plannedS: 150, lengthM: 1_500 };

describe('what was learned', () => {
  it('is read back as it was kept, however many processes kept it', () => {
    const learned = nothingLearned(true);
    replayed(run(20), learned);
    const first = takeAdded(learned);
    replayed(run(20), learned);
    const second = takeAdded(learned);
    expect(first.length).toBeGreaterThan(0);
    expect(takeAdded(learned)).toEqual([]);
    const segment = first.find((row) => row.part === 'segment')!;
    const asked = { ...stretch, segment: segment.key };
    const at = (segment.slot + 0.5) * ETA.slotS;
    const apart = learnedFrom([...first, ...second], ETA);
    const summed = learnedFrom(
      first.map((row, i) => ({
        ...row,
        weight: row.weight + second[i]!.weight,
        run: row.run + second[i]!.run,
        stay: row.stay + second[i]!.stay,
      })),
      ETA,
    );
    expect(usual(summed.times, asked, segment.kind, at, ETA).runS).toBeCloseTo(
      usual(apart.times, asked, segment.kind, at, ETA).runS,
      6,
    );
    expect(usual(apart.times, asked, segment.kind, at, ETA)).not.toEqual(
      usual(nothingLearned().times, asked, segment.kind, at, ETA),
    );
  });
});
