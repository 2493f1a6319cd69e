import { describe, expect, it } from 'vitest';
import { RULE_NAMES } from '../../../geo/finding.ts';
import { BUS_STATES } from '../../../web-map/src/fleet/bus-state.ts';
import { en } from '../../../web-map/src/i18n/en.ts';
import { zh } from '../../../web-map/src/i18n/zh.ts';

const CHINESE = /[\u4e00-\u9fff]/;

/** Every plain text of a dictionary with the way to it. */
function texts(part: object, way = ''): [string, string][] {
  return Object.entries(part).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string'
      ? [[`${way}${key}`, value]]
      : typeof value === 'object'
        ? texts(value, `${way}${key}.`)
        : [],
  );
}

describe('the dictionaries', () => {
  it('have the same texts, none of them empty', () => {
    const ways = (dictionary: object) => texts(dictionary).map(([way]) => way);
    expect(ways(zh)).toEqual(ways(en));
    expect(texts({ zh, en }).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are in their own language throughout', () => {
    const named = /^language\./;
    const neutral = new Set(['km/h', 'English', 'Excel', 'PDF', 'SHA-256', 'P1 / P2 / P3', '–']);
    expect(texts(en).filter(([way, text]) => CHINESE.test(text) && !named.test(way))).toEqual([]);
    expect(texts(zh).filter(([, text]) => !CHINESE.test(text) && !neutral.has(text))).toEqual([]);
  });

  it('name every rule and every state of a bus', () => {
    for (const dictionary of [zh, en]) {
      for (const rule of RULE_NAMES) expect(dictionary.rules[rule], rule).toBeTruthy();
      for (const state of BUS_STATES) expect(dictionary.busState[state], state).toBeTruthy();
    }
  });
});
