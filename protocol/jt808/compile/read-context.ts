/** What a reader notes beside the values: warnings, and the first field that the body is too short for. */
export class ReadContext {
  warnings: string[] | null = null;
  /** Path of the first field that must be there and is not. */
  missing: string | null = null;
  /** Where reading ended. */
  at = 0;
  /** Set to be told of every field as it is read. */
  trace: Trace | null = null;

  warn(warning: string): void {
    if (this.warnings === null) this.warnings = [warning];
    else if (this.warnings.length < MAX_WARNINGS) this.warnings.push(warning);
  }

  /** Set with `trace`: told that what was read from `at` on is to be forgotten. */
  untrace: ((at: number) => void) | null = null;

  /** How many warnings there are, to take back those of an attempt that failed. */
  mark(): number {
    return this.warnings === null ? 0 : this.warnings.length;
  }

  rollback(mark: number, at: number): void {
    this.missing = null;
    this.untrace?.(at);
    if (this.warnings !== null) this.warnings.length = mark;
    if (mark === 0) this.warnings = null;
  }

  short(path: string): void {
    if (this.missing === null) this.missing = path;
  }
}

/** More than so many warnings of one message say nothing new. */
const MAX_WARNINGS = 50;

/** Called with the path of a field, its bytes, its value and its description. */
export type Trace = (path: string, start: number, end: number, value: unknown, field: unknown) => void;
