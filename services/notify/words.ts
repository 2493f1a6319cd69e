import type { RuleName } from '../../geo/finding.ts';
import type { NoticeKind } from './notice-kinds.ts';

/** What texts are made of; empty where it is not known. */
export interface NoticeFacts {
  readonly route: string;
  readonly stop: string;
  readonly school: string;
  readonly vehicle: string;
  readonly plates: string;
  /** Left at this moment. */
  readonly minutes: number;
  readonly stops: number;
  readonly delayMin: number;
  readonly level: number;
  /** Times of day, `HH:MM`. */
  readonly expected: string;
  readonly when: string;
  readonly time: string;
  readonly start: string;
  readonly date: string;
  readonly mergedInto: string;
  readonly rule: string;
  readonly severity: string;
}

/** Title and text of each kind, and the names of the rules. */
export type NoticeWords = {
  readonly [kind in NoticeKind]: (facts: NoticeFacts) => readonly [title: string, text: string];
} & { readonly rules: { readonly [rule in RuleName]: string } };
