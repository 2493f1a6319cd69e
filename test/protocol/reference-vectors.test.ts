import { describe, expect, it } from 'vitest';
import { FrameReader, FrameWriter } from '../../protocol/jt808/frame-lines.ts';
import { REFERENCE_FRAMES as F } from './vectors.ts';

const decode = (hex: string) =>
  new FrameReader().read(hex) as unknown as Record<string, never> & { body: never };

describe('the vectors of the protocol reference', () => {
  it('reads a registration in its three widths', () => {
    const common = { province: 11, city: 105, model: 'SB-100', plateColor: 2, plate: '京A7001学' };
    expect(decode(F.register2011)).toMatchObject({
      version: '2011',
      body: { ...common, manufacturer: 'ABCDE', terminalId: 'T000001' },
    });
    expect(decode(F.register2013)).toMatchObject({
      version: '2013',
      body: { ...common, manufacturer: 'ABCDE', terminalId: 'T000001' },
    });
    expect(decode(F.register2019)).toMatchObject({
      version: '2019',
      phone: '00000000013912345678',
      body: { ...common, manufacturer: '1101050ABCD', terminalId: 'T000001' },
    });
  });

  it('reads an authentication code, and with 2019 the IMEI and software version', () => {
    expect(decode(F.authenticate2013).body).toEqual({ authCode: 'AUTH01' });
    expect(decode(F.authenticate2019).body).toEqual({
      authCode: 'AUTH01',
      imei: '861234567890123',
      softwareVersion: 'v1.0.3',
    });
    expect(decode(F.registerReply).body).toEqual({ responseSerial: 0, result: 0, authCode: 'AUTH01' });
  });

  it('reads a location as the public contract names it', () => {
    for (const [frame, version] of [
      [F.location, '2013'],
      [F.location2019, '2019'],
    ] as const) {
      expect(decode(frame)).toMatchObject({
        ok: true,
        msgId: '0x0200',
        version,
        serial: 2,
        encrypted: false,
        warnings: [],
        body: {
          lat: 39.908823,
          lon: 116.39747,
          altitudeM: 44,
          speedKmh: 32.6,
          directionDeg: 126,
          time: '2026-03-02T07:30:15+08:00',
          alarms: ['overspeed'],
          alarmFlags: 2,
          statusFlags: 0x000c0003,
          status: {
            accOn: true,
            positioned: true,
            south: false,
            west: false,
            inOperation: true,
            load: 'empty',
            doors: [],
            gps: true,
            beidou: true,
            glonass: false,
          },
          extras: {
            mileageKm: 12543,
            recorderSpeedKmh: 32,
            overspeedArea: { type: 0 },
            signalStrength: 31,
            satellites: 12,
          },
        },
      });
    }
  });

  it('takes the signs of latitude and longitude from the status bits', () => {
    expect(decode(F.southWest).body).toMatchObject({ lat: -33.856784, lon: -70.601234, altitudeM: 520 });
  });

  it('reads a batch of blind-area reports', () => {
    expect(decode(F.batch).body).toMatchObject({
      batchType: 1,
      items: [{ lat: 39.908823 }, { lat: -33.856784, time: '2026-03-02T07:30:16+08:00' }],
    });
  });

  it('reads requests for missing packets in both widths', () => {
    expect(decode(F.missing2013).body).toEqual({ originalSerial: 6, retransmitIds: [2] });
    expect(decode(F.missing2019).body).toEqual({ originalSerial: 6, retransmitIds: [2] });
    expect(decode(F.reply).body).toEqual({ responseSerial: 2, responseMsgId: '0x0200', result: 0 });
  });

  it.each(Object.entries(F))('gives %s back byte for byte, and without help of the raw bytes', (_, hex) => {
    const object = new FrameReader().read(hex);
    expect(object).not.toHaveProperty('raw');
    expect(new FrameWriter().write(JSON.stringify(object))).toEqual([hex]);
  });
});
