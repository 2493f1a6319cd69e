import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOfDay, dayOfDate, isTimeZone, zoneClock } from '../../../geo/plan/time-zone.ts';

const zones = [
  'Asia/Shanghai',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'America/St_Johns',
  'UTC',
];
const zone = fc.constantFrom(...zones);
const moment = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) });
const day = fc.integer({ min: dayOfDate('19900101'), max: dayOfDate('20400101') });

/** What the clock on the wall shows, asked of Intl in another way than the code does. */
function wall(timeZone: string, time: number): string {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(
    time,
  );
  return text.replaceAll('-', '');
}

describe('the clock of a zone', () => {
  it('shows local date and time of day', () => {
    fc.assert(
      fc.property(zone, moment, (timeZone, time) => {
        const { date, secondsOfDay } = zoneClock(timeZone).localTime(time);
        const shown = new Date(Math.floor(secondsOfDay) * 1000).toISOString().slice(11, 19);
        expect(`${date} ${shown}`).toBe(wall(timeZone, time));
      }),
      { numRuns: 300 },
    );
  });

  it('starts a service date 12 h before local noon', () => {
    fc.assert(
      fc.property(zone, day, (timeZone, number) => {
        const date = dateOfDay(number);
        const noon = zoneClock(timeZone).serviceDayStart(date) + 12 * 3_600_000;
        expect(wall(timeZone, noon)).toBe(`${date} 12:00:00`);
      }),
      { numRuns: 300 },
    );
  });

  it('is an hour off midnight on the days that New York changes its clocks, and 23 or 25 h long', () => {
    const clock = zoneClock('America/New_York');
    // Clocks went forward on 8 March 2026 and back on 1 November 2026.
    expect(wall('America/New_York', clock.serviceDayStart('20260308'))).toBe('20260307 23:00:00');
    expect(wall('America/New_York', clock.serviceDayStart('20261101'))).toBe('20261101 01:00:00');
    expect(clock.serviceDayStart('20260309') - clock.serviceDayStart('20260308')).toBe(24 * 3_600_000);
    expect(clock.serviceDayStart('20260308') - clock.serviceDayStart('20260307')).toBe(23 * 3_600_000);
    expect(wall('America/New_York', clock.serviceDayStart('20260310'))).toBe('20260310 00:00:00');
  });

  it('is plain midnight in China', () => {
    expect(zoneClock('Asia/Shanghai').serviceDayStart('20261124')).toBe(
      Date.parse('2026-11-24T00:00:00+08:00'),
    );
  });

  it('knows what is a zone', () => {
    expect(isTimeZone('Asia/Shanghai')).toBe(true);
    expect(isTimeZone('Asia/Changzhou')).toBe(false);
    expect(isTimeZone('Beijing time')).toBe(false);
  });

  it('counts days back and forth', () => {
    fc.assert(
      fc.property(day, (number) => {
        expect(dayOfDate(dateOfDay(number))).toBe(number);
      }),
    );
    expect(dateOfDay(0)).toBe('19700101');
  });
});
