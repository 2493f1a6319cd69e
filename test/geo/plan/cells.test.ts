import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseDate,
  parseDecimal,
  parseInteger,
  parseList,
  parseTime,
  parseTimeFast,
  parseWindow,
} from '../../../geo/plan/cells.ts';

describe('times of day', () => {
  it('pass midnight, and may have one digit of hours', () => {
    expect(parseTime('06:30:15')).toBe(23_415);
    expect(parseTime('6:30:15')).toBe(23_415);
    expect(parseTime('25:10:00')).toBe(90_600);
    expect(parseTime('06:30')).toBe(23_400);
  });

  it('are refused where they are none', () => {
    for (const text of [
      '',
      '24',
      '06:60:00',
      '06:30:60',
      '6:3:0',
      '-1:00:00',
      'noon',
      '06:30:00 ',
      '06.30.00',
    ]) {
      expect(parseTime(text)).toBeNull();
      expect(parseTimeFast(text)).toBe(-1);
    }
  });

  it('are read by the fast way as by the other', () => {
    const any = fc.string({ unit: fc.constantFrom(...'0123456789:: -'), maxLength: 9 });
    const right = fc
      .tuple(fc.nat(120), fc.nat(59), fc.nat(59))
      .map(([h, m, s]) => `${h}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}`);
    fc.assert(
      fc.property(fc.oneof(any, right), (text) => {
        expect(parseTimeFast(text)).toBe(parseTime(text) ?? -1);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('dates', () => {
  it('are taken with and without hyphens', () => {
    expect(parseDate('20260228')).toBe('20260228');
    expect(parseDate('2024-02-29')).toBe('20240229');
  });

  it('are refused where there is no such day', () => {
    for (const text of [
      '20260229',
      '20261301',
      '2026-0101',
      '2026-1-1',
      '26-01-01',
      '00000000',
      'today',
      '',
    ]) {
      expect(parseDate(text)).toBeNull();
    }
  });
});

describe('windows', () => {
  it('are taken as staff write them', () => {
    for (const text of ['06:30-08:00', '6:30 - 8:00', '06：30–08：00', '06:30~08:00', '06:30:00至08:00:00']) {
      expect(parseWindow(text)).toEqual([23_400, 28_800]);
    }
    expect(parseWindow('22:00-05:00')).toEqual([79_200, 18_000]);
  });

  it('are refused where they are none', () => {
    for (const text of ['06:30', '08:00-08:00', '06:30-25:00', '06:30-08:00-09:00', 'morning']) {
      expect(parseWindow(text)).toBeNull();
    }
  });
});

describe('numbers and lists', () => {
  it('are not what Number takes', () => {
    expect(parseDecimal('31.8')).toBe(31.8);
    expect(parseDecimal('-.5')).toBe(-0.5);
    for (const text of ['', ' ', '0x10', '1,5', 'NaN', 'Infinity', '1 2'])
      expect(parseDecimal(text)).toBeNull();
    expect(parseInteger('007')).toBe(7);
    expect(parseInteger('-12')).toBe(-12);
    for (const text of ['', '-', '1.0', '1e3', '1-', '1'.repeat(16)]) expect(parseInteger(text)).toBeNull();
  });

  it('are decimals where a pattern says so', () => {
    const pattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
    const any = fc.string({ unit: fc.constantFrom(...'0123456789.+-eE '), maxLength: 8 });
    fc.assert(
      fc.property(any, (text) => {
        expect(parseDecimal(text)).toBe(pattern.test(text) ? Number(text) : null);
      }),
      { numRuns: 2000 },
    );
  });

  it('are split at either semicolon', () => {
    expect(parseList(' a; b；c;')).toEqual(['a', 'b', 'c']);
    expect(parseList('')).toEqual([]);
  });
});
