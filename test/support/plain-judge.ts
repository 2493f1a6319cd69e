import type { Finding, FindingChange } from '../../geo/finding.ts';
import type { ContactState, Judge, JudgeState, MakeJudge } from '../../geo/judge.ts';
import type { Report } from '../../geo/report.ts';

/**
 * A judge with two rules simple enough to know by heart, for tests of what carries reports and findings about:
 * `speeding` lasts while reports say more than 60 km/h, with the peak as evidence; `terminal_offline` is a pause of
 * more than three minutes between two reports. `folded` counts the reports of a state, so a report judged twice shows.
 */
export interface PlainState extends JudgeState {
  readonly folded: number;
  readonly open: { readonly start: number; readonly peakKmh: number } | null;
}

interface PlainContact extends ContactState {
  readonly silentSince: number | null;
}

export const SPEED_LIMIT_KMH = 60;
const SILENCE_MS = 180_000;

function finding(
  vehicle: string,
  rule: Finding['rule'],
  start: number,
  end: number | null,
  evidence: Finding['evidence'],
): Finding {
  return {
    id: `${rule}:${vehicle}:${start}`,
    rule,
    vehicle,
    trip: null,
    severity: 'P2',
    start,
    end,
    lat: null,
    lon: null,
    late: false,
    evidence,
  };
}

function judge(given: JudgeState | null, report: Report) {
  const before = given as PlainState | null;
  if (before && report.time < before.time) throw new Error('a report out of order reached the judge');
  if (report.speedKmh === 99) throw new Error('a fault of a rule');
  const changes: FindingChange[] = [];
  const { vehicle, time } = report;
  const speed = report.positioned ? (report.speedKmh ?? 0) : 0;
  let open = before?.open ?? null;
  if (speed > SPEED_LIMIT_KMH) {
    const kind = open ? 'updated' : 'opened';
    const peakKmh = Math.max(speed, open?.peakKmh ?? 0);
    if (!open || peakKmh > open.peakKmh)
      changes.push({ kind, finding: finding(vehicle, 'speeding', open?.start ?? time, null, { peakKmh }) });
    open = { start: open?.start ?? time, peakKmh };
  } else if (open) {
    const closed = finding(vehicle, 'speeding', open.start, time, { peakKmh: open.peakKmh });
    changes.push({ kind: 'closed', finding: closed });
    open = null;
  }
  const state: PlainState = { vehicle, time, folded: (before?.folded ?? 0) + 1, open };
  return { state, changes };
}

function silenceFrom(last: ContactState, now: number, deafUntil: number): FindingChange[] {
  const from = Math.max(last.lastReceivedAt, deafUntil);
  if (now - from <= SILENCE_MS) return [];
  return [{ kind: 'opened', finding: finding(last.vehicle, 'terminal_offline', from, null, {}) }];
}

export const makePlainJudge: MakeJudge = (): Judge => ({
  judge,
  bearing: () => ({ runState: null }),
  contact(given, report, _bearing, deafUntil) {
    const before = given as PlainContact | null;
    const changes =
      before && before.silentSince === null ? silenceFrom(before, report.receivedAt, deafUntil) : [];
    const since = before?.silentSince ?? changes[0]?.finding.start ?? null;
    if (since !== null) {
      const closed = finding(report.vehicle, 'terminal_offline', since, report.receivedAt, {});
      changes.push({ kind: 'closed', finding: closed });
    }
    const state: PlainContact = {
      vehicle: report.vehicle,
      lastReceivedAt: report.receivedAt,
      silentSince: null,
    };
    return { state, changes };
  },
  silence(given, _judged, now, deafUntil) {
    const before = given as PlainContact;
    const changes = before.silentSince === null ? silenceFrom(before, now, deafUntil) : [];
    const silentSince = before.silentSince ?? changes[0]?.finding.start ?? null;
    const state: PlainContact = { ...before, silentSince };
    return { state, changes };
  },
  run: () => null,
  progress: () => null,
  people: () => ({ driver: null, escorts: [] }),
  drivenBy: () => [],
});
