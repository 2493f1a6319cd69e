import { describe, expect, it } from 'vitest';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import type { JudgeState } from '../../../geo/judge.ts';
import type { Report } from '../../../geo/report.ts';
import {
  alighted,
  boarded,
  card,
  checked,
  heads,
  inOrder,
  said,
  signOff,
  signOn,
  walked,
} from './crew-words.ts';
import { drive } from './drive.ts';
import { smallPlan } from './small-plan.ts';

const line = [
  [0, 0],
  [5_000, 0],
] as const;
const plan = smallPlan({ trips: [{ id: 't', line, stops: [0, 2_500, 5_000] }] });

/** Waits for two minutes, drives for ten, waits for another five at the end. */
const run = drive([0, 0], [{ standS: 120 }, { to: [5_000, 0], kmh: 30 }, { standS: 300 }], { startS: -120 });

/** The run as a viewer is shown it, at each change of it. */
function states(reports: readonly Report[]): string[] {
  const judge = makeJudge(plan);
  let state: JudgeState | null = null;
  const seen: string[] = [];
  for (const one of reports) {
    state = judge.judge(state, one).state;
    const progress = judge.progress(state);
    const shown = progress ? `${progress.runState} ${progress.aboardCount ?? '?'}` : 'none';
    if (seen.at(-1) !== shown) seen.push(shown);
  }
  return seen;
}

describe('a run with a crew', () => {
  it('is inferred from where the bus is while nobody says anything', () => {
    expect(states(run)).toEqual(['PLANNED ?', 'EMPTY ?', 'CARRYING ?', 'ARRIVED ?']);
  });

  it('goes through all states by what people say', () => {
    const words = [
      said(-110, signOn('driver', true, 'driver')),
      said(-100, signOn()),
      said(-90, checked()),
      said(60, heads(0)),
      said(300, ...boarded('r1', 'r2')),
      said(640, ...alighted('r1')),
      said(650, ...alighted('r2')),
      said(700, walked()),
    ];
    expect(states(inOrder(run, words))).toEqual([
      'PLANNED ?',
      'CREWED ?',
      'EMPTY ?',
      'CARRYING ?',
      'EMPTY 0',
      'CARRYING 2',
      'ARRIVED 2',
      'ARRIVED 1',
      'CHECK 0',
      'CLOSED 0',
    ]);
  });

  it('counts by scans before heads, and by heads before a camera', () => {
    const at = (...words: Report[]) => states(inOrder(run, words)).at(-1);
    expect(at(said(100, heads(9)), said(200, ...boarded('a', 'b')))).toBe('ARRIVED 2');
    expect(at(said(100, heads(9)), said(200, heads(4, 'camera')))).toBe('ARRIVED 9');
    expect(at(said(100, heads(4, 'camera')), said(200, heads(9)))).toBe('ARRIVED 9');
  });

  it('counts each child once, however often it is scanned', () => {
    const words = [
      said(100, ...boarded('a')),
      said(110, ...boarded('a', 'b')),
      said(120, ...alighted('a', 'a', 'x')),
    ];
    expect(states(inOrder(run, words)).at(-1)).toBe('ARRIVED 1');
  });

  it('takes whom it counted before the run was known along, and forgets them with the run', () => {
    const two = smallPlan({
      trips: [
        { id: 't', line },
        { id: 'u', line: [...line].reverse(), departS: 1_200 },
      ],
    });
    const judge = makeJudge(two);
    let state: JudgeState | null = null;
    const counts: (number | undefined)[] = [];
    const there = drive([0, 0], [{ to: [5_000, 0], kmh: 30 }, { standS: 500 }]);
    const back = drive([5_000, 0], [{ standS: 60 }, { to: [0, 0], kmh: 30 }], { startS: 1_140 });
    for (const one of inOrder([said(-1_500, ...boarded('a'))], there, back)) {
      state = judge.judge(state, one).state;
      counts.push(judge.progress(state)?.aboardCount);
    }
    expect(counts.at(10)).toBe(1);
    expect(judge.progress(state!)?.trip).toBe('u');
    expect(counts.at(-1)).toBeUndefined();
  });

  it('holds for the escort who took over, and for a shift', () => {
    const crewed = (...words: Report[]) => states(inOrder(run, words))[1];
    expect(crewed(said(-110, signOn('a')), said(-100, signOn('b')), said(-90, signOff('a')))).toBe(
      'CREWED ?',
    );
    expect(crewed(said(-110, signOn('a')), said(-109, signOff('a')))).toBe('CREWED ?');
    expect(states(inOrder(run, [said(-7 * 3_600, signOn())]))[0]).toBe('none');
  });

  it('wants the driver known where drivers show cards, and the check where it is made', () => {
    const first = (...words: Report[]) => states(inOrder(run, words)).slice(0, 3);
    expect(first(said(-110, signOn()), said(-100, card(null)))).toEqual([
      'PLANNED ?',
      'CREWED ?',
      'PLANNED ?',
    ]);
    expect(first(said(-110, signOn()), said(-100, checked(false, ['brakes'])))[2]).toBe('PLANNED ?');
  });

  it('stays under a kilobyte with a full bus of scans', () => {
    const judge = makeJudge(plan);
    const riders = Array.from({ length: 56 }, (_, i) => `P37${String(i).padStart(2, '0')}`);
    const words = [
      said(-110, signOn(), signOn('driver', true, 'driver'), checked(), card('licence-driver')),
      ...riders.map((rider, i) => said(i, ...boarded(rider))),
    ];
    let state: JudgeState | null = null;
    for (const one of inOrder(run.slice(0, 60), words)) state = judge.judge(state, one).state;
    const { crew } = state as unknown as { crew: object };
    expect(JSON.stringify(crew).length).toBeGreaterThan(500);
    expect(JSON.stringify(crew).length).toBeLessThan(1_600);
  });
});
