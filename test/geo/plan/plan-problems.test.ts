import { describe, expect, it } from 'vitest';
import { lines, problemsOf, smallFiles, warningsOf } from './small-plan.ts';

/** Replaces one text by another in one file; the other text must be there. */
const edit = (from: string, to: string) => (text: string) => {
  if (!text.includes(from)) throw new Error(`no ${from} in ${text}`);
  return text.replace(from, to);
};
const append = (row: string) => (text: string) => `${text}${row}\n`;

type Change = string | null | ((text: string) => string);

/** One fault in the small plan, and where it must be found: file, line, column, and words of the reason. */
const faults: [string, Change, number, string, string][] = [
  ['agency.txt', null, 0, '', 'lacks this file'],
  ['stop_times.txt', null, 0, '', 'lacks this file'],
  ['stops.txt', '', 1, '', 'header'],
  ['stops.txt', edit('stop_id,', 'stop,'), 1, 'stop_id', 'lacks this column'],
  ['stops.txt', edit('stop_name', 'stop_id'), 1, 'stop_id', 'twice'],
  ['agency.txt', edit('Asia/Shanghai', 'Beijing'), 2, 'agency_timezone', '"Beijing"'],
  ['agency.txt', append('O2,另一家,Asia/Tokyo'), 3, 'agency_timezone', 'first agency'],
  ['agency.txt', append('OP,另一家,Asia/Shanghai'), 3, 'agency_id', 'twice'],
  ['routes.txt', edit('R1,OP', 'R1,XX'), 2, 'agency_id', 'agency.txt'],
  ['routes.txt', edit(',3,', ',bus,'), 2, 'route_type', 'whole number'],
  ['stops.txt', edit('31.80,119.90', '119.90,31.80'), 2, 'stop_lat', '-90 to 90'],
  ['stops.txt', edit('31.80,119.91', '0,0'), 3, 'stop_lat', 'ocean'],
  ['stops.txt', edit('31.80,119.91', ',119.91'), 3, 'stop_lat', 'blank'],
  ['stops.txt', append('A,again,31.8,119.9,,'), 7, 'stop_id', 'twice'],
  ['stops.txt', edit('31.80,119.91,0', '31.80,119.91,7'), 3, 'location_type', '0 to 4'],
  ['shapes.txt', edit('119.915', 'east'), 3, 'shape_pt_lon', '"east"'],
  ['calendar.txt', edit('1,1,1,1,1,0,0', '1,1,x,1,1,0,0'), 2, 'wednesday', '"x"'],
  ['calendar.txt', edit('20260901', '20260931'), 2, 'start_date', '"20260931"'],
  ['calendar.txt', edit('20270115', '20250115'), 2, 'end_date', 'before start_date'],
  ['calendar_dates.txt', edit('20261001,2', '20261001,3'), 2, 'exception_type', 'it takes 1, 2'],
  ['calendar_dates.txt', append('WEEK,20261001,1'), 4, 'exception_type', 'both added and removed'],
  ['trips.txt', edit('T1,R1', 'T1,R9'), 2, 'route_id', '"R9"'],
  ['trips.txt', edit(',0,L1', ',2,L1'), 2, 'direction_id', '0 to 1'],
  ['stop_times.txt', edit('06:45:00', '06:75:00'), 3, 'arrival_time', '"06:75:00"'],
  ['stop_times.txt', edit('06:45:30', '06:44:00'), 3, 'departure_time', 'before arrival'],
  ['stop_times.txt', edit('06:50:00,06:50:30', '06:41:00,06:41:00'), 4, 'arrival_time', 'stop before'],
  ['stop_times.txt', edit('06:40:00,06:40:00', ','), 2, 'arrival_time', 'first stop'],
  ['stop_times.txt', edit('07:00:00,07:00:00', ','), 5, 'arrival_time', 'last stop'],
  ['stop_times.txt', edit('C,3', 'C,2'), 4, 'stop_sequence', 'twice'],
  ['stop_times.txt', edit('C,3', 'C,third'), 4, 'stop_sequence', '"third"'],
  ['stop_times.txt', edit('C,3', 'X,3'), 4, 'stop_id', 'stops.txt'],
  ['stop_times.txt', append('T9,06:00:00,06:00:00,A,1'), 6, 'trip_id', 'trips.txt'],
  ['vehicles.csv', '', 1, '', 'header'],
  ['vehicles.csv', edit('dedicated', 'yellow'), 2, 'school_bus_type', 'non_dedicated'],
  ['vehicles.csv', edit('013912345678', '1391234567x'), 2, 'terminal_phone', '20 digits'],
  ['vehicles.csv', edit(',2013,', ',2012,'), 2, 'terminal_version', '2019'],
  ['vehicles.csv', edit(',36,', ',many,'), 2, 'seats', '"many"'],
  ['vehicles.csv', append('V2,苏D2,yellow,13912345678,2013,36,dedicated,OP,x'), 3, 'terminal_phone', '"V1"'],
  ['vehicles.csv', append('V2,苏D00001学,yellow,1,2013,36,dedicated,OP,x'), 3, 'plate', '"V1"'],
  ['permits.csv', edit('P1,V1', 'P1,V9'), 2, 'vehicle_id', 'vehicles.csv'],
  ['permits.csv', edit('R1,D1', 'R1;R7,D1'), 2, 'route_ids', '"R7"'],
  ['permits.csv', edit('R1,D1', 'R1,E1'), 2, 'driver_ids', 'escort'],
  ['permits.csv', edit('06:00-08:00', '06:00'), 2, 'morning_window', '06:30-08:00'],
  ['permits.csv', edit('15:30-18:30', '18:30-15:30'), 2, 'afternoon_window', 'one day'],
  ['permits.csv', edit('2027-08-31', '2025-08-31'), 2, 'valid_to', 'before valid_from'],
  ['permits.csv', edit(',valid\n', ',ok\n'), 2, 'status', 'suspended'],
  ['people.csv', append('N1,nurse,甲,,,,'), 4, 'role', 'driver, escort'],
  ['people.csv', edit('20300101', '1 Jan 2030'), 2, 'licence_valid_to', 'date'],
  ['people.csv', edit(',C2,', ',C1,'), 3, 'card_no', '"D1"'],
  ['duties.csv', edit('T1,V1', 'T9,V1'), 2, 'trip_id', '"T9"'],
  ['duties.csv', edit('T1,V1', 'T1,V9'), 2, 'vehicle_id', 'vehicles.csv'],
  ['duties.csv', edit('D1,E1', 'E1,E1'), 2, 'driver_id', 'escort'],
  ['duties.csv', edit('D1,E1', 'D1,E9'), 2, 'escort_id', 'people.csv'],
  ['duties.csv', edit('WEEK,,', ',,'), 2, 'service_date', 'service_id'],
  ['duties.csv', edit('WEEK,,', 'WEEK,20261124,'), 2, 'service_id', 'beside'],
  ['duties.csv', edit('WEEK,,', 'EASTER,,'), 2, 'service_id', 'calendar'],
  ['duties.csv', edit('WEEK,,', ',2026-13-24,'), 2, 'service_date', '"2026-13-24"'],
  ['duties.csv', append('WEEK,,T1,V1,D1,E1'), 3, 'trip_id', 'twice'],
  ['schools.csv', edit('POLYGON((', 'CIRCLE(('), 2, 'geofence', 'WKT'],
  ['schools.csv', edit('31.801,119.93', '91,119.93'), 2, 'lat', '-90 to 90'],
  ['riders.csv', edit('T1,A,139', 'T1,X,139'), 2, 'stop_id', 'not a stop of trip'],
  ['riders.csv', edit('T1,B,', 'T2,B,'), 4, 'trip_id', '"T2"'],
  ['riders.csv', edit('K3,S1', 'K3,S9'), 4, 'school_id', 'schools.csv'],
  ['riders.csv', append('K1,S1,吕乐安,3,T1,B,'), 5, 'rider_id', 'twice'],
  ['riders.csv', edit('13900000002', 'mother'), 2, 'guardian_phones', 'phone number'],
  ['fences.geojson', edit('speed_zone', 'zone'), 1, 'kind', 'speed_zone'],
  ['fences.geojson', edit('30', '300'), 1, 'speed_limit_kmh', '130'],
  ['fences.geojson', edit('06:30-08:00', '06:30'), 1, 'windows', '06:30-08:00'],
  ['fences.geojson', edit('LineString', 'Point'), 1, 'geometry', 'LineString'],
  ['fences.geojson', edit('{', '['), 1, '', 'JSON'],
  ['fences.geojson', '[]', 1, '', 'FeatureCollection'],
  [
    'fences.geojson',
    (text) =>
      text
        .replace('"LineString"', '"Polygon"')
        .replace(/"coordinates":.*?\]\]/, '"coordinates":[[[0,1],[2,3],[2,1],[0,2],[0,1]]]'),
    1,
    'geometry',
    'crosses itself',
  ],
  ['base.geojson', '{"type":"Topology"}', 1, '', 'FeatureCollection'],
];

describe('one bad cell', () => {
  const named = faults.map(([file, change, line, column, words]) => ({ file, change, line, column, words }));
  it.each(named)('is found: $file line $line $column, $words', ({ file, change, line, column, words }) => {
    const problems = problemsOf(smallFiles({ [file]: change }));
    expect(problems.map(({ file, line, column }) => ({ file, line, column }))).toEqual([
      { file, line, column },
    ]);
    expect(problems[0]!.reason).toContain(words);
  });
});

describe('many bad cells', () => {
  it('are all found at once', () => {
    const problems = problemsOf(
      smallFiles({
        'permits.csv': (text) => text.replace('P1,V1,R1', 'P1,V8,R8').replace(',valid\n', ',fine\n'),
        'duties.csv': edit('T1,V1', 'T8,V8'),
        'calendar.txt': edit('20260901', 'September'),
      }),
    );
    expect(problems.map(({ file, column }) => `${file} ${column}`)).toEqual([
      'calendar.txt start_date',
      'permits.csv vehicle_id',
      'permits.csv route_ids',
      'permits.csv status',
      'duties.csv trip_id',
      'duties.csv vehicle_id',
    ]);
  });

  it('are listed up to a thousand a file, and the rest counted', () => {
    const rows = Array.from({ length: 1500 }, (_, i) => `X${i},,91,119.9,0,`);
    const problems = problemsOf(smallFiles({ 'stops.txt': (text) => text + lines(...rows) }));
    expect(problems).toHaveLength(1001);
    expect(problems.at(-1)).toMatchObject({ file: 'stops.txt', line: 0, reason: 'and 500 more like these' });
  });

  it('never tell who a pupil is or whom to ring up', () => {
    const problems = problemsOf(
      smallFiles({
        'riders.csv': (text) => text.replace('T1,A,139', 'T9,A,139').replace('13900000002', '妈妈139'),
      }),
    );
    const told = JSON.stringify(problems);
    expect(problems).toHaveLength(2);
    for (const secret of ['吕乐安', '13900000001', '妈妈']) expect(told).not.toContain(secret);
  });

  it('name the line in a file with quoted line breaks and blank lines', () => {
    const files = smallFiles({
      'stops.txt': (text) => text.replace('桥头', '"桥\n头"').replace('C,路口,31.80', '\nC,路口,99'),
    });
    expect(problemsOf(files)).toMatchObject([{ file: 'stops.txt', line: 6, column: 'stop_lat' }]);
  });
});

describe('what staff should look at', () => {
  const matters: [string, Change, string, string][] = [
    ['duties.csv', edit('D1,E1', 'D1,'), 'escort_id', 'no escort'],
    ['duties.csv', edit('D1,E1', ',E1'), 'driver_id', 'no driver'],
    ['duties.csv', edit('T1,V1', 'T1,'), 'vehicle_id', 'no vehicle'],
    ['duties.csv', edit('WEEK,,', ',20261001,'), 'service_date', 'does not run on 20261001'],
    ['permits.csv', edit('2027-08-31', '2026-12-31'), 'vehicle_id', 'permit until 20261231'],
    ['permits.csv', edit(',valid\n', ',suspended\n'), 'vehicle_id', 'not valid'],
    ['people.csv', edit('20300101', '20261231'), 'driver_id', 'licence'],
    ['riders.csv', 'rider_id,trip_id,stop_id\n', 'trip_id', 'nobody rides'],
    ['schools.csv', append('S2,云桥小学,,31.9,119.9,'), 'school_id', '"S2"'],
    ['vehicles.csv', edit(',dedicated,', ',none,'), 'vehicle_id', 'no school bus'],
    ['schools.csv', edit('31.801,119.93', '31.81,119.93'), 'geofence', 'outside its own'],
  ];
  const named = matters.map(([file, change, column, words]) => ({ file, change, column, words }));
  it.each(named)('$file: $words', ({ file, change, column, words }) => {
    const warnings = warningsOf(smallFiles({ [file]: change }));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.column).toBe(column);
    expect(warnings[0]!.reason).toContain(words);
  });

  it('is a bus, a driver or an escort on two trips at once', () => {
    const files = smallFiles({
      'trips.txt': append('T2,R1,WEEK,,0,L1'),
      'stop_times.txt': (text) =>
        `${text}${text.replaceAll('T1', 'T2').replaceAll('06:', '05:').replace('07:00:00,07:00:00', '06:41:00,06:41:00').split('\n').slice(1).join('\n')}`,
      'riders.csv': null,
      'vehicles.csv': append('V2,苏D2,yellow,,,,dedicated,,'),
      'permits.csv': append('P2,V2,,,20260901,20270831,,,valid'),
      'people.csv': append('D2,driver,,,,,'),
      'duties.csv': append('WEEK,,T2,V2,D2,E1'),
    });
    expect(warningsOf(files)).toMatchObject([
      {
        file: 'duties.csv',
        line: 2,
        column: 'escort_id',
        reason: expect.stringContaining('while still on "T2"'),
      },
    ]);
  });
});
