import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../geo/finding.ts';
import { makeJudge } from '../../../geo/judge/make-judge.ts';
import type { ContactState, JudgeState } from '../../../geo/judge.ts';
import type { Plan } from '../../../geo/plan/plan.ts';
import type { Report } from '../../../geo/report.ts';
import { brief, drive } from '../judge/drive.ts';
import { START, smallPlan } from '../judge/small-plan.ts';

const line = [
  [0, 0],
  [20_000, 0],
] as const;
const plan = smallPlan({ trips: [{ id: 't', line }] });
const all = drive([0, 0], [{ to: [20_000, 0], kmh: 29 }]);
/** The drive without what was lost between two times, seconds after the start. */
const lost = (from: number, to: number, reports = all) =>
  reports.filter((one) => one.time <= START + from * 1000 || one.time >= START + to * 1000);

/** Contact in order of arrival; silence every `tickS` seconds where it is not null. */
function listen(
  reports: readonly Report[],
  { tickS = null as number | null, until = 0, deafUntil = 0, on = plan as Plan } = {},
): { findings: Finding[]; kinds: string[] } {
  const judge = makeJudge(on);
  const findings = new Map<string, Finding>();
  const kinds: string[] = [];
  let judged: JudgeState | null = null;
  let contact: ContactState | null = null;
  const take = (changes: readonly { kind: string; finding: Finding }[]): void => {
    for (const { kind, finding } of changes) {
      findings.set(finding.id, finding);
      kinds.push(kind);
    }
  };
  let tick = START;
  const ticks = (to: number): void => {
    for (; tickS !== null && contact !== null && judged !== null && tick < to; tick += tickS * 1000) {
      const step = judge.silence(contact, judged, tick, deafUntil);
      contact = JSON.parse(JSON.stringify(step.state)) as ContactState;
      take(step.changes);
    }
  };
  for (const report of reports) {
    ticks(report.receivedAt);
    judged = judge.judge(judged, report).state;
    const step = judge.contact(contact, report, judge.bearing(judged), deafUntil);
    contact = step.state;
    take(step.changes);
  }
  if (until > 0) ticks(START + until * 1000);
  return { findings: [...findings.values()], kinds };
}

describe('terminal offline', () => {
  it.each([
    [175, []],
    [180, ['terminal_offline P3 600-780']],
    [595, ['terminal_offline P3 600-1195']],
    [600, ['terminal_offline P2 600-1200']],
    [1_800, ['terminal_offline P2 600-2400']],
  ])('grades %i s of silence during a run', (silentS, expected) => {
    const { findings } = listen(lost(600, 600 + silentS));
    expect(findings.map(brief)).toEqual(expected);
  });

  it('finds the same by ticks, however far apart, as afterwards by the next report', () => {
    for (const silentS of [200, 400, 610, 1_000, 1_795]) {
      const expected = listen(lost(600, 600 + silentS)).findings;
      expect(expected).toHaveLength(1);
      for (const tickS of [1, 7, 30, 45]) {
        const { findings, kinds } = listen(lost(600, 600 + silentS), { tickS });
        expect(findings).toEqual(expected);
        expect(kinds.filter((kind) => kind === 'opened')).toHaveLength(1);
        expect(kinds.filter((kind) => kind === 'closed')).toHaveLength(1);
      }
    }
  });

  it('ends with the first of two fresh reports; what comes from memory ends nothing', () => {
    const back = lost(600, 1_000).map((one) =>
      one.time >= START + 1_000_000 && one.time < START + 1_060_000 ? { ...one, backfill: true } : one,
    );
    expect(listen(back).findings.map(brief)).toEqual(['terminal_offline P3 600-1060']);
  });

  it('goes on when the terminal speaks only once in between', () => {
    const once = all.filter((one) => {
      const s = (one.time - START) / 1000;
      return s <= 600 || s === 900 || s >= 1_300;
    });
    for (const tickS of [null, 30]) {
      expect(listen(once, { tickS }).findings.map(brief)).toEqual(['terminal_offline P2 600-1300']);
    }
  });

  it('waits for a slow terminal', () => {
    const slow = all.filter((_, i) => i % 24 === 0);
    expect(listen(slow, { tickS: 30 }).findings).toEqual([]);
  });

  it('is not the terminal when the platform itself was deaf', () => {
    expect(listen(lost(600, 1_000), { deafUntil: START + 900_000 }).findings).toEqual([]);
  });

  it('says nothing of a parked bus, until its run is due', () => {
    const parked = drive([0, 0], [{ standS: 60 }], { startS: -3_600 }).map((one) => ({
      ...one,
      accOn: false,
    }));
    expect(listen(parked, { tickS: 30, until: -60 }).findings).toEqual([]);
    expect(listen(parked, { tickS: 30, until: 179 }).findings).toEqual([]);
    expect(listen(parked, { tickS: 30, until: 300 }).findings.map(brief)).toEqual(['terminal_offline P3 0-']);
  });

  it('is given the usual gap where the plan knows that there is no signal, and just before', () => {
    // At 600 s it is 4,833 m along its line.
    const dark = (from: number, usualGapS?: number) =>
      smallPlan({
        trips: [{ id: 't', line }],
        fences: [
          {
            kind: 'no_signal',
            ...(usualGapS === undefined ? {} : { usualGapS }),
            ring: [
              [from, -50],
              [from + 2_000, -50],
              [from + 2_000, 50],
              [from, 50],
            ],
          },
        ],
      });
    const silent = (silentS: number, on: Plan) =>
      listen(lost(600, 600 + silentS), { on, tickS: 30 }).findings;
    expect(silent(470, dark(4_500))).toEqual([]);
    expect(silent(470, dark(5_200))).toEqual([]);
    expect(silent(470, dark(5_400))).toHaveLength(1);
    expect(silent(470, dark(4_500, 240))).toHaveLength(1);
    expect(silent(800, dark(4_500)).map(brief)).toEqual(['terminal_offline P3 600-1400']);
  });

  it('misses a bus whose ignition was on, run or none', () => {
    const free = smallPlan({ trips: [{ id: 't', line, vehicle: 'other' }] });
    expect(listen(lost(600, 1_000), { on: free }).findings.map(brief)).toEqual([
      'terminal_offline P3 600-1000',
    ]);
    const off = lost(600, 1_000).map((one) => ({ ...one, accOn: one.time > START + 600_000 }));
    expect(listen(off, { on: free }).findings).toEqual([]);
  });
});
