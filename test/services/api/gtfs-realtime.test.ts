import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../../../services/api/gtfs-realtime/protobuf-writer.ts';
import { at } from './small-plan.ts';
import { type Fixture, progressOf, report, startFixture } from './web-fixture.ts';

type Field = number | Uint8Array;

/** Reads a message into its fields by number; an independent reading of the encoding. */
function readFields(bytes: Uint8Array): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    let value: Field;
    if ((tag & 7) === 0) value = varint();
    else if ((tag & 7) === 5) {
      value = view.getFloat32(at, true);
      at += 4;
    } else {
      const length = varint();
      value = bytes.subarray(at, at + length);
      at += length;
    }
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value]);
  }
  return fields;
}

const inner = (fields: Map<number, Field[]>, field: number) =>
  readFields(fields.get(field)?.[0] as Uint8Array);
const text = (fields: Map<number, Field[]>, field: number) =>
  new TextDecoder().decode(fields.get(field)?.[0] as Uint8Array);

let web: Fixture;
beforeAll(async () => {
  web = await startFixture({
    prepare: (memory) =>
      memory.setLatest([
        {
          vehicle: 'V1',
          last: report('V1', at('07:04'), { speedKmh: 36 }),
          progress: progressOf('T1', 'A2'),
        },
        { vehicle: 'V2', last: report('V2', at('07:04'), { positioned: false }), progress: null },
      ]),
  });
});
afterAll(() => web.close());

describe('GTFS-realtime', () => {
  it('writes what the encoding guide of protocol buffers shows', () => {
    expect([...new ProtobufWriter().uint(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect(Buffer.from(new ProtobufWriter().text(2, 'testing').finish()).toString('hex')).toBe(
      '120774657374696e67',
    );
    const nested = new ProtobufWriter().message(3, (writer) => void writer.uint(1, 150)).finish();
    expect([...nested]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
    expect(readFields(new ProtobufWriter().uint(1, 2 ** 52 + 1).finish()).get(1)).toEqual([2 ** 52 + 1]);
  });

  it('gives vehicle positions as the login may see them', async () => {
    const feed = async (who: 'admin' | 'guardian1' | 'police2') => {
      const cookie = await web.signIn(who);
      const answer = await web.ask('/api/v1/gtfs-realtime/vehicle-positions.pb', { cookie });
      expect(answer.headers.get('content-type')).toBe('application/x-protobuf');
      return readFields(new Uint8Array(await answer.arrayBuffer()));
    };
    const all = await feed('admin');
    const header = inner(all, 1);
    expect([text(header, 1), header.get(3)]).toEqual(['2.0', [at('07:05') / 1000]]);
    expect(all.get(2)?.length).toBe(1);
    const vehicle = inner(inner(all, 2), 4);
    expect(text(inner(vehicle, 1), 1)).toBe('T1');
    expect(text(inner(vehicle, 1), 3)).toBe('20261124');
    expect(text(inner(vehicle, 1), 5)).toBe('R1');
    expect(inner(vehicle, 2).get(1)?.[0]).toBeCloseTo(31.7, 5);
    expect(inner(vehicle, 2).get(2)?.[0]).toBeCloseTo(119.9, 4);
    expect(inner(vehicle, 2).get(5)?.[0]).toBeCloseTo(10, 5);
    expect([vehicle.get(5), text(vehicle, 7)]).toEqual([[at('07:04') / 1000], 'A2']);
    expect(text(inner(vehicle, 8), 3)).toBe('苏D00001');

    const family = inner(inner(await feed('guardian1'), 2), 4);
    expect(inner(family, 2).has(5)).toBe(false);
    expect((await feed('police2')).has(2)).toBe(false);
  });
});
