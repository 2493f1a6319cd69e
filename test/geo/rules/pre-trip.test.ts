import { describe, expect, it } from 'vitest';
import { checked, inOrder, said } from '../judge/crew-words.ts';
import { brief, drive, judgeAll } from '../judge/drive.ts';
import { smallPlan } from '../judge/small-plan.ts';

const line = [
  [0, 0],
  [5_000, 0],
] as const;
const run = drive([0, 0], [{ standS: 60 }, { to: [5_000, 0], kmh: 30 }], { startS: -60 });
const yesterday = said(-86_400, checked());
const found = (...words: ReturnType<typeof said>[]) =>
  judgeAll(smallPlan({ trips: [{ id: 't', line }] }), inOrder(run, words)).findings.map(
    (one) => `${brief(one)} ${one.evidence.reason}`,
  );

describe('the check before the run', () => {
  it('is not missed where nobody records it', () => {
    expect(found()).toEqual([]);
  });

  it('is missed where it was recorded before, and holds for half a day', () => {
    expect(found(yesterday)).toEqual(['unapproved_vehicle P2 5-595 not_checked']);
    expect(found(yesterday, said(-600, checked()))).toEqual([]);
    expect(found(yesterday, said(-11 * 3_600, checked()))).toEqual([]);
    expect(found(said(-12 * 3_600, checked()))).toEqual(['unapproved_vehicle P2 5-595 not_checked']);
  });

  it('may come a little late, and ends the finding when it comes later', () => {
    expect(found(yesterday, said(50, checked()))).toEqual([]);
    expect(found(yesterday, said(200, checked()))).toEqual(['unapproved_vehicle P2 5-200 not_checked']);
  });

  it('forbids the run with a defect until it is mended', () => {
    expect(found(said(-600, checked(false, ['brakes'])))).toEqual(['unapproved_vehicle P2 5-595 defect']);
    expect(found(said(-600, checked(false, ['brakes'])), said(-300, checked()))).toEqual([]);
  });
});
