import { describe, expect, it } from 'vitest';
import type { BoardingEvent, BoardingSource } from '../../../geo/boardings/boarding-event.ts';
import { riderRecord } from '../../../geo/boardings/rider-record.ts';
import { runRecord } from '../../../geo/boardings/run-record.ts';

const at = (clock: string) => Date.parse(`2026-11-24T${clock}:00+08:00`);
let serial = 0;
const said = (clock: string, more: object, source: BoardingSource = 'app', by = 'escort'): BoardingEvent => {
  serial += 1;
  return {
    id: `event-${serial}`,
    at: at(clock),
    receivedAt: at(clock),
    source,
    by,
    vehicle: 'V1',
    ...more,
  } as BoardingEvent;
};
const on = (clock: string, source?: BoardingSource, more: object = {}, by?: string) =>
  said(clock, { kind: 'boarded', rider: 'K1', stop: 'A1', ...more }, source, by);
const off = (clock: string, source?: BoardingSource, more: object = {}) =>
  said(clock, { kind: 'alighted', rider: 'K1', stop: 'G1', to: null, ...more }, source);
const TO_SCHOOL = { stop: 'A1', toSchool: true };
const record = (...events: BoardingEvent[]) => riderRecord('K1', events, TO_SCHOOL);

describe('the record of one child on one run', () => {
  it('is expected until something is said, then boarded, then off', () => {
    expect(record().state).toBe('expected');
    expect(record(on('07:01'))).toMatchObject({ state: 'boarded', conflicts: [], warnings: [] });
    expect(record(off('07:30'), on('07:01'))).toMatchObject({ state: 'alighted', conflicts: [] });
  });

  it('shows the best proof, and keeps every other as evidence', () => {
    const both = record(on('07:01', 'school'), on('07:02', 'terminal'), on('07:03', 'app'));
    expect(both.boarded).toMatchObject({ source: 'terminal', at: at('07:02') });
    expect(both.evidence).toHaveLength(3);
    expect(both.conflicts).toEqual([]);
  });

  it('shows what speaks against itself and overwrites nothing', () => {
    const absent = said('06:30', { kind: 'absent', rider: 'K1' }, 'guardian', 'mother');
    expect(record(absent).state).toBe('absent');
    expect(record(absent, on('07:01'))).toMatchObject({
      state: 'boarded',
      absent: { source: 'guardian' },
      conflicts: ['absent_but_boarded'],
    });
    expect(record(off('07:30')).conflicts).toEqual(['alighted_without_boarding']);
    expect(record(on('07:01'), on('07:20', 'gate')).conflicts).toEqual(['boardings_differ']);
    expect(record(on('07:01'), on('07:01', 'terminal', { vehicle: 'V2' })).conflicts).toEqual(['two_buses']);
  });

  it('an undo takes back one tap; what another source says stands, and is shown as disputed', () => {
    const tap = on('07:01');
    const undo = said('07:02', { kind: 'taken_back', rider: 'K1', of: tap.id });
    expect(record(tap, undo).state).toBe('expected');
    expect(record(undo, tap, on('07:03')).conflicts).toEqual([]);
    const card = on('07:01', 'terminal', {}, 'terminal:1');
    expect(record(tap, undo, card)).toMatchObject({ state: 'boarded', conflicts: ['disputed'] });
  });

  it('warns of another stop than the child’s own, and of a child on no roster', () => {
    expect(record(on('07:01', 'app', { stop: 'A2' })).warnings).toEqual(['other_stop']);
    const home = riderRecord('K1', [off('16:10', 'app', { stop: 'A2' })], { stop: 'A1', toSchool: false });
    expect(home.warnings).toEqual(['other_stop']);
    expect(riderRecord('K9', [on('07:01', 'app', { rider: 'K9' })], null).warnings).toEqual([
      'not_on_roster',
    ]);
  });
});

describe('the record of a run', () => {
  const roster = new Map([
    ['K1', TO_SCHOOL],
    ['K2', TO_SCHOOL],
  ]);
  const walk = (clock: string, proof: string, empty = true) =>
    said(clock, { kind: 'walk_through', empty, proof });

  it('may close once everybody is off and the rear seat was reached', () => {
    const riding = [on('07:01'), said('07:05', { kind: 'absent', rider: 'K2' })];
    expect(runRecord(riding, roster)).toMatchObject({
      counts: { expected: 1, aboard: 1, absent: 1 },
      crew: { mayClose: false },
    });
    const there = [...riding, off('07:30')];
    expect(runRecord(there, roster).crew.mayClose).toBe(false);
    expect(runRecord([...there, walk('07:32', 'seen')], roster).crew.mayClose).toBe(false);
    expect(runRecord([...there, walk('07:32', 'code', false)], roster).crew.mayClose).toBe(false);
    expect(runRecord([...there, walk('07:32', 'code')], roster).crew.mayClose).toBe(true);
    expect(runRecord([...riding, walk('07:32', 'code')], roster).crew.mayClose).toBe(false);
    // Whoever gets on after it has to be looked for again.
    const again = said('07:33', { kind: 'boarded', rider: 'K2', stop: 'A1' });
    const gone = said('07:34', { kind: 'alighted', rider: 'K2', stop: 'G1', to: null });
    expect(runRecord([...there, walk('07:32', 'code'), again, gone], roster).crew.mayClose).toBe(false);
  });

  it('holds a count of heads against the children aboard at that time', () => {
    const count = said('07:10', { kind: 'head_count', aboard: 2, stop: 'A1' });
    const { counts } = runRecord(
      [on('07:01'), count, said('07:12', { kind: 'boarded', rider: 'K2', stop: 'A1' })],
      roster,
    );
    expect(counts.heads).toEqual({ aboard: 2, at: at('07:10'), byRiders: 1 });
  });

  it('a refused departure stands until the checks are passed after it', () => {
    const refused = said('06:50', { kind: 'departure_refused', reason: 'brakes' });
    const checked = said('06:55', { kind: 'pre_trip', passed: true, defects: [] });
    expect(runRecord([refused], roster).crew.refused?.reason).toBe('brakes');
    expect(runRecord([checked, refused], roster).crew.refused).toBeNull();
  });
});
