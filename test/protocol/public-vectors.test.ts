import { expect, it } from 'vitest';
import { FrameReader, FrameWriter } from '../../protocol/jt808/frame-lines.ts';
import { encodeFrame, fromHex, hex, messageName, StreamFramer } from '../../protocol/jt808/index.ts';
import { describeWith } from '../support/needs.ts';
import { disagreement, fieldsOf } from './public-vector-fields.ts';
import { readVectors, type Vector } from './vectors.ts';

const vectors = readVectors();
const known = (v: Vector) => messageName(Number(v.msgId)) !== 'unknown';
const sound = (v: Vector) => v.checksumOk !== false && v.lengthOk !== false;

/** A body is read under a header of its own. */
function frameOf(v: Vector): string {
  if (v.hex !== undefined) return v.hex;
  const version = v.version === 'unknown' ? '2013' : v.version;
  return hex(
    encodeFrame({ msgId: Number(v.msgId), version, phone: '013900000000', serial: 1 }, fromHex(v.body!)!),
  );
}

function read(v: Vector): Record<string, unknown> {
  const version = v.kind === 'body' && v.version === '2011' ? '2011' : '2013';
  return new FrameReader({ version }).read(frameOf(v)) as unknown as Record<string, unknown>;
}

describeWith('shared reference data', 'published frames and bodies', () => {
  const whole = vectors.filter((v) => ['frame', 'body', 'item-error'].includes(v.kind) && sound(v));

  it.each(whole.filter(known).map((v) => [v.id, v] as const))('%s reads as published', (_, v) => {
    const object = read(v);
    if (v.kind !== 'body') {
      expect(object).toMatchObject({ msgId: v.msgId, phone: v.expected.phone, serial: v.expected.serial });
    }
    if (v.expected.bodyDecodable === false && object.ok === false) {
      expect(object.error).toBe('body');
      return;
    }
    expect(object.ok).toBe(true);
    if (v.version === '2019') expect(object.version).toBe('2019');
    if (v.expected.fragmented === true) {
      expect(object).toMatchObject({ part: v.expected.packageIndex, parts: v.expected.packageTotal });
      return;
    }
    for (const [path, expected] of fieldsOf(v)) {
      if (disagreement(v, path)) continue;
      expect([path, at(object.body, path)]).toEqual([path, expected]);
    }
  });

  it.each(
    whole
      .filter((v) => !known(v) && v.kind === 'frame' && v.expected.fragmented === false)
      .map((v) => [v.id, v] as const),
  )('%s is said to be unsupported, with its header', (_, v) => {
    expect(read(v)).toMatchObject({
      ok: false,
      error: 'unsupported',
      msgId: v.msgId,
      phone: v.expected.phone,
      serial: v.expected.serial,
    });
  });

  it.each(
    vectors.filter((v) => v.checksumOk === false && v.kind !== 'negative').map((v) => [v.id, v] as const),
  )('%s has a wrong checksum', (_, v) =>
    expect(read(v)).toMatchObject({ ok: false, error: expect.stringMatching(/checksum|truncated/) }),
  );

  it.each(
    vectors.filter((v) => v.checksumOk !== false && v.lengthOk === false).map((v) => [v.id, v] as const),
  )('%s does not have the length that it declares', (_, v) =>
    expect(read(v)).toMatchObject({ ok: false, error: 'length', msgId: v.msgId }),
  );

  it.each(vectors.filter((v) => v.kind === 'negative').map((v) => [v.id, v] as const))(
    '%s is refused',
    (_, v) =>
      expect(read(v)).toMatchObject({ ok: false, error: expect.stringMatching(/framing|truncated|length/) }),
  );

  it.each(vectors.filter((v) => v.kind === 'escape').map((v) => [v.id, v] as const))(
    '%s unescapes',
    (_, v) => {
      const frames: string[] = [];
      const keep = (frame: Uint8Array) => frames.push(hex(frame));
      new StreamFramer().push(fromHex(v.hex!)!, keep, (fault) => frames.push(hex(fault.bytes)));
      expect(`7e${frames.at(-1)}7e`).toBe(v.expected.unescapedHex);
    },
  );

  it.each(vectors.filter((v) => v.kind === 'stream').map((v) => [v.id, v] as const))('%s is cut', (_, v) => {
    const frames: string[] = [];
    const framer = new StreamFramer();
    framer.push(
      fromHex(v.hex!)!,
      (frame) => frames.push(`7e${hex(frame)}7e`),
      () => expect.unreachable(),
    );
    expect(frames).toEqual(v.expected.frames);
    expect(framer.pendingBytes).toBe((v.expected.pendingBytes as number) - 1);
  });

  it.each(whole.filter(known).map((v) => [v.id, v] as const))('%s comes back byte for byte', (_, v) => {
    const frame = frameOf(v);
    const object = read(v);
    if (object.ok === false) return;
    const [again] = new FrameWriter().write(JSON.stringify(object));
    const stray = (object.warnings as string[]).some((warning) => warning.startsWith('escape'));
    if (!stray) expect(again).toBe(frame);
    if (object.body !== undefined)
      expect(new FrameReader().read(again!)).toMatchObject({ body: object.body });
  });
});

function at(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);
}
