import { describe, expect, it } from 'vitest';
import { explainFrame } from '../../protocol/jt808/explain.ts';
import { FrameReader, FrameWriter } from '../../protocol/jt808/frame-lines.ts';
import {
  Assembler,
  decodeFrame,
  decodeHeader,
  decodeLocation,
  fromHex,
  hex,
  readLocationCore,
  StreamFramer,
  sealFrame,
  unescapeInto,
} from '../../protocol/jt808/index.ts';
import { FAILED_ONCE } from './failed-once.ts';
import { REFERENCE_FRAMES, readVectors } from './vectors.ts';

/** What the others of this file take. */
const FRAMES = 40_000;
/** Where everything is required, ten million frames, or as many as fit in the time box. */
const LONG = process.env.REQUIRE_ALL === '1';
const MUTATED_FRAMES = Number(process.env.FUZZ_FRAMES ?? (LONG ? 10_000_000 : FRAMES));
const TIME_BOX_MS = Number(process.env.FUZZ_SECONDS ?? 300) * 1000;

/** A small generator of our own: the same seed gives the same frames everywhere. */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const seeds = [
  ...Object.values(REFERENCE_FRAMES),
  ...readVectors().flatMap((v) => (v.hex === undefined ? [] : [v.hex])),
].map((frame) => {
  const content = fromHex(frame)!.subarray(1, -1);
  const bytes = new Uint8Array(content.length);
  return bytes.slice(0, Math.abs(unescapeInto(content, bytes)));
});

/** A frame with something wrong: bits flipped, cut, spliced with another, lengths changed, or plain noise. */
function mutate(next: (below: number) => number): Uint8Array {
  const source = seeds[next(seeds.length)]!;
  let bytes: Uint8Array = source.slice();
  switch (next(5)) {
    case 0:
      for (let n = 1 + next(6); n > 0; n--) bytes[next(bytes.length)]! ^= 1 << next(8);
      break;
    case 1:
      bytes = bytes.slice(0, next(bytes.length + 1));
      break;
    case 2: {
      const other = seeds[next(seeds.length)]!;
      const tail = other.subarray(next(other.length));
      const cut = next(bytes.length);
      const spliced = new Uint8Array(cut + tail.length);
      spliced.set(bytes.subarray(0, cut));
      spliced.set(tail, cut);
      bytes = spliced;
      break;
    }
    case 3:
      for (let n = 1 + next(3); n > 0; n--)
        bytes[12 + next(Math.max(1, bytes.length - 12))] = [0, 1, 0xff, 0x7f][next(4)]!;
      break;
    default:
      for (let i = 12; i < bytes.length; i++) bytes[i] = next(256);
  }
  return next(8) === 0 ? bytes : repaired(bytes);
}

/** Right length and checksum, so that the fuzz gets past them. */
function repaired(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 13) return bytes;
  const long = (bytes[2]! & 0x40) !== 0;
  const body = bytes.length - 1 - (long ? 17 : 12) - ((bytes[2]! & 0x20) !== 0 ? 4 : 0);
  if (body >= 0 && body <= 1023) {
    bytes[2] = (bytes[2]! & 0xe0) | (body >>> 8);
    bytes[3] = body;
  }
  let sum = 0;
  for (let i = 0; i < bytes.length - 1; i++) sum ^= bytes[i]!;
  bytes[bytes.length - 1] = sum;
  return bytes;
}

/** Everything that takes bytes from outside takes these. */
function survives(bytes: Uint8Array): boolean {
  const message = decodeFrame(bytes, bytes[0]! & 1 ? { version: '2011' } : {});
  readLocationCore(bytes);
  decodeLocation(bytes, '2019');
  return !('error' in message);
}

describe('mutated frames', () => {
  it('crash nothing, and a message is a message', { timeout: TIME_BOX_MS + 60_000 }, () => {
    const next = random(808);
    const end = performance.now() + TIME_BOX_MS;
    let messages = 0;
    let frames = 0;
    for (; frames < MUTATED_FRAMES; frames++) {
      if (frames % 1024 === 0 && performance.now() > end) break;
      const bytes = mutate(next);
      try {
        if (survives(bytes)) messages++;
      } catch (error) {
        throw new Error(`failed on ${hex(bytes)}`, { cause: error });
      }
    }
    process.stdout.write(`${frames.toLocaleString('en')} mutated frames, ${messages} of them messages\n`);
    expect(messages).toBeGreaterThan(frames / 10);
  });

  it('leave no more in an assembler than its bounds', () => {
    const next = random(9003);
    const assembler = new Assembler({ maxSets: 4, maxBytes: 64 * 1024 });
    for (let i = 0; i < FRAMES; i++) {
      const bytes = mutate(next);
      if (bytes.length > 16) bytes[2] = bytes[2]! | 0x20;
      const header = decodeHeader(repaired(bytes));
      if ('error' in header) continue;
      assembler.accept(header, bytes.subarray(header.bodyStart, header.bodyEnd), i);
      if (i % 100 === 0) assembler.expire(i);
      expect(assembler.size).toBeLessThanOrEqual(4);
      expect(assembler.heldBytes).toBeLessThanOrEqual(64 * 1024);
    }
  });

  it('come back from JSON as they were', () => {
    const next = random(2019);
    for (let i = 0; i < FRAMES / 20; i++) {
      const bytes = mutate(next);
      const object = new FrameReader().read(hex(sealFrame(bytes, 0, Math.max(0, bytes.length - 1))));
      if (!object.ok) continue;
      const line = JSON.stringify(object);
      const again = new FrameWriter().write(line).map((frame) => new FrameReader().read(frame));
      if (JSON.stringify(again[0]) !== line)
        throw new Error(`failed on ${hex(bytes)}\n${line}\n${JSON.stringify(again[0])}`);
    }
  });

  it('can be explained', () => {
    const next = random(1078);
    for (let i = 0; i < FRAMES / 40; i++) {
      const bytes = mutate(next);
      const { fields } = explainFrame(bytes);
      expect(fields.map((field) => field.hex).join('').length).toBeGreaterThanOrEqual(0);
    }
  });

  it('that failed once fail no more', () => {
    for (const frame of FAILED_ONCE) {
      const object = new FrameReader().read(frame);
      explainFrame(fromHex(frame)!);
      if (!object.ok) continue;
      const [again] = new FrameWriter().write(JSON.stringify(object));
      expect(new FrameReader().read(again!)).toEqual(object);
    }
  });
});

describe('a noisy stream', () => {
  it('never takes more memory than a frame, and every good frame in it is found after its flag', () => {
    const next = random(7);
    const framer = new StreamFramer();
    let frames = 0;
    for (let i = 0; i < FRAMES / 40; i++) {
      const noise = Uint8Array.from({ length: next(300) }, () => (next(20) === 0 ? 0x7e : next(256)));
      framer.push(
        noise,
        () => undefined,
        (fault) => expect(fault.bytes.length).toBeLessThanOrEqual(256),
      );
      let found = false;
      framer.push(
        fromHex(`7e${REFERENCE_FRAMES.location}`)!,
        (frame) => {
          found ||= hex(frame).startsWith('0200002f013912345678');
        },
        () => undefined,
      );
      if (found) frames++;
      expect(framer.pendingBytes).toBeLessThanOrEqual(1045);
    }
    expect(frames).toBe(Math.ceil(FRAMES / 40));
  });
});
