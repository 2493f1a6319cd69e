import { describe, expect, it } from 'vitest';
import { drive, judgeAll } from '../judge/drive.ts';
import { smallPlan } from '../judge/small-plan.ts';

const plan = smallPlan({
  trips: [
    {
      id: 't',
      line: [
        [0, 0],
        [20_000, 0],
      ],
    },
  ],
});

/** Bits that mean nothing by themselves, and why. */
const WARNINGS = new Map([[13, 'the warning before overspeed: joins what the platform finds']]);

describe('the alarm word of 0x0200', () => {
  it.each(Array.from({ length: 32 }, (_, n) => n))('bit %d is heard by a rule', (n) => {
    const reports = drive(
      [0, 0],
      [
        { to: [2_000, 0], kmh: 36 },
        { to: [6_000, 0], kmh: 36, more: { alarmFlags: (1 << n) >>> 0 } },
        { to: [9_000, 0], kmh: 36 },
      ],
    );
    expect(judgeAll(plan, reports).findings.length > 0).toBe(!WARNINGS.has(n));
  });
});
