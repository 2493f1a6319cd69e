import fc from 'fast-check';
import { eventReport, type Report } from '../../../geo/report.ts';
import type { VehicleEvent } from '../../../geo/vehicle-event.ts';
import {
  alighted,
  boarded,
  card,
  cardOut,
  checked,
  heads,
  signOff,
  signOn,
  walked,
  word,
} from './crew-words.ts';
import { drive, type Leg } from './drive.ts';
import type { Metres } from './small-plan.ts';

const EVENTS: readonly (() => readonly VehicleEvent[])[] = [
  () => [card('licence-driver')],
  () => [card(null)],
  () => [cardOut],
  () => [signOn()],
  () => [signOff()],
  () => [heads(12)],
  () => [heads(0)],
  () => boarded('a-1/0', 'a-2/0'),
  () => alighted('a-1/0'),
  () => [walked()],
  () => [checked(false, ['brakes'])],
  () => [word('sos', {})],
  () => [word('departure_refused', { reason: 'a seat belt' })],
  () => [{ kind: 'other_plate', plate: 'other' }],
  () => [{ kind: 'overspeed_area', areaType: 1, areaId: 1 }],
  () => [{ kind: 'area', direction: 'out', areaType: 4, areaId: 2 }],
  () => [{ kind: 'section_time', sectionId: 3, seconds: 5, tooLong: true }],
  () => [{ kind: 'video', flags: 3, lost: 1, covered: 2, stores: 0 }],
  () => [{ kind: 'tyres', flags: 4 }],
  () => [{ kind: 'clock', offsetS: 400, corrected: true }],
  () => [{ kind: 'second_connection', takeovers: 3, withinS: 60 }],
  () => [
    {
      kind: 'adas',
      alarm: 'forward collision',
      level: 2,
      phase: 'start',
      alarmId: null,
      speedKmh: 40,
      files: 1,
    },
  ],
  () => [{ kind: 'dsm', alarm: 'fatigue', level: 2, phase: null, alarmId: 'x', speedKmh: 40, files: 0 }],
];

/** Along a line or anywhere, standing, with doors, cards, words, alarm bits, jumps, gaps: whatever a rule may hear of. */
export const restlessDrives = (line: readonly Metres[]): fc.Arbitrary<readonly Report[]> =>
  fc
    .record({
      legs: fc.array(
        fc.oneof(
          fc.record({ to: fc.constantFrom(...line), kmh: fc.integer({ min: 15, max: 90 }) }),
          fc.record({
            to: fc.tuple(fc.integer({ min: -500, max: 4_500 }), fc.integer({ min: -2_500, max: 2_500 })),
            kmh: fc.integer({ min: 10, max: 110 }),
          }),
          fc.record({ standS: fc.integer({ min: 10, max: 900 }) }),
        ),
        { minLength: 2, maxLength: 8 },
      ),
      everyS: fc.constantFrom(1, 5, 30),
      startS: fc.constantFrom(-600, 0, 900),
      calm: fc.boolean(),
      seed: fc.integer({ min: 1, max: 1_000_000 }),
    })
    .map(({ legs, everyS, startS, calm, seed }) => {
      let random = seed;
      const chance = (share: number): boolean => {
        random = (random * 48_271) % 2_147_483_647;
        return random / 2_147_483_647 < share;
      };
      const noise = (): number => (chance(0.5) ? 2e-5 : -2e-5);
      const often = calm ? 0.1 : 1;
      let [accOn, doors, alarmFlags, mileageKm] = [true, 0, 0, 1_000];
      const reports: Report[] = [];
      for (const one of drive([0, 0], legs as Leg[], { everyS, startS }).slice(0, 300)) {
        if (chance(0.03)) continue;
        if (chance(0.01 * often)) accOn = !accOn;
        if (chance(0.02 * often)) doors ^= 1 << (13 + (random % 4));
        if (chance(0.03 * often)) alarmFlags = (alarmFlags ^ (1 << (random % 32))) >>> 0;
        if (chance(0.2)) alarmFlags = 0;
        mileageKm += 0.05;
        const jump = chance(0.01 * often) ? 0.02 : 0;
        const events = chance(0.06 * often) ? EVENTS[random % EVENTS.length]!() : undefined;
        const alone = events !== undefined && chance(0.4);
        if (alone) reports.push(eventReport('bus', one.time, one.time, events));
        reports.push({
          ...one,
          lat: one.lat + noise() + jump,
          lon: one.lon + noise(),
          accOn,
          alarmFlags,
          statusFlags: 3 | doors | (chance(0.01) ? 1 << 6 : 0),
          mileageKm: chance(0.9) ? mileageKm : null,
          satellites: chance(0.03) ? 3 : 11,
          positioned: !chance(0.02 * often),
          recorderSpeedKmh: chance(0.5) ? (one.speedKmh ?? 0) * (chance(0.1) ? 1.4 : 1) : null,
          ...(events === undefined || alone ? {} : { events }),
        });
      }
      return reports;
    })
    .filter((reports) => reports.length > 2);
