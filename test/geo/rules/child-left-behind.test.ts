import { describe, expect, it } from 'vitest';
import type { Report } from '../../../geo/report.ts';
import {
  alighted,
  boarded,
  heads,
  inOrder,
  said,
  signOff,
  signOn,
  walked,
  word,
} from '../judge/crew-words.ts';
import { brief, drive, judgeAll } from '../judge/drive.ts';
import { smallPlan } from '../judge/small-plan.ts';

const line = [
  [0, 0],
  [5_000, 0],
] as const;
const plan = smallPlan({ trips: [{ id: 't', line }] });

/** Arrives after 600 s and stands there; the ignition goes off `offS` after the start, if at all. */
function trip(offS: number | null, standS = 1_200): Report[] {
  const reports = drive([0, 0], [{ to: [5_000, 0], kmh: 30 }, { standS }]);
  const from = reports[0]!.time;
  return reports.map((one) =>
    offS !== null && one.time - from >= offS * 1000 ? { ...one, accOn: false } : one,
  );
}

const found = (reports: Report[], ...words: Report[]) =>
  judgeAll(plan, inOrder(reports, words)).findings.filter((one) => one.rule === 'child_left_behind');
const told = (...args: Parameters<typeof found>) =>
  found(...args).map((one) => `${brief(one)} ${one.evidence.reason}`);

const riders = ['a', 'b', 'c', 'd', 'e', 'f'];
const aboard = said(30, ...boarded(...riders));

describe('child left behind', () => {
  it('is silent where nobody ever says anything of pupils', () => {
    expect(told(trip(700))).toEqual([]);
  });

  it('is quiet where all get off and the bus is walked through', () => {
    expect(told(trip(700), aboard, said(620, ...alighted(...riders)), said(760, walked()))).toEqual([]);
    // The proof may come before the ignition is off.
    expect(told(trip(900), aboard, said(620, ...alighted(...riders)), said(660, walked()))).toEqual([]);
  });

  it('asks the escort after one missed scan, and does not call the police', () => {
    const off = said(640, ...alighted('a', 'b', 'c', 'd', 'e'));
    const [asked] = found(trip(null, 350), aboard, off);
    expect(brief(asked!)).toMatch(/^child_left_behind P3 82\d-$/);
    expect(asked!.evidence).toMatchObject({ askEscort: true, aboardCount: 1, countedBy: 'scans' });
    expect(told(trip(null, 400), aboard, off, said(700, ...alighted('f')))).toEqual([]);
    expect(told(trip(null, 400), aboard, off, said(900, ...alighted('f')))).toEqual([
      'child_left_behind P3 820-900 still_aboard',
    ]);
    // Unanswered it becomes a violation; still nobody's life is said to be at stake.
    expect(told(trip(null, 700), aboard, off)[0]).toMatch(/^child_left_behind P2 820- still_aboard$/);
  });

  it('is P1 once the ignition is off for two minutes with a child aboard', () => {
    const off = said(640, ...alighted('a', 'b', 'c', 'd', 'e'));
    expect(told(trip(660, 400), aboard, off)).toEqual(['child_left_behind P1 780- ignition_off']);
    // Only a proof from the bus ends it: neither a scan, nor the ignition, nor somebody's word.
    const words = [said(800, ...alighted('f')), said(820, walked('seen'))];
    expect(told(trip(660, 400), aboard, off, ...words)).toEqual(['child_left_behind P1 780- ignition_off']);
    const school = said(830, word('walk_through', { empty: true, proof: 'code' }, 'school'));
    expect(told(trip(660, 400), aboard, off, school)).toEqual(['child_left_behind P1 780- ignition_off']);
    expect(told(trip(660, 400), aboard, off, said(900, walked()))).toEqual([
      'child_left_behind P1 780-900 ignition_off',
    ]);
  });

  it('is P1 when the crew leaves with a child aboard', () => {
    const words = [
      said(-30, signOn()),
      aboard,
      said(640, ...alighted('a', 'b', 'c', 'd', 'e')),
      said(700, signOff()),
    ];
    expect(told(trip(null, 400), ...words)).toEqual(['child_left_behind P1 700- crew_signed_off']);
    expect(told(trip(null, 400), ...words, said(760, walked('tag')))).toEqual([
      'child_left_behind P1 700-760 crew_signed_off',
    ]);
  });

  it('is P1 after three minutes where many did not get off, or heads were counted at the end', () => {
    expect(told(trip(null, 400), aboard, said(640, ...alighted('a', 'b')))).toEqual([
      'child_left_behind P1 820- still_aboard',
    ]);
    expect(told(trip(null, 400), said(30, heads(9)), said(640, heads(1)))).toEqual([
      'child_left_behind P1 820- still_aboard',
    ]);
    // Waiting at the gate with all aboard is no more than worth a look.
    expect(told(trip(null, 400), aboard)[0]).toMatch(/ P2 /);
    expect(told(trip(null, 400), said(30, heads(9)))[0]).toMatch(/ P2 /);
  });

  it('is no more than unverified where nobody counted, and a record where all are off', () => {
    const [unknown] = found(trip(700, 400), said(-30, signOn()));
    expect(unknown).toMatchObject({ severity: 'P2', evidence: { reason: 'ignition_off', unverified: true } });
    expect(told(trip(700, 400), said(-30, signOn()), aboard, said(620, ...alighted(...riders)))).toEqual([
      'child_left_behind P3 820- ignition_off',
    ]);
  });

  it('waits exactly as long as it says, and half as long with infants', () => {
    const school = {
      id: 's',
      name: 's',
      level: 'infant' as const,
      district: null,
      lat: 31.8,
      lon: 119.95,
      geofence: null,
    };
    const trips = new Map([...plan.trips].map(([id, one]) => [id, { ...one, schoolIds: ['s'] }]));
    const infants = { ...plan, trips, schools: new Map([['s', school]]) };
    const starts = (given: typeof plan) =>
      judgeAll(given, inOrder(trip(700, 400), [said(-30, signOn())])).findings.map(brief);
    expect(starts(plan)).toEqual(['child_left_behind P2 820-']);
    expect(starts(infants)).toEqual(['child_left_behind P2 760-']);
  });

  it('does not ask of a bus that stands with its engine off on the way', () => {
    const reports = drive(
      [0, 0],
      [
        { to: [2_500, 0], kmh: 30 },
        { standS: 400, more: { accOn: false } },
        { to: [4_800, 0], kmh: 30 },
      ],
    );
    expect(told(reports, said(-30, signOn()), aboard)).toEqual([]);
  });
});
