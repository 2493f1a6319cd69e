import { describe, expect, it } from 'vitest';
import { boarded, heads, inOrder, said, signOn } from '../judge/crew-words.ts';
import { brief, drive, judgeAll } from '../judge/drive.ts';
import { smallPlan } from '../judge/small-plan.ts';

const line = [
  [0, 0],
  [5_000, 0],
] as const;
// 40 seats: the driver's, the escort's, and 38.
const plan = smallPlan({ trips: [{ id: 't', line }] });
const standing = drive([0, 0], [{ standS: 300 }], { startS: -300 });
const driving = drive([0, 0], [{ standS: 60 }, { to: [5_000, 0], kmh: 30 }], { startS: -60 });
const found = (reports: typeof standing, ...words: ReturnType<typeof said>[]) =>
  judgeAll(plan, inOrder(reports, words)).findings.filter((one) => one.rule === 'overload');

describe('overload', () => {
  it('has no margin: 38 are right, 39 are not', () => {
    expect(found(driving, said(-30, heads(38)))).toEqual([]);
    expect(found(driving, said(-30, heads(39))).map(brief)).toEqual(['overload P1 -30-']);
    expect(found(driving, said(-30, heads(39)))[0]!.evidence).toMatchObject({
      aboardCount: 39,
      capacity: 38,
      points: 6,
      countedBy: 'head_count',
    });
  });

  it('says nothing of what nobody counted', () => {
    expect(found(driving)).toEqual([]);
  });

  it('waits a minute at a stop, where some get on while others get off', () => {
    expect(found(standing, said(-200, heads(39)), said(-145, heads(38)))).toEqual([]);
    expect(found(standing, said(-200, heads(39)), said(-135, heads(38))).map(brief)).toEqual([
      'overload P1 -200--135',
    ]);
  });

  it('is the graver offence from 20 % on', () => {
    expect(found(driving, said(-30, heads(45)))[0]!.evidence).toMatchObject({ points: 6, overPercent: 18 });
    expect(found(driving, said(-30, heads(46)))[0]!.evidence).toMatchObject({ points: 12, overPercent: 21 });
  });

  it('believes a camera alone only from three over, and never quite', () => {
    expect(found(driving, said(-30, heads(40, 'camera')))).toEqual([]);
    const [seen] = found(driving, said(-30, heads(41, 'camera')));
    expect(seen).toMatchObject({ severity: 'P2', evidence: { unverified: true, countedBy: 'counter' } });
  });

  it('counts scans, and has a seat more where no escort is', () => {
    const riders = Array.from({ length: 39 }, (_, i) => `r${i}`);
    expect(found(driving, said(-30, ...boarded(...riders))).map((f) => f.evidence.countedBy)).toEqual([
      'scans',
    ]);
    const alone = smallPlan({ trips: [{ id: 't', line, escort: null, driver: null }] });
    const with39 = (...words: ReturnType<typeof said>[]) =>
      judgeAll(alone, inOrder(driving, [said(-30, heads(39)), ...words])).findings.filter(
        (one) => one.rule === 'overload',
      ).length;
    expect(with39()).toBe(0);
    expect(with39(said(-31, signOn()))).toBe(1);
  });
});
