import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeFrame,
  decodeLocation,
  encodeBody,
  encodeGeneralReply,
  type LocationExtras,
  locationTimeMs,
  readLocationCore,
  TELLS_EVENTS,
  TELLS_SIGNALS,
  unescapeInto,
} from '../../protocol/jt808/index.ts';
import { LOCATION } from '../../protocol/jt808/messages/location.ts';
import { arbitraryBody } from './arbitrary-body.ts';

const nonZero = (names: readonly string[] | undefined) => (names?.length ?? 0) > 0;
const tellsOf = (e: LocationExtras) =>
  (e.overspeedArea ||
  e.areaInOut ||
  e.routeTime ||
  e.abnormalDriving ||
  e.adas ||
  e.dsm ||
  e.bsd ||
  e.tpms ||
  nonZero(e.videoAlarms) ||
  nonZero(e.videoSignalLost) ||
  nonZero(e.videoCovered) ||
  nonZero(e.storageFaults)
    ? TELLS_EVENTS
    : 0) | (e.vehicleSignals || e.io ? TELLS_SIGNALS : 0);

describe('readLocationCore', () => {
  it('says the same as decodeLocation, wherever the body lies', () => {
    fc.assert(
      fc.property(arbitraryBody(LOCATION, '2013'), fc.nat(9), (body, offset) => {
        const bytes = encodeBody(0x0200, '2013', body);
        const around = new Uint8Array(offset + bytes.length + 5);
        around.set(bytes, offset);
        const core = readLocationCore(around, offset, offset + bytes.length)!;
        const whole = decodeLocation(bytes, '2013')!;
        expect(core).toEqual({
          alarmFlags: whole.alarmFlags,
          statusFlags: whole.statusFlags,
          latE6: Math.round(whole.lat * 1e6),
          lonE6: Math.round(whole.lon * 1e6),
          altitudeM: whole.altitudeM,
          speedKmh: whole.speedKmh,
          directionDeg: whole.directionDeg,
          timeMs: whole.time === null ? null : Date.parse(whole.time),
          recorderSpeedKmh: whole.extras.recorderSpeedKmh ?? null,
          satellites: whole.extras.satellites ?? null,
          mileageKm: whole.extras.mileageKm ?? null,
          tells: tellsOf(whole.extras),
        });
        expect(locationTimeMs(around, offset)).toBe(core.timeMs);
      }),
      { numRuns: 200, seed: 808, endOnFailure: true },
    );
  });

  it('is null where the basic part is not whole, and has no time where the digits are no date', () => {
    expect(readLocationCore(new Uint8Array(27))).toBeNull();
    expect(decodeLocation(new Uint8Array(27), '2013')).toBeNull();
    expect(readLocationCore(new Uint8Array(28))).toMatchObject({ timeMs: null, latE6: 0 });
    expect(decodeLocation(new Uint8Array(28), '2013')).toMatchObject({ time: null, lat: 0 });
  });

  it.each([
    ['260229120000', null],
    ['240229120000', Date.UTC(2024, 1, 29, 4)],
    ['260431120000', null],
    ['261301120000', null],
    ['26013a120000', null],
    ['260101240000', null],
    ['000101000000', Date.UTC(1999, 11, 31, 16)],
    ['991231235959', Date.UTC(2099, 11, 31, 15, 59, 59)],
  ])('reads the time %s', (digits, ms) => {
    const body = new Uint8Array(28);
    body.set(
      digits.match(/../g)!.map((two) => Number.parseInt(two, 16)),
      22,
    );
    expect(locationTimeMs(body, 0)).toBe(ms);
    const iso = decodeLocation(body, '2019')!.time;
    expect(iso === null ? null : Date.parse(iso)).toBe(ms);
  });
});

describe('encodeGeneralReply', () => {
  it.each([
    { version: '2013', phone: '4f07788ef87d', serial: 0x7e7d },
    { version: '2019', protocolVersion: 2, phone: '00000000013912345678', serial: 65535 },
  ] as const)('echoes phone and version: %#', (header) => {
    const sealed = encodeGeneralReply(header, 0x7d02, 0x0200, 0);
    const content = sealed.subarray(1, -1);
    const frame = new Uint8Array(content.length);
    const message = decodeFrame(frame.subarray(0, unescapeInto(content, frame)));
    expect(message).toMatchObject({
      ...header,
      msgId: 0x8001,
      body: { responseSerial: 0x7d02, responseMsgId: '0x0200', result: 0 },
    });
  });
});
