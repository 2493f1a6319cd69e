import { describe, expect, it } from 'vitest';
import { en } from '../../../web-map/src/i18n/en.ts';
import { zh } from '../../../web-map/src/i18n/zh.ts';
import { ageOf } from '../../../web-map/src/text/age.ts';
import { clockTime, clockTimeWithSeconds, dateOnly } from '../../../web-map/src/text/time.ts';

const S = 1_000;
const ages = [-9 * S, 0.4 * S, 12 * S, 59 * S, 61 * S, 125 * S, 3_600 * S, 90_000 * S];

describe('an age in words', () => {
  it('is cut to its largest unit in English', () => {
    const said = ages.map((ms) => en.age.ago(ageOf(ms)));
    expect(said).toEqual([
      'just now',
      'just now',
      '12 s ago',
      '59 s ago',
      '1 min ago',
      '2 min ago',
      '1 h ago',
      '1 d ago',
    ]);
  });

  it('is cut to its largest unit in Chinese', () => {
    const said = ages.map((ms) => zh.age.ago(ageOf(ms)));
    expect(said).toEqual(['刚刚', '刚刚', '12秒前', '59秒前', '1分钟前', '2分钟前', '1小时前', '1天前']);
  });
});

describe('times', () => {
  it('are those of China, wherever the viewer is', () => {
    expect(clockTime('zh', '2026-11-23T23:42:05Z')).toBe('07:42');
    expect(clockTimeWithSeconds('en', '2026-11-24T07:42:05+08:00')).toBe('07:42:05');
    expect(clockTime('en', '2026-11-24T00:05:00+08:00')).toBe('00:05');
  });

  it('write dates of the plan in either form, and leave alone what is none', () => {
    expect(dateOnly('en', '20270131')).toBe('31 Jan 2027');
    expect(dateOnly('zh', '2027-01-31')).toBe('2027年1月31日');
    expect(dateOnly('zh', 'n/a')).toBe('n/a');
  });
});
