import { describe, expect, it } from 'vitest';
import { fromHex, hex, StreamFramer } from '../../protocol/jt808/index.ts';
import { REFERENCE_FRAMES } from './vectors.ts';

const frames = Object.values(REFERENCE_FRAMES);

/** Everything that a framer says of a stream given in these chunks. */
function cut(chunks: Uint8Array[], options = {}) {
  const framer = new StreamFramer(options);
  const said: string[] = [];
  for (const chunk of chunks) {
    framer.push(
      chunk,
      (frame) => said.push(hex(frame)),
      (fault) => said.push(`${fault.error} ${fault.byteCount}`),
    );
  }
  return said;
}

const bytes = (digits: string) => fromHex(digits)!;
const all = (stream: string) => cut([bytes(stream)]);
const content = (frame: string) => frame.slice(2, -2);

describe('StreamFramer', () => {
  const stream = `aabb${frames.join('')}${'7e02007d02007d010000000000000000000000007e'}0102${frames[0]}`;

  it('gives the same wherever the stream is cut in two', () => {
    const whole = bytes(stream);
    const expected = all(stream);
    for (let at = 0; at <= whole.length; at++) {
      expect(cut([whole.subarray(0, at), whole.subarray(at)])).toEqual(expected);
    }
  });

  it('gives the same byte by byte, and in threes', () => {
    const whole = bytes(stream);
    for (const size of [1, 3]) {
      const chunks = [];
      for (let at = 0; at < whole.length; at += size) chunks.push(whole.subarray(at, at + size));
      expect(cut(chunks)).toEqual(all(stream));
    }
  });

  it('takes one flag as the end of a frame and the beginning of the next', () => {
    const [a, b] = [REFERENCE_FRAMES.heartbeat, REFERENCE_FRAMES.reply];
    expect(all(`${a}${b.slice(2)}`)).toEqual([content(a), content(b)]);
  });

  it('counts a stretch of garbage once, and goes on after it', () => {
    expect(all(`0011223344${REFERENCE_FRAMES.heartbeat}`)).toEqual([
      'framing 5',
      content(REFERENCE_FRAMES.heartbeat),
    ]);
    expect(all(`${REFERENCE_FRAMES.heartbeat}001122${REFERENCE_FRAMES.heartbeat}`)).toEqual([
      content(REFERENCE_FRAMES.heartbeat),
      'framing 3',
      content(REFERENCE_FRAMES.heartbeat),
    ]);
  });

  it('takes escapes out left to right', () => {
    expect(all('7e02007d01027d0201000000000000000000007e')).toEqual(['02007d027e0100000000000000000000']);
  });

  it('refuses a stray 0x7d unless the checksum says that it was meant', () => {
    expect(all('7e02007d0300000000000000000000000000007e')).toEqual(['framing 18']);
    expect(all('7e00020000000000000679000 07d7e'.replace(' ', ''))).toEqual([
      '000200000000000006790000 7d'.replace(' ', ''),
    ]);
  });

  it('ends an endless frame once it is longer than any frame can be, with one fault', () => {
    const endless = new Uint8Array(3000).fill(0x11);
    endless[0] = 0x7e;
    expect(cut([endless, bytes(REFERENCE_FRAMES.heartbeat)])).toEqual([
      'framing 2999',
      content(REFERENCE_FRAMES.heartbeat),
    ]);
  });

  it('keeps no more of endless garbage than its limit', () => {
    const framer = new StreamFramer({ maxGarbageBytes: 1000 });
    const faults: number[] = [];
    let kept = 0;
    for (let i = 0; i < 50; i++) {
      framer.push(
        new Uint8Array(100),
        () => expect.unreachable(),
        (fault) => {
          faults.push(fault.byteCount);
          kept = Math.max(kept, fault.bytes.length);
        },
      );
    }
    expect(faults).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(kept).toBeLessThanOrEqual(256);
    expect(framer.pendingBytes).toBe(0);
  });
});
