import { describe, expect, it } from 'vitest';
import { chinaTime } from '../../../../geo/judge/time-text.ts';
import { isAvoided, offDetourM } from '../../../../geo/plan/amendments/detours-of.ts';
import { ordersAt } from '../../../../geo/plan/amendments/orders-at.ts';
import { ridersOn } from '../../../../geo/plan/amendments/riders-on.ts';
import { amendPlan, buildPlan } from '../../../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles } from '../../../../geo/plan/plan.ts';
import { lines, planOf, problemsOf, smallFiles } from '../small-plan.ts';

/** The small plan with a bus home in the afternoon (T2) and one after it (T3), a second bus and its crew. */
const files = (changes: Parameters<typeof smallFiles>[0] = {}): PlanFiles =>
  smallFiles({
    'trips.txt': (text) => `${text}T2,R1,WEEK,柳湾村,1,\nT3,R1,WEEK,柳湾村,1,\n`,
    'stop_times.txt': (text) =>
      text +
      lines(
        'T2,16:30:00,16:30:00,G,1',
        'T2,16:50:00,16:50:00,A,2',
        'T3,17:10:00,17:10:00,G,1',
        'T3,17:30:00,17:30:00,A,2',
      ),
    'duties.csv': (text) => `${text}WEEK,,T2,V1,D1,E1\nWEEK,,T3,V1,D1,E1\n`,
    'vehicles.csv': (text) => `${text}V2,苏D00002学,yellow,013912345679,2013,36,dedicated,OP,武进区\n`,
    'people.csv': (text) => `${text}D2,driver,陈安,L2,20300101,C3,\nE2,escort,王平,,,C4,\n`,
    ...changes,
  });

const at = (text: string): number => Date.parse(`${text}+08:00`);

/** Runs of a date in a few words: `T1 06:40 V1 D1 E1`. */
function runsOf(plan: Plan, date: string): string[] {
  return plan
    .runsAt(at(`${date}T12:00`), 12 * 3600 - 1)
    .map(({ trip, start, vehicleId, driverId, escortId }) =>
      [trip.id, chinaTime(start).slice(11, 16), vehicleId, driverId, escortId].join(' '),
    );
}

const USUAL = ['T1 06:40 V1 D1 E1', 'T2 16:30 V1 D1 E1', 'T3 17:10 V1 D1 E1'];
const WEDNESDAY = '2026-11-25';
const SATURDAY = '2026-11-28';

const dispatched = (...rows: string[]) =>
  planOf(files({ 'dispatch.csv': lines('service_date,trip_id,action,value,at', ...rows) }));
const schoolDays = (...rows: string[]) =>
  planOf(files({ 'school_calendar.csv': lines('date,kind,school_id,district,value', ...rows) }));

describe('dispatch of the day', () => {
  it('leaves every day but its own as planned', () => {
    const plan = dispatched('20261125,T1,cancel,,');
    expect(runsOf(plan, WEDNESDAY)).toEqual(USUAL.slice(1));
    expect(runsOf(plan, '2026-11-26')).toEqual(USUAL);
  });

  it('swaps a vehicle, a driver, an escort; the last word in time counts', () => {
    const plan = dispatched(
      '20261125,T1,vehicle,V2,2026-11-25 06:20',
      '20261125,T1,vehicle,V1,2026-11-25 06:10',
      '20261125,T1,driver,D2,2026-11-25 06:10',
      '20261125,T1,escort,,2026-11-25 06:10',
    );
    expect(runsOf(plan, WEDNESDAY)[0]).toBe('T1 06:40 V2 D2 ');
    expect(plan.dutiesAt('V2', at('2026-11-25T06:45'), 0).map((run) => run.trip.id)).toEqual(['T1']);
    expect(plan.dutiesAt('V1', at('2026-11-25T06:45'), 0)).toEqual([]);
  });

  it('splits a run over a second bus with its crew', () => {
    const plan = dispatched('20261125,T1,split,V2;D2;E2,');
    expect(runsOf(plan, WEDNESDAY).slice(0, 2)).toEqual(['T1 06:40 V1 D1 E1', 'T1 06:40 V2 D2 E2']);
  });

  it('merges a run into another, whose stops then expect its riders', () => {
    const plan = dispatched('20261125,T1,merge,T2,');
    expect(runsOf(plan, WEDNESDAY)).toEqual(USUAL.slice(1));
    expect(ridersOn(plan, 'T2', '20261125').get('A')).toBe(2);
    expect(ridersOn(plan, 'T2', '20261126').get('A')).toBeUndefined();
  });

  it('lets a run go earlier, by minutes or at a time', () => {
    expect(runsOf(dispatched('20261125,T2,early,45,'), WEDNESDAY)[1]).toContain('T2 15:45');
    expect(runsOf(dispatched('20261125,T2,early,15:20,'), WEDNESDAY)[1]).toContain('T2 15:20');
    expect(runsOf(dispatched('20261125,T1,early,-10,'), WEDNESDAY)[0]).toContain('T1 06:50');
  });
});

describe('the school calendar', () => {
  it('takes a day off for a school, a district, everybody', () => {
    for (const who of ['S1,', ',武进区', ','])
      expect(runsOf(schoolDays(`20261125,holiday,${who},`), WEDNESDAY)).toEqual([]);
  });

  it('runs the timetable and the duties of another weekday (调休)', () => {
    expect(runsOf(schoolDays(), SATURDAY)).toEqual([]);
    expect(runsOf(schoolDays('20261128,workday_swap,S1,,monday'), SATURDAY)).toEqual(USUAL);
    expect(runsOf(schoolDays('20261125,workday_swap,,,sunday'), WEDNESDAY)).toEqual([]);
  });

  it('goes by the narrower where a school and its district differ', () => {
    const plan = schoolDays('20261128,workday_swap,S1,,monday', '20261128,holiday,,武进区,');
    expect(runsOf(plan, SATURDAY)).toEqual(USUAL);
  });

  it('moves the buses home when school ends early, and keeps their distance', () => {
    const plan = schoolDays('20261125,early_dismissal,S1,,14:30');
    expect(runsOf(plan, WEDNESDAY)).toEqual(['T1 06:40 V1 D1 E1', 'T2 14:30 V1 D1 E1', 'T3 15:10 V1 D1 E1']);
    expect(plan.dutiesAt('V1', at('2026-11-25T14:40'), 0).map((run) => run.trip.id)).toEqual(['T2']);
  });

  it('gives way to dispatch', () => {
    const plan = planOf(
      files({
        'school_calendar.csv': lines('date,kind,value', '20261125,early_dismissal,14:30'),
        'dispatch.csv': lines('service_date,trip_id,action,value', '20261125,T2,early,15:00'),
      }),
    );
    expect(runsOf(plan, WEDNESDAY).slice(1)).toEqual(['T2 15:00 V1 D1 E1', 'T3 15:10 V1 D1 E1']);
  });
});

describe('orders, detours and excuses', () => {
  const order = (row: string) =>
    planOf(files({ 'orders.csv': lines('kind,from,to,limit_kmh,district,area', row) }));
  const bind = (plan: Plan, time: string, lon = 119.91) =>
    ordersAt(plan, 'V1', 'T1', at(time), 31.8, lon).map((one) => one.limitKmh);

  it('binds by time, by district and by area', () => {
    const everywhere = order('ice,2026-11-25 06:00,2026-11-25 09:00,,,');
    expect(bind(everywhere, '2026-11-25T05:59:59')).toEqual([]);
    expect(bind(everywhere, '2026-11-25T06:00')).toEqual([20]);
    expect(bind(everywhere, '2026-11-25T09:00')).toEqual([]);
    expect(bind(order('snow,20261125,20261125,30,武进区,'), '2026-11-25T23:59')).toEqual([30]);
    const area = '"POLYGON((119.90 31.79, 119.92 31.79, 119.92 31.81, 119.90 31.81, 119.90 31.79))"';
    const local = order(`low_visibility,20261125,20261126,,,${area}`);
    expect(bind(local, '2026-11-25T07:00')).toEqual([20]);
    expect(bind(local, '2026-11-25T07:00', 119.93)).toEqual([]);
  });

  it('lays a detour beside the line, and knows the stops that it goes around', () => {
    const plan = planOf(
      files({
        'detours.csv': lines(
          'route_id,line,from,to',
          'R1,"LINESTRING(119.905 31.8, 119.905 31.805, 119.915 31.805, 119.915 31.8)",20261125,20261125',
        ),
      }),
    );
    const run = { trip: 'T1', serviceDate: '20261125' };
    const time = at('2026-11-25T06:45');
    expect(offDetourM(plan, run, time, 31.805, 119.91)).toBeLessThan(1);
    expect(offDetourM(plan, run, at('2026-11-26T06:45'), 31.805, 119.91)).toBe(Number.POSITIVE_INFINITY);
    const trip = plan.trips.get('T1')!;
    const avoided = trip.stopTimes
      .filter((stop) => isAvoided(plan, trip, '20261125', stop, time, 50))
      .map((stop) => stop.stopId);
    expect(avoided).toEqual(['B']);
  });

  it('takes a detour that waits for dispatch only on the runs sent over it', () => {
    const plan = planOf(
      files({
        'detours.csv': lines(
          'id,route_id,line,on_dispatch',
          'U1,R1,"LINESTRING(119.9 31.81, 119.91 31.81)",1',
        ),
        'dispatch.csv': lines('service_date,trip_id,action,value', '20261125,T1,detour,U1'),
      }),
    );
    const off = (serviceDate: string) =>
      offDetourM(plan, { trip: 'T1', serviceDate }, at('2026-11-25T06:45'), 31.81, 119.905);
    expect(off('20261125')).toBeLessThan(1);
    expect(off('20261126')).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a bad cell of an amendment', () => {
  const said = (file: string, header: string, row: string) =>
    problemsOf(files({ [file]: lines(header, row) })).map(
      ({ file: where, line, column, reason }) => `${where}:${line} ${column}: ${reason}`,
    );

  it.each([
    [
      'dispatch.csv',
      'service_date,trip_id,action,value',
      '20261125,T9,cancel,',
      'dispatch.csv:2 trip_id: "T9" is not in trips.txt with stops',
    ],
    [
      'dispatch.csv',
      'service_date,trip_id,action,value',
      '20261125,T1,vehicle,V9',
      'dispatch.csv:2 value: "V9" is not in vehicles.csv',
    ],
    [
      'dispatch.csv',
      'service_date,trip_id,action,value',
      '20261125,T1,driver,E1',
      'dispatch.csv:2 value: "E1" is escort in people.csv',
    ],
    [
      'dispatch.csv',
      'service_date,trip_id,action,value',
      '20261125,T1,early,soon',
      'dispatch.csv:2 value: takes minutes earlier, at most 360, or the time it starts at (15:20)',
    ],
    [
      'dispatch.csv',
      'service_date,trip_id,action,value',
      '20261125,T1,merge,T1',
      'dispatch.csv:2 value: is the trip itself',
    ],
    [
      'dispatch.csv',
      'service_date,trip_id,action,value',
      '20261125,T1,detour,U1',
      'dispatch.csv:2 value: "U1" is not in detours.csv',
    ],
    [
      'school_calendar.csv',
      'date,kind,value',
      '20261128,workday_swap,funday',
      'school_calendar.csv:2 value: names the weekday whose timetable runs: sunday, monday, tuesday, wednesday, thursday, friday, saturday',
    ],
    [
      'orders.csv',
      'kind,from,to',
      'ice,2026-11-25 09:00,2026-11-25 08:00',
      'orders.csv:2 to: is not after from',
    ],
    [
      'excuses.csv',
      'kind,from,to,by',
      'traffic,20261125,20261125,me',
      'excuses.csv:2 kind: holds "traffic"; it takes traffic_control, road_works, disaster, weather, crash',
    ],
    [
      'detours.csv',
      'route_id,line',
      'R1,LINESTRING(119.9 31.8)',
      'detours.csv:2 line: has fewer than two points',
    ],
    [
      'rule_settings.csv',
      'scope,rule,parameter,value',
      'platform,speed,confirm_s,3',
      'rule_settings.csv:2 rule: "speed" is no rule; there are ',
    ],
    [
      'rule_settings.csv',
      'scope,rule,parameter,value',
      'platform,speeding,patience,3',
      'rule_settings.csv:2 parameter: speeding has no "patience"; it has motorway_kmh, ',
    ],
    [
      'rule_settings.csv',
      'scope,rule,parameter,value',
      'platform,speeding,other_road_kmh,900',
      'rule_settings.csv:2 value: "900" is not a number from 0 to 200',
    ],
    [
      'rule_settings.csv',
      'scope,rule,parameter,value',
      'platform,speeding,confirm_fixes,2.5',
      'rule_settings.csv:2 value: "2.5" is not a whole number from 0 to 1000',
    ],
    [
      'rule_settings.csv',
      'scope,scope_id,rule,parameter,value',
      'route,R9,speeding,confirm_s,3',
      'rule_settings.csv:2 scope_id: "R9" is not in routes.txt',
    ],
    [
      'rule_settings.csv',
      'scope,rule,mode',
      'platform,machinery,off',
      'rule_settings.csv:2 parameter: is blank; machinery is a table of numbers',
    ],
  ])('of %s is said with its line (%s / %s)', (file, header, row, reason) => {
    expect(said(file, header, row)).toEqual([expect.stringContaining(reason)]);
  });

  it('is said twice where a row is', () => {
    const twice = '20261125,T1,cancel,';
    expect(said('dispatch.csv', 'service_date,trip_id,action,value', `${twice}\n${twice}`)).toEqual([
      'dispatch.csv:3 id: the same row is in the file twice',
    ]);
  });
});

it('names the numbers of rules as the judge does', () => {
  const rows = ['id,scope,rule,parameter,value', 'a,platform,route_deviation,confirm_fixes,5'];
  const plan = planOf(files({ 'rule_settings.csv': lines(...rows) }));
  expect(plan.amendments.settings).toMatchObject([
    { id: 'a', table: 'routeDeviation', parameter: 'confirmFixes', value: 5, mode: 'live' },
  ]);
});

describe('amending a plan that is built', () => {
  it('shares the network and gives what building anew gives', () => {
    const first = buildPlan(files(), 'one');
    if (!first.ok) throw new Error('does not build');
    const changed = files({ 'dispatch.csv': lines('service_date,trip_id,action', '20261125,T1,cancel') });
    const amended = amendPlan(first.base, changed, 'two');
    const anew = buildPlan(changed, 'two');
    if (!amended.ok || !anew.ok) throw new Error('does not amend');
    expect(amended.plan.version).toBe('two');
    expect(amended.plan.trips).toBe(first.plan.trips);
    expect(runsOf(amended.plan, WEDNESDAY)).toEqual(runsOf(anew.plan, WEDNESDAY));
    expect(runsOf(first.plan, WEDNESDAY)).toEqual(USUAL);
    expect(amended.plan.amendments).toEqual(anew.plan.amendments);
  });

  it('changes nothing where a cell is bad', () => {
    const first = buildPlan(files(), 'one');
    if (!first.ok) throw new Error('does not build');
    const result = amendPlan(first.base, files({ 'orders.csv': lines('kind,from', 'ice,x') }), 'two');
    expect(result).toMatchObject({ ok: false, problems: [{ file: 'orders.csv', line: 1, column: 'to' }] });
  });
});
