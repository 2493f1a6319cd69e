import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueLevel, lastEndOfDay, levelsOf } from '../../../services/desk/escalation.ts';
import {
  type AlertStep,
  acknowledge,
  close,
  escalate,
  escalateByTime,
  foldSteps,
  handle,
  type NewStep,
  resolve,
  review,
  undo,
  undoable,
} from '../../../services/desk/handling.ts';

const T = Date.parse('2026-11-24T07:30:00+08:00');
const ANNE = { id: 'u1', login: 'anne', name: '安' };
const BEN = { id: 'u2', login: 'ben', name: '本' };
const P1 = { rule: 'sos', severity: 'P1' } as const;
const P2 = { rule: 'speeding', severity: 'P2' } as const;

/** A desk with one alert, whose steps are numbered as they come. */
function desk() {
  const steps: AlertStep[] = [];
  return {
    steps,
    get state() {
      return foldSteps(steps);
    },
    add(made: readonly NewStep[]) {
      for (const step of made) steps.push({ ...step, seq: steps.length + 1 });
      return made.length;
    },
  };
}
const at = (by: typeof ANNE, minutes: number) => ({ by, at: T + minutes * 60_000 });
const HANDLED = { reason: 'driver', deed: 'crew_called', note: null } as const;

describe('the way of an alert over the desk', () => {
  it('goes from new to closed, and each step says who and when', () => {
    const one = desk();
    one.add(acknowledge(one.state, at(ANNE, 1), 'mine'));
    expect(one.state).toMatchObject({ stage: 'acknowledged', note: 'mine', acknowledged: { by: ANNE } });
    one.add(handle(one.state, at(ANNE, 2), P1, HANDLED));
    expect(one.state).toMatchObject({ stage: 'handled', handled: { reason: 'driver', deed: 'crew_called' } });
    one.add(review(one.state, at(BEN, 3), P1, { verdict: 'true', note: null, close: false }));
    expect(one.state).toMatchObject({ stage: 'reviewed', reviewed: { verdict: 'true', by: BEN } });
    one.add(close(one.state, at(BEN, 4)));
    expect(one.state).toMatchObject({ stage: 'closed', closed: { at: T + 240_000 }, steps: 4 });
  });

  it('does nothing a second time where it is said again', () => {
    const one = desk();
    one.add(acknowledge(one.state, at(ANNE, 1), null));
    expect(acknowledge(one.state, at(BEN, 2), 'late')).toEqual([]);
    one.add(resolve(one.state, at(ANNE, 3), 'anything at all', null));
    expect(one.state).toMatchObject({ stage: 'handled', handled: { reason: 'anything at all' } });
    expect(resolve(one.state, at(BEN, 4), 'other', null)).toEqual([]);
  });

  it('of P1 is reviewed by a second person, of P2 by whoever is there', () => {
    for (const [alert, refused] of [
      [P1, true],
      [P2, false],
    ] as const) {
      const one = desk();
      one.add(handle(one.state, at(ANNE, 1), alert, HANDLED));
      expect(one.steps.map(({ act }) => act)).toEqual(['acknowledge', 'handle']);
      const own = () => review(one.state, at(ANNE, 2), alert, { verdict: 'false', note: null, close: true });
      if (refused) expect(own).toThrow(/somebody else/);
      else expect(own().map(({ act }) => act)).toEqual(['review', 'close']);
    }
  });

  it('wants a check on the spot for a child, and a note where a reason says nothing', () => {
    const child = { rule: 'child_left_behind', severity: 'P1' } as const;
    const { state } = desk();
    expect(() => handle(state, at(ANNE, 1), child, HANDLED)).toThrow(/on the spot/);
    expect(handle(state, at(ANNE, 1), child, { ...HANDLED, deed: 'on_site_check' })).toHaveLength(2);
    expect(() => handle(state, at(ANNE, 1), P1, { ...HANDLED, reason: 'false_alarm' })).toThrow(/note/);
    expect(() => handle(state, at(ANNE, 1), P2, { ...HANDLED, reason: 'other' })).toThrow(/note/);
    expect(handle(state, at(ANNE, 1), P2, { ...HANDLED, reason: 'false_alarm' })).toHaveLength(2);
  });

  it('takes back the last step of its doer within ten minutes, and never what was told outside', () => {
    const one = desk();
    one.add(acknowledge(one.state, at(ANNE, 0), null));
    expect(undoable(one.steps, BEN, T + 1)).toBeNull();
    expect(undoable(one.steps, ANNE, T + 10 * 60_000 + 1)).toBeNull();
    // What time did meanwhile does not stand in the way.
    one.add([{ ...at(ANNE, 1), by: null, act: 'escalated', detail: { level: 1 } }]);
    one.add(undo(one.steps, at(ANNE, 2)));
    expect(one.state).toMatchObject({ stage: 'new', acknowledged: null, level: 1 });
    expect(() => undo(one.steps, at(ANNE, 3))).toThrow(/last step/);
    one.add(acknowledge(one.state, at(BEN, 4), null));
    one.add([{ ...at(BEN, 5), act: 'text', detail: { text: '请回电' } }]);
    expect(() => undo(one.steps, at(BEN, 6))).toThrow();
  });

  it('stands as its steps fold, whatever is tried in whatever order', () => {
    const tries = fc.array(fc.tuple(fc.nat(6), fc.boolean(), fc.nat(3)), { maxLength: 40 });
    fc.assert(
      fc.property(tries, (list) => {
        const one = desk();
        list.forEach(([what, anne, level], minute) => {
          const doing = at(anne ? ANNE : BEN, minute);
          const done = [
            () => acknowledge(one.state, doing, null),
            () => handle(one.state, doing, P1, HANDLED),
            () => review(one.state, doing, P1, { verdict: 'true', note: null, close: false }),
            () => close(one.state, doing),
            () => undo(one.steps, doing),
            () => escalate(one.state, doing, { level, told: [], note: null }),
            () => escalateByTime(one.state, doing.at, level, []),
          ][what]!;
          try {
            one.add(done());
          } catch (error) {
            expect(error).toMatchObject({ name: 'DeskRefusal' });
          }
          const { stage, acknowledged, handled, reviewed, closed } = one.state;
          const reached = [acknowledged, handled, reviewed, closed].findLastIndex((stamp) => stamp !== null);
          expect(stage).toBe(['new', 'acknowledged', 'handled', 'reviewed', 'closed'][reached + 1]);
          if (reviewed) expect(reviewed.by.id).not.toBe(handled!.by.id);
        });
      }),
    );
  });
});

describe('escalation', () => {
  const waiting = (severity: 'P1' | 'P2' | 'P3', level = 0) =>
    ({ severity, rule: 'sos', raisedAt: T, level }) as const;
  const levelAt = (severity: 'P1' | 'P2' | 'P3', seconds: number, level = 0) =>
    dueLevel(waiting(severity, level), T + seconds * 1000)?.level ?? null;

  it('goes by the clock of RULES: P1 after 60 s, 3 min, 10 min; P2 after 5 min, 30 min, at the end of the day', () => {
    expect([59, 60, 179, 180, 599, 600].map((s) => levelAt('P1', s))).toEqual([null, 1, 1, 2, 2, 3]);
    expect([299, 300, 1799, 1800].map((s) => levelAt('P2', s))).toEqual([null, 1, 1, 2]);
    expect(levelAt('P2', 10.5 * 3600, 2)).toBe(3);
    expect(levelAt('P2', 10.5 * 3600 - 1, 2)).toBeNull();
    expect(levelAt('P3', 86_400)).toBeNull();
    expect(levelAt('P1', 200, 2)).toBeNull();
  });

  it('is quicker where a child may be left behind', () => {
    expect(levelsOf('P1', 'child_left_behind').map(({ afterMs }) => afterMs)).toEqual([60e3, 180e3, 300e3]);
    expect(levelsOf('P1', 'sos').map(({ afterMs }) => afterMs)).toEqual([60e3, 180e3, 600e3]);
  });

  it('ends the day at 18:00 in China', () => {
    const end = Date.parse('2026-11-24T18:00:00+08:00');
    expect(lastEndOfDay(end)).toBe(end);
    expect(lastEndOfDay(end - 1)).toBe(end - 86_400_000);
    expect(lastEndOfDay(end + 86_399_999)).toBe(end);
  });

  it('by hand goes up and never down, and ends once it is handled', () => {
    const one = desk();
    one.add(escalate(one.state, at(ANNE, 0), { level: 2, told: ['police_desk'], note: null }));
    expect(one.state.level).toBe(2);
    expect(() => escalate(one.state, at(ANNE, 1), { level: 1, told: [], note: null })).toThrow(/level 2/);
    expect(escalateByTime(one.state, T, 3, [])).toHaveLength(1);
    one.add(handle(one.state, at(ANNE, 1), P1, HANDLED));
    expect(() => escalate(one.state, at(ANNE, 2), { level: 3, told: [], note: null })).toThrow(/handled/);
    expect(escalateByTime(one.state, T, 3, [])).toEqual([]);
  });
});
