import type { Fix } from './fix.ts';

/** Where a terminal's fixes come from. Wall times are milliseconds of the fleet's clock. */
export interface FixSource {
  /** When the next fix is due; null when there will be none. */
  nextDue(): number | null;
  /** Measures now; called once when due. */
  take(now: number): Fix;
  /** The fix of this moment for a question (0x8201), without using anything up; null where there is none. */
  peek(now: number): Fix | null;
  /** A drive makes its first fix once the terminal was first let in; a recorded track goes at its own pace. */
  readonly waitsForLine: boolean;
  /** Called once when the terminal was first let in. */
  lineUp(now: number): void;
  /** Seconds between two fixes. */
  readonly intervalS: number;
  /** Default interval between two fixes (0x8103, parameter 0x0029), seconds. */
  setInterval(seconds: number): void;
  /** Another interval until a time (0x8202); 0 seconds ends it. */
  track(seconds: number, until: number): void;
}
