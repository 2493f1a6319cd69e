import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadContext } from '../../protocol/jt808/compile/read-context.ts';
import { Writer } from '../../protocol/jt808/compile/writer.ts';
import { FrameReader, FrameWriter } from '../../protocol/jt808/frame-lines.ts';
import { catalogueEntry, descriptions, id4, type Version } from '../../protocol/jt808/index.ts';
import { arbitraryBody } from './arbitrary-body.ts';

const RUNS = Number(process.env.ROUND_TRIP_RUNS ?? 15);
const VERSIONS: readonly Version[] = ['2011', '2013', '2019'];

const cases = descriptions.flatMap((description) =>
  VERSIONS.flatMap((version) =>
    catalogueEntry(description.id)!.byVersion[version].map(
      (layout, i) => [id4(description.id), version, i, description, layout] as const,
    ),
  ),
);

describe('every layout of every message', () => {
  it.each(cases)('%s of %s, layout %i, reads what it wrote', (_, version, __, ___, layout) => {
    fc.assert(
      fc.property(arbitraryBody(layout.layout.fields, version), (body) => {
        const writer = new Writer();
        layout.write(writer, body);
        const bytes = writer.buffer.slice(0, writer.length);
        const context = new ReadContext();
        const again = layout.read(bytes, 0, bytes.length, context);
        expect(again).toMatchObject(body);
        expect([context.missing, context.at]).toEqual([null, bytes.length]);
        const second = new Writer();
        layout.write(second, again);
        expect(second.buffer.slice(0, second.length)).toEqual(bytes);
      }),
      { numRuns: RUNS, seed: 808, endOnFailure: true },
    );
  });
});

describe('decode | encode | decode', () => {
  const messages = cases.filter(([, , i]) => i === 0);

  it.each(messages)('is the identity for %s of %s', (msgId, version, _, description, layout) => {
    fc.assert(
      fc.property(arbitraryBody(layout.layout.fields, version), fc.nat(65535), (body, serial) => {
        const phone = version === '2019' ? '00000000013912345678' : '013912345678';
        const given = JSON.stringify({ msgId, version, phone, serial, body });
        const frames = new FrameWriter().write(given);
        const reader = new FrameReader(version === '2019' ? {} : { version });
        const objects = frames.map((frame) => reader.read(frame));
        const writer = new FrameWriter();
        const again = objects.flatMap((object) => writer.write(JSON.stringify(object)));
        expect(again).toEqual(frames);
        expect(objects.at(-1)).toMatchObject({ ok: true, msgId, phone, name: description.name, body });
        const second = new FrameReader(version === '2019' ? {} : { version });
        expect(again.map((frame) => second.read(frame))).toEqual(objects);
      }),
      { numRuns: RUNS, seed: 808, endOnFailure: true },
    );
  });
});
