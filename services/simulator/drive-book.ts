import type { Plan, Run, Trip } from '../../geo/plan/plan.ts';
import { ceilingAlong, type Drive, driveTimetable } from './drive.ts';
import type { CeilingAt } from './leg-profile.ts';
import type { Path } from './path.ts';
import { speedCeiling } from './speed-ceiling.ts';

const books = new WeakMap<Plan, DriveBook>();

/** The book of a plan: made once, since it follows from the plan alone. */
export function driveBookOf(plan: Plan): DriveBook {
  const book = books.get(plan) ?? new DriveBook(plan);
  books.set(plan, book);
  return book;
}

/** Drives of the plan's trips, worked out once for each line and timetable, however many trips share them. */
export class DriveBook {
  private readonly plan: Plan;
  private readonly byTrip = new Map<string, Drive>();
  private readonly byPattern = new Map<string, Drive>();
  private readonly ceilings = new Map<string, CeilingAt>();

  constructor(plan: Plan) {
    this.plan = plan;
  }

  pathOf(trip: Trip): Path {
    const shape = this.plan.shapes.get(trip.shapeId);
    if (!shape) throw new Error(`trip ${trip.id} has no shape ${trip.shapeId}`);
    return shape;
  }

  ceilingOf(trip: Trip): CeilingAt {
    let ceiling = this.ceilings.get(trip.shapeId);
    if (!ceiling) {
      ceiling = ceilingAlong(speedCeiling(this.pathOf(trip), this.plan.fences));
      this.ceilings.set(trip.shapeId, ceiling);
    }
    return ceiling;
  }

  driveOf(run: Run): Drive {
    const { trip } = run;
    const known = this.byTrip.get(trip.id);
    if (known) return known;
    const stops = trip.stopTimes.map((stop) => ({
      alongM: stop.alongM,
      arrivalS: stop.arrivalS - trip.startS,
      departureS: stop.departureS - trip.startS,
    }));
    const pattern = `${trip.shapeId} ${stops.map((s) => `${s.alongM.toFixed(1)},${s.arrivalS},${s.departureS}`).join(' ')}`;
    const drive =
      this.byPattern.get(pattern) ?? driveTimetable(this.pathOf(trip), stops, this.ceilingOf(trip));
    this.byPattern.set(pattern, drive);
    this.byTrip.set(trip.id, drive);
    return drive;
  }
}
