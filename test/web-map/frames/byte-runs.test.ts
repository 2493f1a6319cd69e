import { describe, expect, it } from 'vitest';
import { explainLine } from '../../../protocol/jt808/explain-line.ts';
import { byteRuns } from '../../../web-map/src/frames/byte-runs.ts';
import { fieldInChinese, meaningInChinese, titleInChinese } from '../../../web-map/src/frames/frame-words.ts';

const REPORT =
  '7e0200002f013912345678000200000002000c00030260f5d706f0159e002c0146007d0226030207301501040001e9f60302014011010030011f31010c667e';

describe('runs of bytes', () => {
  it('give every byte to one field, the innermost, and what is of none to none', () => {
    const fields = [
      { offset: 0, hex: '0102030405' },
      { offset: 1, hex: '0203' },
    ];
    expect(byteRuns('01020304050607', fields)).toEqual([
      { start: 0, bytes: ['01'], field: 0 },
      { start: 1, bytes: ['02', '03'], field: 1 },
      { start: 3, bytes: ['04', '05'], field: 0 },
      { start: 5, bytes: ['06', '07'], field: null },
    ]);
  });

  it('put together are the frame', () => {
    const { bytes, fields } = explainLine(REPORT);
    const hex = Buffer.from(bytes).toString('hex');
    const runs = byteRuns(hex, fields);
    expect(runs.flatMap((run) => run.bytes).join('')).toBe(hex);
    expect(runs.every((run) => run.field !== null)).toBe(true);
  });
});

describe('words of a frame in Chinese', () => {
  it('name the message, its fields and bits', () => {
    expect(titleInChinese('0x0200 location report, 2013')).toBe('0x0200 位置信息汇报，2013 版');
    expect(titleInChinese('0x0f00 unknown')).toBe('0x0f00 unknown');
    expect(fieldInChinese('extras.overspeedArea.type')).toBe('超速区域类型');
    expect(fieldInChinese('items[3].speedKmh')).toBe('速度');
    expect(fieldInChinese('somethingElse')).toBeNull();
    expect(meaningInChinese('accOn, positioned, load empty', 3)).toBe('ACC 开，已定位，空车');
    expect(meaningInChinese('body of 47 bytes, not encrypted', 47)).toBe('消息体 47 字节，未加密');
    expect(meaningInChinese('wrong: XOR of everything before it is 66', '67')).toBe(
      '错误：其前全部字节的异或为 66',
    );
    expect(meaningInChinese('location report', '0x0200')).toBe('位置信息汇报');
  });

  it('leave no word of a location report in English but what has no Chinese', () => {
    for (const { path, meaning, value } of explainLine(REPORT).fields) {
      expect(fieldInChinese(path), path).not.toBeNull();
      const said = meaningInChinese(meaning, value).replace(/ACC|GPS/g, '');
      expect(said, path).not.toMatch(/[a-z]{3}/i);
    }
  });
});
