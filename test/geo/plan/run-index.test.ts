import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run, Trip } from '../../../geo/plan/plan.ts';
import type { Duty } from '../../../geo/plan/read-duties.ts';
import { indexRuns } from '../../../geo/plan/run-index.ts';
import type { ServiceCalendar } from '../../../geo/plan/service-calendar.ts';
import { dateOfDay, dayOfDate, type ZoneClock, zoneClock } from '../../../geo/plan/time-zone.ts';

/** Three services: every day, odd days of the month, even ones. */
const calendar: ServiceCalendar = {
  has: () => true,
  runs: (service, date) => service === 'ALL' || Number(date.slice(-1)) % 2 === (service === 'ODD' ? 1 : 0),
  runsAsWeekday: () => false,
  lastDate: () => null,
  span: null,
};

const trip = (number: number, serviceId: string, startS: number, rideS: number): Trip => ({
  id: `T${String(number).padStart(2, '0')}`,
  routeId: 'R',
  serviceId,
  headsign: '',
  direction: null,
  shapeId: 'S',
  stopTimes: [],
  startS,
  endS: startS + rideS,
  schoolIds: [],
});

const trips = fc
  .array(
    fc.tuple(
      fc.constantFrom('ALL', 'ODD', 'EVEN'),
      fc.integer({ min: 0, max: 30 * 3600 }),
      fc.integer({ min: 60, max: 26 * 3600 }),
    ),
    { minLength: 1, maxLength: 20 },
  )
  .map((list) => list.map(([serviceId, startS, rideS], i) => trip(i, serviceId, startS, rideS)));

const firstDay = dayOfDate('20261025');
const dates = Array.from({ length: 14 }, (_, i) => dateOfDay(firstDay + i));

const duties = (count: number) =>
  fc.array(
    fc.record({
      serviceDate: fc.option(fc.constantFrom(...dates)),
      serviceId: fc.constantFrom('ALL', 'ODD', 'EVEN'),
      tripNumber: fc.nat(count - 1),
      vehicleId: fc.constantFrom('V1', 'V2', null),
    }),
    { maxLength: 15 },
  );

const world = trips.chain((list) =>
  duties(list.length).map((rows) => ({
    list,
    duties: rows.map(
      ({ serviceDate, serviceId, tripNumber, vehicleId }, line): Duty => ({
        serviceDate,
        serviceId: serviceDate === null ? serviceId : null,
        tripId: list[tripNumber]!.id,
        vehicleId,
        driverId: `D${line}`,
        escortId: null,
        line,
      }),
    ),
  })),
);

const zone = fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Pacific/Kiritimati', 'Pacific/Pago_Pago');
/** Within dates, over the night of 1 November on which New York's clocks go back. */
const moment = fc.integer({ min: Date.UTC(2026, 9, 29), max: Date.UTC(2026, 10, 4) });

const clocks = new Map<string, ZoneClock>();
function clockOf(timeZone: string): ZoneClock {
  const clock = clocks.get(timeZone) ?? zoneClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
}

/** Every run of every date looked at one by one: slow and plainly right. */
function bruteForce(
  { list, duties }: { list: Trip[]; duties: Duty[] },
  timeZone: string,
  time: number,
  marginS: number,
): Run[] {
  const found: Run[] = [];
  for (let day = firstDay - 5; day < firstDay + 20; day++) {
    const serviceDate = dateOfDay(day);
    const dayStart = clockOf(timeZone).serviceDayStart(serviceDate);
    for (const trip of list.filter((t) => calendar.runs(t.serviceId, serviceDate))) {
      const dated = duties.filter((d) => d.tripId === trip.id && d.serviceDate === serviceDate);
      const standing = duties.filter(
        (d) => d.tripId === trip.id && d.serviceId !== null && calendar.runs(d.serviceId, serviceDate),
      );
      const bound = dated.length > 0 ? dated : standing;
      const start = dayStart + trip.startS * 1000;
      const end = dayStart + trip.endS * 1000;
      if (time < start - marginS * 1000 || time > end + marginS * 1000) continue;
      for (const { vehicleId, driverId, escortId } of bound) {
        found.push({ trip, serviceDate, start, end, vehicleId, driverId, escortId });
      }
      if (bound.length === 0) {
        found.push({ trip, serviceDate, start, end, vehicleId: null, driverId: null, escortId: null });
      }
    }
  }
  return found;
}

/** Runs of one place in the order may come in any order. */
const asSet = (runs: readonly Run[]) =>
  runs
    .map((run) =>
      JSON.stringify([run.start, run.end, run.trip.id, run.serviceDate, run.vehicleId, run.driverId]),
    )
    .sort();

describe('the index of runs', () => {
  const margin = fc.constantFrom(0, 1, 600, 7200, 100_000);

  it('finds the runs that looking at every date finds, in order of start', () => {
    fc.assert(
      fc.property(
        world,
        zone,
        fc.array(moment, { minLength: 1, maxLength: 8 }),
        margin,
        (world, timeZone, times, marginS) => {
          const index = indexRuns(world.list, world.duties, calendar, clockOf(timeZone), {
            cachedDates: 3,
          });
          for (const time of times) {
            const runs = index.runsAt(time, marginS);
            expect(asSet(runs)).toEqual(asSet(bruteForce(world, timeZone, time, marginS)));
            expect(runs.map((run) => run.start)).toEqual(runs.map((run) => run.start).sort((a, b) => a - b));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("finds a vehicle's duties among them", () => {
    fc.assert(
      fc.property(world, zone, moment, margin, (world, timeZone, time, marginS) => {
        const index = indexRuns(world.list, world.duties, calendar, clockOf(timeZone), { cachedDates: 3 });
        for (const vehicle of ['V1', 'V2', 'V3']) {
          const expected = bruteForce(world, timeZone, time, marginS).filter(
            (run) => run.vehicleId === vehicle,
          );
          expect(asSet(index.dutiesAt(vehicle, time, marginS))).toEqual(asSet(expected));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is empty where there are no trips', () => {
    const index = indexRuns([], [], calendar, zoneClock('UTC'));
    expect(index.runsAt(0, 1e6)).toEqual([]);
    expect(index.dutiesAt('V1', 0, 1e6)).toEqual([]);
  });
});
