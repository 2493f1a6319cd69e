import { describe, expect, it } from 'vitest';
import {
  type Accepted,
  Assembler,
  decodeHeader,
  encodeParts,
  type Header,
  unescapeInto,
} from '../../protocol/jt808/index.ts';

const body = Uint8Array.from({ length: 2500 }, (_, i) => i);
const packets = (serial = 65535, phone = '013912345678') =>
  encodeParts({ msgId: 0x0801, version: '2013', phone, serial }, body).map((frame) => {
    const content = frame.subarray(1, -1);
    const unescaped = new Uint8Array(content.length);
    const whole = unescaped.subarray(0, unescapeInto(content, unescaped));
    const header = decodeHeader(whole) as Header;
    return [header, whole.subarray(header.bodyStart, header.bodyEnd)] as const;
  });

describe('Assembler', () => {
  it('puts packets together in any order, with serials that wrap', () => {
    const [a, b, c] = packets();
    for (const order of [
      [a, b, c],
      [c, a, b],
      [b, c, a],
    ]) {
      const assembler = new Assembler();
      const states = order.map((packet) => assembler.accept(...packet!, 0));
      expect(states.map((s) => s.state)).toEqual(['waiting', 'waiting', 'complete']);
      expect((states[2] as Accepted & { body: Uint8Array }).body).toEqual(body);
      expect(states[2]).toMatchObject({ firstSerial: 65535, parts: 3 });
      expect(assembler.size).toBe(0);
    }
  });

  it('keeps two interleaved messages of one kind apart', () => {
    const assembler = new Assembler();
    const [first, second] = [packets(10), packets(20)];
    const states = [0, 1, 2].flatMap((i) => [
      assembler.accept(...first[i]!, 0).state,
      assembler.accept(...second[i]!, 0).state,
    ]);
    expect(states).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'complete', 'complete']);
  });

  it('knows a packet that came twice', () => {
    const assembler = new Assembler();
    const [a] = packets();
    assembler.accept(...a!, 0);
    expect(assembler.accept(...a!, 1)).toEqual({ state: 'repeated', received: 1, parts: 3 });
  });

  it('asks for what is missing after a silence, and gives up after so many times', () => {
    const assembler = new Assembler({ retryAfterMs: 1000, maxRetries: 2 });
    const [, b] = packets();
    assembler.accept(...b!, 0);
    expect(assembler.expire(999)).toEqual({ requests: [], givenUp: [] });
    const asked = assembler.expire(1000).requests;
    expect(asked).toMatchObject([
      { firstSerial: 65535, missing: [1, 3], msgId: 0x0801, phone: '013912345678' },
    ]);
    expect(assembler.expire(1500).requests).toEqual([]);
    expect(assembler.expire(2000).requests).toHaveLength(1);
    expect(assembler.expire(3000)).toMatchObject({ requests: [], givenUp: [{ missing: [1, 3] }] });
    expect(assembler.size).toBe(0);
  });

  it('bounds the sets, telling of the one pushed out, and the bytes', () => {
    const assembler = new Assembler({ maxSets: 2, maxBytes: 1400 });
    for (const [i, serial] of [10, 20, 30].entries()) assembler.accept(...packets(serial)[2]!, i);
    expect(assembler.size).toBe(2);
    expect(assembler.expire(3)).toMatchObject({ givenUp: [{ firstSerial: 10 }] });
    expect(assembler.accept(...packets(40)[0]!, 4).state).toBe('refused');
  });

  it('refuses a packet number beyond the total', () => {
    const [[header, part]] = packets() as [readonly [Header, Uint8Array]];
    expect(new Assembler().accept({ ...header, part: 4 }, part, 0).state).toBe('refused');
    expect(new Assembler().accept({ ...header, part: 0 }, part, 0).state).toBe('refused');
  });
});
