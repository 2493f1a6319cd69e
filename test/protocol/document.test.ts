import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentMessages } from '../../protocol/jt808/document.ts';
import { descriptions, id4 } from '../../protocol/jt808/index.ts';
import { LOCATION_ITEMS } from '../../protocol/jt808/messages/location.ts';
import { PARAMETERS } from '../../protocol/jt808/messages/parameter-table.ts';

/** An edition or a standard, and a table of it, a clause where there is no body, or that the table is not known. */
const SOURCE =
  /^((JT\/T (808-20(11|13|19)|1078-2016)|T\/JSATL 12-2017|T\/GDRTA 002-2020|GB\/T 19056-2012)\b.*(tables? \d|annex [A-Z]|\(empty\)|table not known)|seen on real terminals, no public table)/;

/** Messages of makers (JT/T 808-2019 0xF000 to 0xFFFF) come from the makers' own papers. */
const MAKERS = 0xf000;
const OF_A_MAKER = /\S.* \d|seen on real terminals, no public table/;

describe('the descriptions', () => {
  it('name the edition and the table of every message, or say that it is not known', () => {
    for (const { id, layouts } of descriptions) {
      expect(layouts.length, id4(id)).toBeGreaterThan(0);
      for (const { source } of layouts) expect(source, id4(id)).toMatch(id < MAKERS ? SOURCE : OF_A_MAKER);
    }
    for (const { id, source } of [...LOCATION_ITEMS, ...PARAMETERS]) expect(source, id4(id)).toMatch(SOURCE);
  });

  it('give the tables of MESSAGES.md as they are committed', () => {
    const committed = readFileSync(join(import.meta.dirname, '../../protocol/MESSAGES.md'), 'utf8');
    expect(documentMessages()).toBe(committed);
  });
});
