import type { PlanProblem } from './plan.ts';

/** How many problems of one file are listed one by one; whoever has more has one cause. */
const LISTED_PER_FILE = 1000;

/** Collects what is wrong with plan files, bounded per file; nothing is said twice. */
export interface ProblemList {
  add(file: string, line: number, column: string, reason: string): void;
  readonly count: number;
  /** By file in the order they were first complained of; a last entry of a file counts what is not listed. */
  listed(): PlanProblem[];
}

export function newProblemList(listedPerFile = LISTED_PER_FILE): ProblemList {
  const byFile = new Map<string, { problems: PlanProblem[]; more: number }>();
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(file, line, column, reason) {
      count++;
      let ofFile = byFile.get(file);
      if (!ofFile) {
        ofFile = { problems: [], more: 0 };
        byFile.set(file, ofFile);
      }
      if (ofFile.problems.length < listedPerFile) ofFile.problems.push({ file, line, column, reason });
      else ofFile.more++;
    },
    listed() {
      return [...byFile].flatMap(([file, { problems, more }]) =>
        more === 0
          ? problems
          : [...problems, { file, line: 0, column: '', reason: `and ${more} more like these` }],
      );
    },
  };
}

const SHOWN_CHARACTERS = 40;

/** A cell's text as a problem shows it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}
