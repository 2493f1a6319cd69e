import { describe, expect, it } from 'vitest';
import { readCsvTrack } from '../../../services/replay/read-csv-track.ts';
import { readJsonlTrack } from '../../../services/replay/read-jsonl-track.ts';
import { readTime } from '../../../services/replay/track-row.ts';
import { smallPlan } from '../../geo/judge/small-plan.ts';

const AT = Date.UTC(2026, 2, 1, 23, 0, 0);

function csv(text: string) {
  const bad: string[] = [];
  const reports = readCsvTrack(text, (line, reason) => bad.push(`${line}: ${reason}`));
  return { reports, bad };
}

describe('times of a track', () => {
  it.each([
    ['2026-03-02T07:00:00+08:00', AT],
    ['2026-03-02T07:00:00', AT],
    ['2026-03-01 23:00:00Z', AT],
    [String(AT / 1000), AT],
    [String(AT), AT],
    ['yesterday', null],
    ['2026-13-02T07:00:00Z', null],
    ['', null],
  ])('reads %j', (text, time) => {
    expect(readTime(text)).toBe(time);
  });
});

describe('a CSV track', () => {
  it('needs four columns, takes three more and passes over the rest', () => {
    const { reports, bad } = csv(
      'lon,lat,note,vehicle,time,speed_kmh,bearing,serial\n119.95,31.8,"a, b",苏D1,2026-03-02T07:00:00,30.5,361,7\n119.95,31.8,,苏D1,2026-03-02T07:00:05,,,\n',
    );
    expect(bad).toEqual([]);
    expect(reports).toMatchObject([
      {
        vehicle: '苏D1',
        time: AT,
        receivedAt: AT,
        speedKmh: 30.5,
        directionDeg: 1,
        serial: 7,
        positioned: true,
      },
      { time: AT + 5_000, speedKmh: null, directionDeg: null, serial: null },
    ]);
  });

  it('takes time_iso for time', () => {
    expect(csv('vehicle,time_iso,lat,lon\na,2026-03-01T23:00:00Z,1,2\n').reports[0]?.time).toBe(AT);
  });

  it('names every bad row with its line and goes on', () => {
    const { reports, bad } = csv(
      'vehicle,time,lat,lon,speed_kmh\na,never,1,2,3\n,2026-03-01T23:00:00Z,1,2,3\na,2026-03-01T23:00:00Z,99,2,3\na,2026-03-01T23:00:00Z,1,,3\na,2026-03-01T23:00:00Z,1,2,fast\na,2026-03-01T23:00:00Z,1,2,3\n',
    );
    expect(bad).toEqual([
      '2: time is not a time: never',
      '3: vehicle is empty',
      '4: lat is not a latitude: 99',
      '5: lon is not a longitude: null',
      '6: speed_kmh is not a number',
    ]);
    expect(reports).toHaveLength(1);
  });

  it('says what the header lacks', () => {
    expect(csv('vehicle,lat\na,1\n').bad).toEqual(['1: header lacks time, lon']);
    expect(csv('').bad).toEqual(['1: no header']);
  });
});

describe('a JSON Lines track', () => {
  const plan = smallPlan({ trips: [] });
  const withPhone = {
    ...plan,
    vehicleByPhone: new Map([['13912345678', plan.vehicles.get('bus')!]]),
  };
  const location = {
    lat: 31.8,
    lon: 119.95,
    altitudeM: 5,
    speedKmh: 40,
    directionDeg: 90,
    time: '2026-03-02T07:00:00+08:00',
    status: { accOn: true, positioned: true },
    alarmFlags: 1,
    statusFlags: 3,
    extras: { recorderSpeedKmh: 41, satellites: 9, mileageKm: 12.5 },
  };
  const read = (lines: readonly unknown[], on = withPhone) => {
    const bad: string[] = [];
    const text = lines.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n');
    return { reports: readJsonlTrack(text, on, (line, reason) => bad.push(`${line}: ${reason}`)), bad };
  };

  it('takes the locations of decoded frames, one at a time or many', () => {
    const { reports, bad } = read([
      { ok: true, msgId: '0x0002', phone: '013912345678', serial: 1, body: {} },
      { ok: true, msgId: '0x0200', phone: '013912345678', serial: 2, body: location },
      {
        ok: true,
        msgId: '0x0704',
        phone: '00000000013912345678',
        serial: 3,
        body: { batchType: 1, items: [{ ...location, time: '2026-03-02T06:59:00+08:00' }] },
      },
    ]);
    expect(bad).toEqual([]);
    expect(reports).toMatchObject([
      {
        vehicle: 'bus',
        time: AT,
        alarmFlags: 1,
        accOn: true,
        recorderSpeedKmh: 41,
        satellites: 9,
        backfill: false,
      },
      { vehicle: 'bus', time: AT - 60_000, backfill: true, serial: 3 },
    ]);
  });

  it('calls a terminal of no vehicle by its phone, or by the plate it registered with where no register is kept', () => {
    const frames = [
      { ok: true, msgId: '0x0100', phone: '000000000042', serial: 1, body: { plate: '苏D00001' } },
      { ok: true, msgId: '0x0200', phone: '000000000042', serial: 2, body: location },
    ];
    expect(read(frames).reports[0]?.vehicle).toBe('苏D00001');
    const register = smallPlan({ trips: [], vehicles: ['bus'] });
    expect(read(frames, { ...register, vehicleByPhone: new Map() }).reports[0]?.vehicle).toBe('terminal:42');
  });

  it('takes plain reports with all their fields', () => {
    const { reports } = read([
      {
        vehicle: 'a',
        time: AT,
        receivedAt: '2026-03-02T07:10:00+08:00',
        lat: 1,
        lon: 2,
        backfill: true,
        accOn: false,
      },
    ]);
    expect(reports).toMatchObject([{ vehicle: 'a', receivedAt: AT + 600_000, backfill: true, accOn: false }]);
  });

  it('names what it cannot use', () => {
    expect(
      read([
        '{"half":',
        '[1]',
        { ok: false, error: 'checksum' },
        { ok: true, msgId: '0x0704', phone: '1', body: { items: [{ hex: '00' }] } },
        { ok: true, msgId: '0x0200', phone: '1', body: { ...location, time: null } },
      ]).bad,
    ).toEqual([
      '1: not a JSON object',
      '2: not a JSON object',
      '3: not decoded: checksum',
      '4: a location that could not be read',
      '5: time is not a time: null',
    ]);
  });
});
