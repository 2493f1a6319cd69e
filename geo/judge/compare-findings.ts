import type { Finding, RuleName } from '../finding.ts';
import { findingOrder } from './replay-reports.ts';

/** What other settings would have made of the same reports. */
export interface FindingDifference {
  /** Of each rule, how many there are now and how many there would be. */
  readonly counts: { readonly [rule in RuleName]?: { readonly now: number; readonly tried: number } };
  readonly onlyNow: readonly Finding[];
  readonly onlyTried: readonly Finding[];
  /** The same episode under another grade. */
  readonly regraded: readonly { readonly now: Finding; readonly tried: Finding }[];
  /** Episodes that stay as they are, but perhaps for when they begin and end. */
  readonly same: number;
}

/**
 * Lays the findings of two replays side by side. Two are one episode where they have one id or, since other thresholds
 * may move its start, where rule and vehicle are the same and their spans touch.
 */
export function compareFindings(now: readonly Finding[], then: readonly Finding[]): FindingDifference {
  const counts: { [rule in RuleName]?: { now: number; tried: number } } = {};
  const count = (rule: RuleName, side: 'now' | 'tried'): void => {
    counts[rule] ??= { now: 0, tried: 0 };
    counts[rule][side]++;
  };
  for (const { rule } of now) count(rule, 'now');
  for (const { rule } of then) count(rule, 'tried');

  const left = new Map(then.map((finding) => [finding.id, finding]));
  const pairs: { now: Finding; tried: Finding }[] = [];
  const unmatched: Finding[] = [];
  for (const finding of now) {
    const same = left.get(finding.id);
    if (same) {
      left.delete(finding.id);
      pairs.push({ now: finding, tried: same });
    } else unmatched.push(finding);
  }
  const ofVehicle = new Map<string, Finding[]>();
  for (const finding of left.values()) {
    const key = keyOf(finding);
    const known = ofVehicle.get(key);
    if (known) known.push(finding);
    else ofVehicle.set(key, [finding]);
  }
  const onlyNow: Finding[] = [];
  for (const finding of unmatched) {
    const match = ofVehicle.get(keyOf(finding))?.find((one) => left.has(one.id) && touch(one, finding));
    if (!match) onlyNow.push(finding);
    else {
      left.delete(match.id);
      pairs.push({ now: finding, tried: match });
    }
  }
  const regraded = pairs.filter((pair) => pair.now.severity !== pair.tried.severity);
  return {
    counts,
    onlyNow: onlyNow.sort(findingOrder),
    onlyTried: [...left.values()].sort(findingOrder),
    regraded: regraded.sort((a, b) => findingOrder(a.now, b.now)),
    same: pairs.length - regraded.length,
  };
}

const keyOf = ({ rule, vehicle }: Finding): string => `${rule} ${vehicle}`;

const touch = (a: Finding, b: Finding): boolean =>
  a.start <= (b.end ?? Number.POSITIVE_INFINITY) && b.start <= (a.end ?? Number.POSITIVE_INFINITY);
