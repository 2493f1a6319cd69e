import { describe, expect, it } from 'vitest';
import { isFilePacket, readFilePacket, writeFilePacket } from '../../protocol/jsatl12/stream-packet.ts';
import { fromHex } from '../../protocol/jt808/index.ts';
import { readMediaPacket } from '../../protocol/jt1078/stream-packet.ts';

describe('attachment stream packets', () => {
  const packet = { fileName: '00_65_6501_0_ALARM.jpg', offset: 65536, data: Uint8Array.of(0x7e, 0x7d, 1) };
  const bytes = writeFilePacket(packet);

  it('read as they were written, at any offset', () => {
    expect(isFilePacket(bytes)).toBe(true);
    expect(readFilePacket(bytes)).toEqual({ packet, length: 65 });
    expect(readFilePacket(Uint8Array.of(0x7e, ...bytes), 1)).toEqual({ packet, length: 65 });
  });

  it('wait for the bytes that are missing', () => {
    for (let end = 0; end < bytes.length; end++) expect(readFilePacket(bytes.subarray(0, end))).toBeNull();
  });

  it('refuse more than the limit', () => {
    expect(readFilePacket(bytes, 0, 2)).toEqual({ error: '3 bytes of data, more than 2' });
  });
});

describe('media stream packets', () => {
  const video = fromHex(
    '3031636481e2000101391234567801100000018bcfe5680000c80028000301020304'.replace(/04$/, ''),
  )!;

  it('read a video packet with its times', () => {
    expect(readMediaPacket(video)).toEqual({
      length: video.length,
      packet: {
        marker: true,
        payloadType: 98,
        sequence: 1,
        sim: '013912345678',
        channelId: 1,
        dataType: 1,
        subpacket: 0,
        timestampMs: 1_700_000_000_000n,
        sinceIFrameMs: 200,
        sinceFrameMs: 40,
        data: Uint8Array.of(1, 2, 3),
      },
    });
  });

  it('read audio without frame intervals, and transparent data without a time', () => {
    const audio = fromHex('3031636481860002013912345678023000000' + '18bcfe568000001ff')!;
    expect(readMediaPacket(audio)).toMatchObject({ packet: { dataType: 3, sinceFrameMs: null }, length: 27 });
    const transparent = fromHex('30316364815b000301391234567803400002aabb')!;
    expect(readMediaPacket(transparent)).toMatchObject({ packet: { timestampMs: null }, length: 20 });
  });

  it('wait for what is missing and refuse what is none', () => {
    for (let end = 0; end < video.length; end++) expect(readMediaPacket(video.subarray(0, end))).toBeNull();
    expect(readMediaPacket(fromHex('7e316364')!)).toMatchObject({ error: expect.any(String) });
  });
});
