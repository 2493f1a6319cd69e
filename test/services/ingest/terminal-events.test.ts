import { describe, expect, it } from 'vitest';
import { decodeLocation } from '../../../protocol/jt808/index.ts';
import { terminalEvents } from '../../../services/ingest/terminal-events.ts';

const hex = (text: string): number[] => (text.match(/../g) ?? []).map((two) => Number.parseInt(two, 16));
const BASE = '0000000000000003' + '01e51d4007264b80' + '000a0100005a' + '260302070000';
const OPEN = '0000000000002003' + '01e51d4007264b80' + '000a0100005a' + '260302070000';
/** Items as a terminal sends them, decoded and told. */
const told = (items: string, base = BASE, inputs: Parameters<typeof terminalEvents>[1] = null) =>
  terminalEvents(decodeLocation(new Uint8Array(hex(base + items)), '2019')!, inputs);

const NARROW = '30313233343536' + '260302070000' + '01' + '02' + '00';
const AT = '28' + '000a' + '01e51d4007264b80' + '260302070000' + '0001';
const WIDE = `${'30'.repeat(30)}26030207000001000000`;

describe('what a report tells beside its position', () => {
  it('is nothing for the ordinary items', () => {
    expect(
      told('01040001e9f6' + '03020140' + '30011f' + '31010c' + '2504000000ff' + '2a020003'),
    ).toBeUndefined();
    expect(told('140400000000' + '150400000000')).toBeUndefined();
  });

  it.each([
    ['1101' + '00', { kind: 'overspeed_area', areaType: 0, areaId: null }],
    ['1105' + '0400000009', { kind: 'overspeed_area', areaType: 4, areaId: 9 }],
    ['1206' + '010000000901', { kind: 'area', direction: 'out', areaType: 1, areaId: 9 }],
    ['1307' + '00000003003c01', { kind: 'section_time', sectionId: 3, seconds: 60, tooLong: true }],
    ['1404' + '00000003' + '1504' + '00000005', { kind: 'video', flags: 3, lost: 5, covered: 0, stores: 0 }],
    ['1702' + '1001', { kind: 'video', flags: 4, lost: 0, covered: 0, stores: 0x1001 }],
    ['1803' + '000150', { kind: 'dsm', alarm: 'fatigue', level: 1, phase: null, alarmId: null }],
    ['1802' + '0002', { kind: 'dsm', alarm: 'phone call' }],
  ])('reads %s', (items, event) => {
    expect(told(items)).toMatchObject([event]);
  });

  it('reads driving assistance and driver monitoring, with what identifies the alarm', () => {
    expect(told(`642f000000070101021e0a000000${AT}${NARROW}`)).toEqual([
      {
        kind: 'adas',
        alarm: 'forward collision',
        level: 2,
        phase: 'start',
        alarmId: '0123456/20260302070000/1',
        speedKmh: 40,
        files: 2,
      },
    ]);
    expect(told(`652f000000090001020500000000${AT}${NARROW}`)).toMatchObject([
      { kind: 'dsm', alarm: 'fatigue', level: 2, phase: null, files: 2 },
    ]);
    const wide = `000000090006020000000000${AT}${WIDE}`;
    expect(told(`65${(wide.length / 2).toString(16)}${wide}`)).toMatchObject([
      { kind: 'dsm', alarm: 'camera covered' },
    ]);
    expect(told(`652f000000090006020000000000${AT}${NARROW}`)).toMatchObject([
      { kind: 'dsm', alarm: 'type 6' },
    ]);
  });

  it("reads the makers' item of hard driving, and no other of its length", () => {
    const item = `0000000100020001000000003c${'00'.repeat(34)}`;
    expect(told(`702f${item}`)).toEqual([{ kind: 'driving', alarm: 'braking', alarmId: null, speedKmh: 60 }]);
    expect(told('70020102')).toBeUndefined();
    expect(told(`702f${item.replace('0000000100', '0000000102')}`)).toBeUndefined();
  });

  it('keeps signals and inputs only where they are wired, and only while a door is open or one of them is on', () => {
    const items = '2504' + '0000000c' + '2a02' + '0010';
    const wired = { hazard: true, stopSign: 4, lamp: 5 };
    expect(told(items, OPEN)).toBeUndefined();
    expect(told(items, OPEN, wired)).toEqual([
      { kind: 'signals', flags: 12 },
      { kind: 'inputs', flags: 16 },
    ]);
    expect(told(items, BASE, wired)).toEqual([{ kind: 'inputs', flags: 16 }]);
    expect(told('2504' + '0000000c' + '2a02' + '0003', BASE, wired)).toBeUndefined();
    expect(told('2504' + '00000010', OPEN, wired)).toEqual([{ kind: 'signals', flags: 0 }]);
  });

  it('takes what it is given for nothing more than it is', () => {
    for (const extras of [
      null,
      7,
      [],
      { dsm: 3, adas: [], io: 'x', unknown: [null, { id: '0x70', hex: 5 }] },
    ])
      expect(terminalEvents({ extras }, { hazard: true, stopSign: 1, lamp: null })).toBeUndefined();
  });
});
