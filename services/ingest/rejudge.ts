import type { Finding, FindingChange } from '../../geo/finding.ts';
import type { Judge, JudgeState } from '../../geo/judge.ts';
import type { Report } from '../../geo/report.ts';
import { checkpointBetween } from './checkpoints.ts';

/** What judging late reports in their place has changed. */
export interface Rejudged {
  readonly state: JudgeState;
  readonly writes: readonly { readonly finding: Finding; readonly replaces: string | null }[];
  readonly retractions: readonly Finding[];
  readonly checkpoints: readonly { readonly time: number; readonly judge: JudgeState }[];
}

/** Reports folded between two breaths, so that one long stretch does not hold up every other terminal. */
const FOLD_CHUNK = 500;

/** Reports by what makes them the same report. */
const identity = (r: Report): string => `${r.time}|${r.lat}|${r.lon}|${r.alarmFlags}|${r.statusFlags}`;

const inOrder = (a: Report, b: Report): number => a.time - b.time || a.receivedAt - b.receivedAt;

/**
 * Judges a stretch twice from the same checkpoint, once as it was known and once with the late reports in their
 * places, and takes the difference. Only the difference is applied to what is stored, so a plan that changed since
 * raises nothing new for the past, and what the late reports do not touch stays as it is.
 */
export async function rejudge(input: {
  readonly judge: Judge;
  /** From the newest checkpoint before the first late report; null to begin with the first report there is. */
  readonly from: JudgeState | null;
  /** Stored reports since then, up to the newest judged. */
  readonly stored: readonly Report[];
  readonly late: readonly Report[];
  /** Findings stored for the stretch, not retracted. */
  readonly findings: readonly Finding[];
  readonly breathe: () => Promise<void>;
}): Promise<Rejudged | null> {
  const { judge, stored, breathe } = input;
  const known = new Set(stored.map(identity));
  const late = input.late.filter((r) => !known.has(identity(r)) && known.add(identity(r))).sort(inOrder);
  const first = late[0];
  if (!first) return null;
  const split = stored.findIndex((r) => inOrder(r, first) > 0);
  const before = split < 0 ? stored : stored.slice(0, split);
  const after = split < 0 ? [] : stored.slice(split);
  const fork = await fold(judge, input.from, before, breathe);
  const was = await fold(judge, fork.state, after, breathe);
  const is = await fold(judge, fork.state, [...after, ...late].sort(inOrder), breathe);
  if (!is.state) return null;
  return { state: is.state, checkpoints: is.checkpoints, ...difference(was, is, input.findings) };
}

interface Folded {
  readonly state: JudgeState | null;
  /** The newest version of every finding that changed, and those that opened. */
  readonly findings: ReadonlyMap<string, FindingChange>;
  readonly opened: ReadonlySet<string>;
  readonly checkpoints: { time: number; judge: JudgeState }[];
}

async function fold(
  judge: Judge,
  from: JudgeState | null,
  reports: readonly Report[],
  breathe: () => Promise<void>,
): Promise<Folded> {
  let state = from;
  const findings = new Map<string, FindingChange>();
  const opened = new Set<string>();
  const checkpoints: { time: number; judge: JudgeState }[] = [];
  for (let i = 0; i < reports.length; i += 1) {
    const report = reports[i] as Report;
    const mark = state && checkpointBetween(state, report.time);
    if (state && mark) checkpoints.push({ time: mark, judge: state });
    const judged = judge.judge(state, report);
    state = judged.state;
    for (const change of judged.changes) {
      findings.set(change.finding.id, change);
      if (change.kind === 'opened') opened.add(change.finding.id);
    }
    if (i % FOLD_CHUNK === FOLD_CHUNK - 1) await breathe();
  }
  return { state, findings, opened, checkpoints };
}

/** What must be written and taken back so that the findings that were become the findings that are. */
function difference(
  was: Folded,
  is: Folded,
  stored: readonly Finding[],
): Pick<Rejudged, 'writes' | 'retractions'> {
  const storedById = new Map(stored.map((f) => [f.id, f]));
  const vanished = [...was.opened].flatMap((id) => {
    const finding = storedById.get(id) ?? was.findings.get(id)?.finding;
    return !is.findings.has(id) && finding ? [finding] : [];
  });
  const writes: { finding: Finding; replaces: string | null }[] = [];
  for (const [id, { finding }] of is.findings) {
    const then = was.findings.get(id)?.finding;
    if (then && same(then, finding)) continue;
    if (is.opened.has(id) && !was.opened.has(id)) {
      const moved = vanished.findIndex((v) => v.rule === finding.rule && overlap(v, finding));
      const [replaced] = moved < 0 ? [] : vanished.splice(moved, 1);
      writes.push({
        finding: { ...finding, late: replaced ? replaced.late : true },
        replaces: replaced?.id ?? null,
      });
    } else {
      writes.push({
        finding: { ...finding, late: storedById.get(id)?.late ?? finding.late },
        replaces: null,
      });
    }
  }
  for (const [id, { kind }] of was.findings) {
    // It was open before the stretch, had closed in it, and with the late reports goes on.
    const finding = storedById.get(id);
    if (kind === 'closed' && !was.opened.has(id) && !is.findings.has(id) && finding)
      writes.push({ finding: { ...finding, end: null }, replaces: null });
  }
  return { writes, retractions: vanished };
}

const overlap = (a: Finding, b: Finding): boolean =>
  a.start <= (b.end ?? Number.POSITIVE_INFINITY) && b.start <= (a.end ?? Number.POSITIVE_INFINITY);

const same = (a: Finding, b: Finding): boolean => JSON.stringify(a) === JSON.stringify(b);
