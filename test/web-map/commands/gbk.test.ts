import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { gbkSize } from '../../../web-map/src/commands/gbk.ts';
import { TEMPLATES } from '../../../web-map/src/commands/templates.ts';

describe('the size of a text for a terminal', () => {
  it('is that of its bytes as they are sent', () => {
    const texts = [
      '',
      'Slow down!',
      '请减速，注意安全。',
      '湖滨路 3 号 ①②③',
      '镕𠀀😀',
      ...TEMPLATES.zh,
      ...TEMPLATES.en,
    ];
    for (const text of texts) expect(gbkSize(text).bytes, text).toBe(iconv.encode(text, 'gb18030').length);
  });

  it('names each character that terminals have no glyph for, once', () => {
    expect(gbkSize('好😀😀𠀀').unknown).toEqual(['😀', '𠀀']);
    for (const text of [...TEMPLATES.zh, ...TEMPLATES.en]) expect(gbkSize(text).unknown).toEqual([]);
  });
});
