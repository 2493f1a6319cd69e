import { describe, expect, it } from 'vitest';
import { explainFrame } from '../../protocol/jt808/explain.ts';
import { frameOfLine } from '../../protocol/jt808/frame-lines.ts';
import { renderExplanation } from '../../services/cli/explain.ts';
import { describeWith } from '../support/needs.ts';
import { REFERENCE_FRAMES as F, readVectors } from './vectors.ts';

function explain(line: string) {
  const frame = frameOfLine(line);
  if ('error' in frame) throw new Error(frame.detail);
  return explainFrame(frame.bytes);
}

describe('explain', () => {
  it('shows every field with its offset, bytes, value, unit, meaning and table', () => {
    const { fields, title, fault } = explain(F.location);
    expect([title, fault]).toEqual(['0x0200 location report, 2013', null]);
    const field = (path: string) => fields.find((one) => one.path === path);
    expect(field('lat')).toMatchObject({ offset: 20, hex: '0260f5d7', value: 39.908823, unit: '°' });
    expect(field('alarmFlags')).toMatchObject({ meaning: 'overspeed' });
    expect(field('extras.mileageKm')).toMatchObject({
      offset: 42,
      hex: '0001e9f6',
      value: 12543,
      unit: 'km',
      source: 'JT/T 808-2013 table 27',
    });
    expect(field('(checksum)')).toMatchObject({ value: '66', meaning: expect.stringMatching(/^right/) });
  });

  it('leaves no byte out and names none twice', () => {
    for (const line of Object.values(F)) {
      const frame = frameOfLine(line);
      if ('error' in frame) throw new Error(frame.detail);
      let at = 0;
      for (const { offset, hex } of explainFrame(frame.bytes).fields) {
        expect(offset).toBe(at);
        at += hex.length / 2;
      }
      expect(at).toBe(frame.bytes.length);
    }
  });

  it('says what is wrong with a frame and shows it all the same', () => {
    expect(explain(F.heartbeat.replace('317e', '327e')).fault).toMatch(/^checksum: wrong/);
    expect(explain('7e80010001013912345678000300b37e')).toMatchObject({
      fault: expect.stringMatching(/^body/),
      fields: expect.arrayContaining([expect.objectContaining({ path: '(left over)', hex: '00' })]),
    });
  });

  it('is a table of text, in colour where asked', () => {
    const explanation = explain(F.register2013);
    expect(renderExplanation(explanation, false)).toMatch(/plate +京A7001学/);
    expect(renderExplanation(explanation, false)).not.toContain('\u001b');
    expect(renderExplanation(explanation, true)).toContain('\u001b[36m');
  });
});

describeWith('shared reference data', 'explain, of every published frame', () => {
  it('leaves no byte out and names none twice', () => {
    for (const vector of readVectors()) {
      if (vector.hex === undefined) continue;
      const frame = frameOfLine(vector.hex);
      if ('error' in frame) continue;
      let at = 0;
      for (const { offset, hex } of explainFrame(frame.bytes).fields) {
        expect([vector.id, offset]).toEqual([vector.id, at]);
        at += hex.length / 2;
      }
      expect([vector.id, at]).toEqual([vector.id, frame.bytes.length]);
    }
  });
});
