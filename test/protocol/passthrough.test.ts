import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../protocol/jt808/frame-lines.ts';
import { encodeFrame, fromHex, hex } from '../../protocol/jt808/index.ts';

const read = (body: string) => {
  const header = { msgId: 0x0900, version: '2013', phone: '013912345678', serial: 1 } as const;
  return new FrameReader().read(hex(encodeFrame(header, fromHex(body)!)));
};

describe('transparent data', () => {
  it('of type 0xF8 is a list of peripherals', () => {
    expect(read('f801640b0141014201430144014500')).toMatchObject({ ok: true, warnings: [] });
    expect(read('f801640b0141014201430144014500')).toMatchObject({
      body: {
        peripherals: [
          {
            id: 0x64,
            information: {
              company: 'A',
              product: 'B',
              hardware: 'C',
              software: 'D',
              deviceId: 'E',
              customer: '',
            },
          },
        ],
      },
    });
  });

  it('of type 0xF7 is their state', () => {
    expect(read('f70165050100000401')).toMatchObject({
      body: { statuses: [{ id: 0x65, status: { state: 1, faults: ['camera', 'communication'] } }] },
    });
  });

  it('that is not what its type says is kept as hex, with a warning', () => {
    expect(read('f7ffff')).toMatchObject({
      ok: true,
      body: { contentHex: 'ffff' },
      warnings: ['variant: content that is no list of peripherals'],
    });
  });
});
