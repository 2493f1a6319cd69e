import { describe, expect, it } from 'vitest';
import { lines, planOf, smallFiles, warningsOf } from './small-plan.ts';

/** Runs of the trip T1 are looked for on a working Tuesday. */
const tuesday = (clock: string) => Date.parse(`2026-11-24T${clock}+08:00`);

describe('a whole plan', () => {
  const plan = planOf(smallFiles());

  it('holds everything by its id', () => {
    expect(plan.timeZone).toBe('Asia/Shanghai');
    expect(plan.routes.get('R1')).toMatchObject({ agencyId: 'OP', colour: '#d73a49', type: 3 });
    expect(plan.stops.get('S1')).toMatchObject({ name: '青禾小学', locationType: 1, lat: 31.801 });
    expect(plan.vehicles.get('V1')).toMatchObject({
      terminalPhone: '013912345678',
      seats: 36,
      district: '武进区',
    });
    expect(plan.vehicleByPhone.get('13912345678')?.id).toBe('V1');
    expect(plan.people.get('E1')).toMatchObject({ role: 'escort', licenceValidTo: null });
    expect(plan.schools.get('S1')?.geofence?.[0]).toHaveLength(5);
    expect(Object.values(plan.registers).every(Boolean)).toBe(true);
    expect(warningsOf(smallFiles())).toEqual([]);
  });

  it('reads a permit with its windows and dates', () => {
    expect(plan.permitsByVehicle.get('V1')).toEqual([
      {
        no: 'P1',
        vehicleId: 'V1',
        routeIds: ['R1'],
        schoolIds: [],
        driverIds: ['D1'],
        validFrom: '20260901',
        validTo: '20270831',
        morningWindow: [21_600, 28_800],
        afternoonWindow: [55_800, 66_600],
        status: 'valid',
      },
    ]);
  });

  it('counts riders by stop and keeps no name or number of them', () => {
    expect(plan.ridersByTrip.get('T1')).toEqual(
      new Map([
        ['A', 2],
        ['B', 1],
      ]),
    );
    expect(JSON.stringify(plan, (_, v) => (v instanceof Map ? [...v] : v))).not.toContain('吕乐安');
  });

  it('gives the trip its schools, by the stop it ends at and by its riders', () => {
    expect(plan.trips.get('T1')?.schoolIds).toEqual(['S1']);
    expect(planOf(smallFiles({ 'riders.csv': null })).trips.get('T1')?.schoolIds).toEqual(['S1']);
    const byRiders = smallFiles({ 'stops.txt': (text) => text.replace('0,S1', '0,') });
    expect(planOf(byRiders).trips.get('T1')?.schoolIds).toEqual(['S1']);
  });

  it('splits a fence window, and takes one that passes midnight as two', () => {
    expect(plan.fences[0]).toMatchObject({
      id: 'fence-1',
      kind: 'speed_zone',
      speedLimitKmh: 30,
      motorway: false,
      windows: [
        [23_400, 28_800],
        [57_600, 64_800],
      ],
    });
    const night = smallFiles({
      'fences.geojson': (text) => text.replace('06:30-08:00;16:00-18:00', '22:00-05:00'),
    });
    expect(planOf(night).fences[0]?.windows).toEqual([
      [79_200, 86_400],
      [0, 18_000],
    ]);
  });

  it('binds the duty to the run of the day', () => {
    const runs = plan.dutiesAt('V1', tuesday('06:50:00'), 0);
    expect(runs).toMatchObject([
      {
        serviceDate: '20261124',
        start: tuesday('06:40:00'),
        end: tuesday('07:00:00'),
        vehicleId: 'V1',
        driverId: 'D1',
        escortId: 'E1',
      },
    ]);
    expect(plan.runsAt(tuesday('06:50:00'), 0)).toEqual(runs);
    expect(plan.dutiesAt('V2', tuesday('06:50:00'), 0)).toEqual([]);
    expect(plan.dutiesAt('V1', tuesday('07:10:00'), 0)).toEqual([]);
    expect(plan.dutiesAt('V1', tuesday('07:10:00'), 600)).toEqual(runs);
  });

  it('follows the calendar: weekends, holidays and the days worked for them', () => {
    const at = (date: string) => plan.runsAt(Date.parse(`${date}T06:50:00+08:00`), 0).length;
    expect(at('2026-11-21')).toBe(0);
    expect(at('2026-10-01')).toBe(0);
    expect(at('2026-10-10')).toBe(1);
    expect(at('2027-01-18')).toBe(0);
    expect(plan.serviceRuns('WEEK', '20261010')).toBe(true);
    expect(plan.serviceRuns('NONE', '20261010')).toBe(false);
  });

  it('lets a duty of one date replace those of the service on that date', () => {
    const files = smallFiles({ 'duties.csv': (text) => `${text},2026-11-24,T1,V1,D1,\n` });
    const plan = planOf(files);
    expect(plan.dutiesAt('V1', tuesday('06:50:00'), 0).map((run) => run.escortId)).toEqual([null]);
    expect(plan.dutiesAt('V1', tuesday('06:50:00') + 86_400_000, 0).map((run) => run.escortId)).toEqual([
      'E1',
    ]);
  });

  it('is the same whatever the order of the rows', () => {
    const shuffled = smallFiles({
      'stop_times.txt': (text) => lines(text.split('\n')[0]!, ...text.trim().split('\n').slice(1).reverse()),
      'shapes.txt': (text) => lines(text.split('\n')[0]!, ...text.trim().split('\n').slice(1).reverse()),
    });
    expect(planOf(shuffled).trips).toEqual(plan.trips);
    expect(planOf(shuffled).shapes).toEqual(plan.shapes);
  });
});

describe('GTFS as real feeds have it', () => {
  const gtfs = {
    'vehicles.csv': null,
    'permits.csv': null,
    'people.csv': null,
    'duties.csv': null,
    'schools.csv': null,
    'riders.csv': null,
    'fences.geojson': null,
  };

  it('loads alone, with empty registers', () => {
    const plan = planOf(smallFiles(gtfs));
    expect(Object.values(plan.registers).some(Boolean)).toBe(false);
    expect(plan.trips.get('T1')?.schoolIds).toEqual([]);
    expect(plan.runsAt(tuesday('06:50:00'), 0)).toMatchObject([{ vehicleId: null, driverId: null }]);
  });

  it('bears a byte order mark, quotes, spaces, extra columns, extra files and Windows line ends', () => {
    const files = smallFiles({
      ...gtfs,
      'stops.txt': (text) =>
        `\ufeff${text
          .trim()
          .split('\n')
          .map(
            (row, i) =>
              `${row
                .split(',')
                .map((c) => `"${c}" `)
                .join(',')},${i === 0 ? 'extra' : '"a, b"'}`,
          )
          .join('\r\n')}\r\n\r\n`,
      'fare_attributes.txt': 'nonsense',
    });
    expect(planOf(files).stops).toEqual(planOf(smallFiles(gtfs)).stops);
  });

  it('may have either calendar file alone', () => {
    const weekly = planOf(smallFiles({ ...gtfs, 'calendar_dates.txt': null }));
    expect(weekly.serviceRuns('WEEK', '20261001')).toBe(true);
    const dates = planOf(smallFiles({ ...gtfs, 'calendar.txt': null }));
    expect(dates.serviceRuns('WEEK', '20261010')).toBe(true);
    expect(dates.serviceRuns('WEEK', '20261012')).toBe(false);
  });

  it('may have optional files without a line', () => {
    const plan = planOf(
      smallFiles({ ...gtfs, 'shapes.txt': '', 'calendar_dates.txt': '', 'frequencies.txt': '' }),
    );
    expect(plan.trips.size).toBe(1);
  });

  it('may have on-demand rows among the others', () => {
    const files = smallFiles({
      ...gtfs,
      'stop_times.txt': (text) =>
        text
          .trim()
          .split('\n')
          .map((row, i) => (i === 0 ? `${row},location_id,start_pickup_drop_off_window` : `${row},,`))
          .concat('T1,,,,5,zone1,', 'T1,,,G,6,,08:00:00')
          .join('\n'),
    });
    expect(planOf(files).trips.get('T1')?.stopTimes).toHaveLength(4);
    expect(warningsOf(files)).toMatchObject([{ file: 'stop_times.txt', line: 6, column: 'stop_id' }]);
  });

  it('draws straight lines between the stops of a trip without shape', () => {
    for (const shapes of [
      null,
      lines('shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence', 'L1,31.8,119.9,1'),
    ]) {
      const plan = planOf(smallFiles({ ...gtfs, 'shapes.txt': shapes }));
      const trip = plan.trips.get('T1')!;
      const shape = plan.shapes.get(trip.shapeId)!;
      expect(shape.drawn).toBe(false);
      expect(shape.points).toHaveLength(4);
      expect([...shape.alongM]).toEqual(trip.stopTimes.map((stopTime) => stopTime.alongM));
    }
  });

  it('fills in the times of untimed stops by the way between', () => {
    const files = smallFiles({
      ...gtfs,
      'stop_times.txt': lines(
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
        'T1,06:40:00,,A,1',
        'T1,,,B,2',
        'T1,,,C,3',
        'T1,,07:10:00,G,10',
      ),
    });
    const stopTimes = planOf(files).trips.get('T1')!.stopTimes;
    expect(stopTimes.map((s) => s.arrivalS)).toEqual([24_000, 24_600, 25_200, 25_800]);
    expect(stopTimes.map((s) => s.departureS)).toEqual([24_000, 24_600, 25_200, 25_800]);
    expect(stopTimes.map((s) => s.timepoint)).toEqual([true, false, false, true]);
  });

  it('runs trips after midnight on the service date before', () => {
    const files = smallFiles({
      ...gtfs,
      'stop_times.txt': lines(
        'trip_id,arrival_time,departure_time,stop_id,stop_sequence',
        'T1,24:40:00,24:40:00,A,1',
        'T1,25:00:00,25:00:00,G,2',
      ),
    });
    expect(planOf(files).runsAt(Date.parse('2026-11-25T00:50:00+08:00'), 0)).toMatchObject([
      { serviceDate: '20261124', start: Date.parse('2026-11-25T00:40:00+08:00') },
    ]);
    // Friday's trip runs in the night to Saturday, Sunday's does not run in the night to Monday.
    expect(planOf(files).runsAt(Date.parse('2026-11-28T00:50:00+08:00'), 0)).toHaveLength(1);
    expect(planOf(files).runsAt(Date.parse('2026-11-30T00:50:00+08:00'), 0)).toHaveLength(0);
  });

  it('warns of what it passes over', () => {
    const files = smallFiles({
      ...gtfs,
      'trips.txt': (text) => `${text}T2,R1,GONE,,,L1\nT3,R1,WEEK,,,LOST\n`,
      'frequencies.txt': lines('trip_id,start_time,end_time,headway_secs', 'T1,06:00:00,07:00:00,600'),
      'routes.txt': (text) => text.replace('D73A49', 'red'),
      'stops.txt': (text) => text.replace('119.92,0', '119.92,0').replace('31.80,119.92', '31.81,119.92'),
    });
    expect(warningsOf(files).map(({ file, line, column }) => [file, line, column])).toEqual([
      ['routes.txt', 2, 'route_color'],
      ['trips.txt', 3, 'service_id'],
      ['trips.txt', 4, 'shape_id'],
      ['trips.txt', 2, 'shape_id'],
      ['trips.txt', 3, 'trip_id'],
      ['trips.txt', 4, 'trip_id'],
      ['frequencies.txt', 2, 'trip_id'],
    ]);
    expect(planOf(files).trips.has('T2')).toBe(false);
  });

  it('uses the distances of the feed where they are sound, and the map where they are not', () => {
    const withDistances = (b: string) =>
      smallFiles({
        ...gtfs,
        'shapes.txt': lines(
          'shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled',
          'L1,31.80,119.90,1,0',
          'L1,31.80,119.93,2,3',
        ),
        'stop_times.txt': lines(
          'trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled',
          'T1,06:40:00,06:40:00,A,1,0',
          `T1,06:45:00,06:45:30,B,2,${b}`,
          'T1,07:00:00,07:00:00,G,4,3',
        ),
      });
    const along = (b: string) => planOf(withDistances(b)).trips.get('T1')!.stopTimes[1]!.alongM;
    const length = planOf(withDistances('1')).shapes.get('L1')!.lengthM;
    expect(along('1.02')).toBeCloseTo(length * 0.34, 3);
    expect(along('2.5')).toBeCloseTo(length / 3, 0);
    expect(along('')).toBeCloseTo(length / 3, 0);
  });
});
