/** Event time as a function of wall time: begins at `startAt` and runs `speedup` times as fast. Milliseconds. */
export class FleetClock {
  readonly startAt: number;
  readonly wallStart: number;
  readonly speedup: number;

  constructor(startAt: number, wallStart: number, speedup: number) {
    this.startAt = startAt;
    this.wallStart = wallStart;
    this.speedup = speedup;
  }

  eventTime(wall: number): number {
    return this.startAt + (wall - this.wallStart) * this.speedup;
  }

  wallTime(event: number): number {
    return this.wallStart + (event - this.startAt) / this.speedup;
  }
}
