import type { BusMotion } from './bus-motion.ts';
import { type Fix, measure } from './fix.ts';
import type { FixSource } from './fix-source.ts';
import type { FleetClock } from './fleet-clock.ts';
import { metresBetween } from './path.ts';
import { scramble } from './seeded-random.ts';

export interface DriveSourceOptions {
  readonly motion: BusMotion;
  readonly clock: FleetClock;
  readonly intervalS: number;
  readonly seed: number;
  /** The bus drives what another one drove this long ago; 0 for its own runs. */
  readonly behindMs: number;
  /** Event times at which the emergency button is pressed. */
  readonly emergencies: readonly { readonly from: number; readonly to: number }[];
}

/** Alarm bit 0: the emergency button. */
const EMERGENCY = 1;

/** A terminal on a bus that drives its planned runs: a fix every so many seconds of event time. */
export class DriveSource implements FixSource {
  readonly waitsForLine = true;
  intervalS: number;
  private readonly options: DriveSourceOptions;
  /** Event time of the next fix, whole seconds; null until the line was up once. */
  private next: number | null = null;
  private tracking: { seconds: number; until: number } | null = null;
  private odometerKm: number;
  private last: Fix | null = null;

  constructor(options: DriveSourceOptions) {
    this.options = options;
    this.intervalS = options.intervalS;
    // A bus has driven some way already, and a little more each day.
    const days = Math.floor(options.clock.startAt / 86_400_000) - 20_000;
    this.odometerKm = (scramble(options.seed) % 40_000) + days * 150;
  }

  nextDue(): number | null {
    return this.next === null ? null : this.options.clock.wallTime(this.next);
  }

  lineUp(now: number): void {
    // Terminals of a fleet do not all report in the same second.
    const event = this.options.clock.eventTime(now);
    const interval = this.interval(now) * 1000;
    const phase =
      Math.floor(((scramble(this.options.seed ^ 0x70a5e) / 0x1_0000_0000) * interval) / 1000) * 1000;
    this.next = Math.ceil(event / 1000) * 1000 + phase;
  }

  take(now: number): Fix {
    const fix = this.fixAt(this.next ?? this.options.clock.eventTime(now));
    this.odometerKm = fix.mileageKm ?? this.odometerKm;
    this.last = fix;
    this.next = fix.time + Math.max(1, Math.round(this.interval(now))) * 1000;
    return fix;
  }

  peek(now: number): Fix {
    return this.fixAt(Math.floor(this.options.clock.eventTime(now) / 1000) * 1000);
  }

  setInterval(seconds: number): void {
    this.intervalS = Math.max(1, seconds);
  }

  track(seconds: number, until: number): void {
    this.tracking = seconds > 0 ? { seconds, until } : null;
  }

  private interval(now: number): number {
    return this.tracking && now < this.tracking.until ? this.tracking.seconds : this.intervalS;
  }

  private fixAt(time: number): Fix {
    const { motion, behindMs, seed, emergencies } = this.options;
    const moment = motion.at(time - behindMs);
    const from: [number, number] = this.last ? [this.last.lon, this.last.lat] : [moment.lon, moment.lat];
    const drivenKm = moment.speedMps > 0 ? metresBetween(from, [moment.lon, moment.lat]) / 1000 : 0;
    const fix = measure(moment, time, seed, this.odometerKm + drivenKm);
    const pressed = emergencies.some(({ from: begin, to }) => begin <= time && time < to);
    return pressed ? { ...fix, alarmFlags: EMERGENCY } : fix;
  }
}
