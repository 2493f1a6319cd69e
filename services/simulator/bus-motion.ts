import type { Run } from '../../geo/plan/plan.ts';
import { type Drive, momentOf } from './drive.ts';
import type { DriveBook } from './drive-book.ts';
import { bearingDeg, metresBetween, pointAlong } from './path.ts';
import { hashText, scramble } from './seeded-random.ts';

/** Where a bus truly is (before any GNSS noise), and what it does there. */
export interface BusMoment {
  readonly lon: number;
  readonly lat: number;
  readonly bearing: number;
  readonly speedMps: number;
  /** Ignition: on from a minute before a run until a minute after it, and on the way between two. */
  readonly accOn: boolean;
  /** The run that is being driven; null between runs. */
  readonly run: Run | null;
}

/** Runs of one bus near a moment: the one under way or last driven, and the next; in order of start. */
export type RunsAround = (time: number) => readonly Run[];

/** A run begins late by up to this much, never early. */
const LATEST_START_S = 6;
const ACC_MARGIN_MS = 60_000;
/** Between the last stop of a run and the first of the next, where they are apart. */
const TRANSFER_MPS = 11;
/** Two places nearer than this are the same parking place. */
const SAME_PLACE_M = 60;

/** The bus as a function of time: nothing is remembered between two calls but what saves work. */
export class BusMotion {
  private readonly book: DriveBook;
  private readonly runsAround: RunsAround;
  private readonly seed: number;
  private readonly parking: readonly [number, number];
  /** Drives that an incident put in place of the planned ones, by `runKey`. */
  readonly incidentDrives = new Map<string, Drive>();
  private near: { from: number; to: number; before: Driven | null; after: Driven | null } | null = null;

  /** `parking` is the [lon, lat] where a bus stands that has no run at all. */
  constructor(book: DriveBook, runsAround: RunsAround, seed: number, parking: readonly [number, number]) {
    this.book = book;
    this.runsAround = runsAround;
    this.seed = seed;
    this.parking = parking;
  }

  /** `time` in milliseconds since the epoch. */
  at(time: number): BusMoment {
    const { before, after } = this.runsNear(time);
    if (before && time < before.end) return drivingMoment(before, time);
    if (before && after) return this.between(before, after, time);
    const parked = before ? endOf(before) : after ? startOf(after) : null;
    const accOn =
      (before !== null && time < before.end + ACC_MARGIN_MS) ||
      (after !== null && time > after.start - ACC_MARGIN_MS);
    if (!parked)
      return { lon: this.parking[0], lat: this.parking[1], bearing: 0, speedMps: 0, accOn, run: null };
    return { ...parked, speedMps: 0, accOn, run: null };
  }

  /** The run under way at `time` and how it is driven, or null. */
  drivenAt(time: number): Driven | null {
    const { before } = this.runsNear(time);
    return before && time < before.end ? before : null;
  }

  /** Forgets what was worked out, after `incidentDrives` was changed. */
  refresh(): void {
    this.near = null;
  }

  private runsNear(time: number): { before: Driven | null; after: Driven | null } {
    if (this.near && time >= this.near.from && time < this.near.to) return this.near;
    let before: Driven | null = null;
    let after: Driven | null = null;
    for (const run of this.runsAround(time)) {
      const driven = this.driven(run);
      if (driven.start <= time) before = driven;
      else if (!after) after = driven;
    }
    // Without a next run in sight the look-out is repeated now and then.
    const to = after ? after.start : time + 600_000;
    this.near = { from: before?.start ?? time, to, before, after };
    return this.near;
  }

  private driven(run: Run): Driven {
    const drive = this.incidentDrives.get(runKey(run)) ?? this.book.driveOf(run);
    const share = scramble(this.seed ^ hashText(runKey(run))) / 0x1_0000_0000;
    const start = run.start + Math.floor(share * LATEST_START_S) * 1000;
    return { run, drive, start, end: start + drive.endS * 1000 };
  }

  /** Parked at the end of the last run; if the next begins elsewhere, on the way there in time. */
  private between(before: Driven, after: Driven, time: number): BusMoment {
    const from = endOf(before);
    const to = startOf(after);
    const a: [number, number] = [from.lon, from.lat];
    const b: [number, number] = [to.lon, to.lat];
    const apartM = metresBetween(a, b);
    const accOn = time < before.end + ACC_MARGIN_MS || time > after.start - ACC_MARGIN_MS;
    if (apartM < SAME_PLACE_M) return { ...from, speedMps: 0, accOn, run: null };
    const neededMs = (apartM / TRANSFER_MPS) * 1000;
    const leave = Math.max(before.end, after.start - neededMs - 30_000);
    const arrive = Math.min(after.start, leave + neededMs);
    if (time < leave) return { ...from, speedMps: 0, accOn, run: null };
    if (time >= arrive) return { ...to, speedMps: 0, accOn: true, run: null };
    const share = (time - leave) / (arrive - leave);
    return {
      lon: a[0] + (b[0] - a[0]) * share,
      lat: a[1] + (b[1] - a[1]) * share,
      bearing: bearingDeg(a, b),
      speedMps: apartM / ((arrive - leave) / 1000),
      accOn: true,
      run: null,
    };
  }
}

/** A run with the drive that is made of it; `start` and `end` in milliseconds since the epoch. */
export interface Driven {
  readonly run: Run;
  readonly drive: Drive;
  readonly start: number;
  readonly end: number;
}

export function runKey(run: Run): string {
  return `${run.serviceDate} ${run.trip.id}`;
}

function drivingMoment(driven: Driven, time: number): BusMoment {
  const moment = momentOf(driven.drive, (time - driven.start) / 1000);
  return {
    ...pointAlong(driven.drive.path, moment.alongM),
    speedMps: moment.speedMps,
    accOn: true,
    run: driven.run,
  };
}

function startOf(driven: Driven): { lon: number; lat: number; bearing: number } {
  return pointAlong(driven.drive.path, driven.drive.stops[0]?.alongM ?? 0);
}

function endOf(driven: Driven): { lon: number; lat: number; bearing: number } {
  return pointAlong(driven.drive.path, driven.drive.stops.at(-1)?.alongM ?? 0);
}
