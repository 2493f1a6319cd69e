import { expect, it } from 'vitest';
import type { Finding } from '../../../geo/finding.ts';
import { compareFindings } from '../../../geo/judge/compare-findings.ts';

const finding = (id: string, start: number, end: number | null, more: Partial<Finding> = {}): Finding => ({
  id,
  rule: 'speeding',
  vehicle: 'V1',
  trip: null,
  severity: 'P2',
  start,
  end,
  lat: null,
  lon: null,
  late: false,
  evidence: {},
  ...more,
});

it('tells what is only on one side, what is graded otherwise, and what stays', () => {
  const gone = finding('gone', 10, 20);
  const stays = finding('stays', 100, 120);
  const graver = finding('graver', 200, 220);
  const fresh = finding('new', 300, null, { rule: 'sos' });
  const difference = compareFindings([gone, stays, graver], [stays, { ...graver, severity: 'P1' }, fresh]);
  expect(difference).toEqual({
    counts: { speeding: { now: 3, tried: 2 }, sos: { now: 0, tried: 1 } },
    onlyNow: [gone],
    onlyTried: [fresh],
    regraded: [{ now: graver, tried: { ...graver, severity: 'P1' } }],
    same: 1,
  });
});

it('takes an episode that begins at another moment for the same one', () => {
  const now = finding('a', 100, 200);
  const earlier = finding('b', 80, 210);
  expect(compareFindings([now], [earlier])).toMatchObject({ onlyNow: [], onlyTried: [], same: 1 });
  expect(compareFindings([now], [finding('b', 201, 210)])).toMatchObject({ onlyNow: [now], same: 0 });
  const other = finding('b', 80, 210, { vehicle: 'V2' });
  expect(compareFindings([now], [other])).toMatchObject({ onlyNow: [now], onlyTried: [other] });
});

it('of one that falls into two keeps the other apart', () => {
  const now = finding('a', 100, 200);
  const halves = [finding('b', 100, 140), finding('c', 160, 200)];
  expect(compareFindings([now], halves)).toMatchObject({ same: 1, onlyTried: [halves[1]] });
});
