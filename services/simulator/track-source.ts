import type { Fix } from './fix.ts';
import type { FixSource } from './fix-source.ts';
import type { FleetClock } from './fleet-clock.ts';

/** A recorded track: its own fixes with their own times, at their own pace times the speed-up. */
export class TrackSource implements FixSource {
  readonly waitsForLine = false;
  readonly intervalS = 0;
  private readonly fixes: readonly Fix[];
  private readonly clock: FleetClock;
  private next = 0;

  /** `fixes` in order of time, none before the start of the clock. */
  constructor(fixes: readonly Fix[], clock: FleetClock) {
    this.fixes = fixes;
    this.clock = clock;
  }

  nextDue(): number | null {
    const fix = this.fixes[this.next];
    return fix ? this.clock.wallTime(fix.time) : null;
  }

  take(): Fix {
    return this.fixes[this.next++]!;
  }

  peek(): Fix | null {
    return this.fixes[Math.max(0, this.next - 1)] ?? null;
  }

  lineUp(): void {
    // A track waits for nobody.
  }

  setInterval(): void {
    // What was recorded has the intervals it has.
  }

  track(): void {
    // As above.
  }
}
