import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EtaView, RunView } from '../../../services/api/contract.ts';
import { ProtobufWriter } from '../../../services/api/gtfs-realtime/protobuf-writer.ts';
import { serviceAlertsFeed } from '../../../services/api/gtfs-realtime/service-alerts.ts';
import { etaSubject } from '../../../services/bus/subjects.ts';
import type { LiveEta } from '../../../services/eta/live-eta.ts';
import { at, type Who } from './small-plan.ts';
import { connected, event, type Fixture, progressOf, report, startFixture } from './web-fixture.ts';

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

/** What the ingest process predicts for the bus on T1, from its position of 07:04. */
const PREDICTED: LiveEta = {
  vehicle: 'V1',
  trip: 'T1',
  serviceDate: '20261124',
  basis: at('07:04'),
  stops: [
    { stop: 1, stopId: 'A2', predicted: at('07:09'), from: at('07:08'), to: at('07:12'), confidence: 0.9 },
    { stop: 2, stopId: 'G1', predicted: at('07:33'), from: at('07:31'), to: at('07:40'), confidence: 0.6 },
  ],
};
const predict = (): void => web.bus.publish(etaSubject('D1', 'V1'), PREDICTED);

describe('predicted arrivals', () => {
  it('reach by event `eta` whoever may follow the bus, with the stops that they may know', async () => {
    const told = async (who: Who): Promise<EtaView> => {
      const socket = web.sockets(await web.signIn(who));
      await connected(socket);
      const eta = event<EtaView>(socket, 'eta');
      predict();
      const view = await eta;
      socket.close();
      return view;
    };
    const staff = await told('admin');
    expect(staff.stops.map(({ id }) => id)).toEqual(['A2', 'G1']);
    expect(staff).toMatchObject({ trip: 'T1', at: '2026-11-24T07:04:00.000+08:00' });
    expect(Date.parse(staff.validUntil)).toBe(at('07:04') + 90_000);
    const family = await told('guardian1');
    expect(family.stops.map(({ id }) => id)).toEqual(['A2', 'G1']);
  });

  it('stand with the run, and are gone once they are stale or not theirs', async () => {
    predict();
    const etaOf = async (who: Who): Promise<RunView['eta'] | undefined> => {
      const cookie = await web.signIn(who);
      const answer = await web.ask('/api/v1/trips/T1', { cookie });
      return answer.status === 200 ? ((await answer.json()) as RunView).eta : undefined;
    };
    expect((await etaOf('admin'))?.stops[0]).toEqual({
      id: 'A2',
      predicted: '2026-11-24T07:09:00.000+08:00',
      from: '2026-11-24T07:08:00.000+08:00',
      to: '2026-11-24T07:12:00.000+08:00',
      confidence: 0.9,
    });
    expect(await etaOf('guardian2')).toBeUndefined();
    web.clock.now = at('07:05') + 31_000;
    expect(await etaOf('admin')).toBeNull();
    web.clock.now = at('07:05');
  });

  it('are TripUpdates for staff systems, and none for families', async () => {
    predict();
    const ask = async (who: Who, feed: string) =>
      web.ask(`/api/v1/gtfs-realtime/${feed}.pb`, { cookie: await web.signIn(who) });
    const answer = await ask('admin', 'trip-updates');
    expect(answer.headers.get('content-type')).toBe('application/x-protobuf');
    const feed = readFields(new Uint8Array(await answer.arrayBuffer()));
    const update = inner(inner(feed, 2), 3);
    expect([text(inner(update, 1), 1), text(inner(update, 1), 3)]).toEqual(['T1', '20261124']);
    expect(update.get(2)?.length).toBe(2);
    const stops = (update.get(2) ?? []).map((bytes) => readFields(bytes as Uint8Array));
    expect(stops.map((stop) => [stop.get(1)?.[0], text(stop, 4)])).toEqual([
      [2, 'A2'],
      [3, 'G1'],
    ]);
    const arrivals = stops.map((stop) => inner(stop, 2));
    expect(arrivals.map((arrival) => arrival.get(2)?.[0])).toEqual([at('07:09') / 1000, at('07:33') / 1000]);
    // A minute early, three minutes late; a negative int32 is written as 64 bits.
    const delays = arrivals.map((arrival) =>
      Number(BigInt.asIntN(32, BigInt(arrival.get(1)?.[0] as number))),
    );
    expect(delays[1]).toBe(180);
    expect(arrivals.map((arrival) => arrival.get(3)?.[0])).toEqual([120, 270]);
    expect(update.get(4)).toEqual([at('07:04') / 1000]);
    expect((await ask('guardian1', 'trip-updates')).status).toBe(403);
    expect((await ask('guardian1', 'alerts')).status).toBe(403);
    const none = readFields(new Uint8Array(await (await ask('admin', 'alerts')).arrayBuffer()));
    expect([text(inner(none, 1), 1), none.has(2)]).toEqual(['2.0', false]);
  });

  it('writes negative numbers of 32 bits as protocol buffers have it', () => {
    expect(Buffer.from(new ProtobufWriter().int(1, -1).finish()).toString('hex')).toBe(
      '08ffffffffffffffffff01',
    );
    expect([...new ProtobufWriter().int(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
  });

  it('writes alerts with what they are about, in both languages', () => {
    const trip = { id: 'T1', route: 'R1', serviceDate: '20261124' };
    const feed = serviceAlertsFeed(
      [
        {
          id: 'cancelled T1',
          from: null,
          to: at('08:00'),
          about: [{ trip }, { route: 'R2' }],
          cause: 2,
          effect: 1,
          text: { zh: '取消', en: 'cancelled' },
        },
      ],
      at('07:05'),
    );
    const alert = inner(inner(readFields(feed), 2), 5);
    expect(inner(alert, 1).get(2)).toEqual([at('08:00') / 1000]);
    const about = (alert.get(5) ?? []).map((bytes) => readFields(bytes as Uint8Array));
    expect([text(inner(about[0]!, 4), 1), text(about[1]!, 2)]).toEqual(['T1', 'R2']);
    expect([alert.get(6), alert.get(7)]).toEqual([[2], [1]]);
    const words = (inner(alert, 10).get(1) ?? []).map((bytes) => readFields(bytes as Uint8Array));
    expect(words.map((word) => [text(word, 2), text(word, 1)])).toEqual([
      ['zh', '取消'],
      ['en', 'cancelled'],
    ]);
  });
});
