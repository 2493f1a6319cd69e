import type { RunTrack } from '../matching/run-track.ts';
import { holdsAt, type RuleOverride, SCOPES } from '../plan/amendments/amendments.ts';
import type { Fence, Plan } from '../plan/plan.ts';
import type { JudgeSettings } from '../rules/rules-in-force.ts';
import { type FencesAt, fenceIndex } from './fence-index.ts';
import { type Gear, overriddenGear, standardGear } from './gear.ts';

/** Says what a vehicle is judged with, by what it is, the run that it is on, when, and where. */
export interface GearChoice {
  readonly standard: Gear;
  /** May two situations have different gear? */
  readonly varies: boolean;
  of(vehicle: string, run: Pick<RunTrack, 'trip'> | null, time: number): Gear;
  /** As `of`, at a place: sections have settings of their own. */
  at(
    vehicle: string,
    run: Pick<RunTrack, 'trip'> | null,
    time: number,
    lat: number | null,
    lon: number | null,
  ): Gear;
}

/** Vehicles whose gear is remembered, and gears that are kept made; beyond it they are made again. */
const MOST_REMEMBERED = 20_000;
const MOST_GEARS = 512;

/** What holds for a vehicle on a run until the next override begins or ends. */
interface Remembered {
  readonly trip: string | null;
  readonly from: number;
  readonly to: number;
  readonly chosen: readonly number[];
  readonly gear: Gear;
}

/** Without overrides there is one gear, and choosing costs nothing. */
export function chooseGear(plan: Plan, settings: JudgeSettings): GearChoice {
  const standard = standardGear(plan, settings);
  const overrides = inOrder(plan.amendments.settings);
  if (overrides.length === 0) {
    const always = () => standard;
    return { standard, varies: false, of: always, at: always };
  }
  const edges = [...new Set(overrides.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const sections = sectionsOf(plan, overrides);
  const gears = new Map<string, Gear>();
  const remembered = new Map<string, Remembered>();

  function gearOf(chosen: readonly number[]): Gear {
    if (chosen.length === 0) return standard;
    const key = chosen.join(' ');
    let gear = gears.get(key);
    if (gear === undefined) {
      gear = overriddenGear(
        plan,
        standard,
        chosen.map((i) => overrides[i]!),
      );
      if (gears.size >= MOST_GEARS) gears.clear();
      gears.set(key, gear);
    }
    return gear;
  }

  function remember(vehicle: string, trip: string | null, time: number): Remembered {
    const known = remembered.get(vehicle);
    if (known !== undefined && known.trip === trip && time >= known.from && time < known.to) return known;
    const chosen: number[] = [];
    const reaches = reachOf(plan, vehicle, trip);
    overrides.forEach((override, i) => {
      if (override.scope !== 'section' && holdsAt(override, time) && reaches(override)) chosen.push(i);
    });
    const next = edges.findIndex((edge) => edge > time);
    const made = {
      trip,
      from: (next < 0 ? edges.at(-1) : edges[next - 1]) ?? Number.NEGATIVE_INFINITY,
      to: next < 0 ? Number.POSITIVE_INFINITY : edges[next]!,
      chosen,
      gear: gearOf(chosen),
    };
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(vehicle, made);
    return made;
  }

  return {
    standard,
    varies: true,
    of: (vehicle, run, time) => remember(vehicle, run?.trip ?? null, time).gear,
    at(vehicle, run, time, lat, lon) {
      const known = remember(vehicle, run?.trip ?? null, time);
      if (sections === null || lat === null || lon === null) return known.gear;
      const here = sections(lat, lon, time);
      if (here.length === 0) return known.gear;
      const chosen = [...known.chosen];
      overrides.forEach((override, i) => {
        if (override.scope !== 'section' || !holdsAt(override, time)) return;
        if (here.some((fence) => fence.id === override.scopeId)) chosen.push(i);
      });
      return gearOf(chosen.sort((a, b) => a - b));
    },
  };
}

/** Widest scope first, within it as the file has them: of two that set one number, the last holds. */
function inOrder(overrides: readonly RuleOverride[]): RuleOverride[] {
  return [...overrides].sort((a, b) => SCOPES.indexOf(a.scope) - SCOPES.indexOf(b.scope));
}

function reachOf(plan: Plan, vehicleId: string, tripId: string | null): (override: RuleOverride) => boolean {
  const vehicle = plan.vehicles.get(vehicleId);
  const trip = tripId === null ? undefined : plan.trips.get(tripId);
  return ({ scope, scopeId }) => {
    switch (scope) {
      case 'platform':
        return true;
      case 'district':
        return vehicle?.district === scopeId;
      case 'operator':
        return vehicle?.operatorId === scopeId;
      case 'school':
        return trip?.schoolIds.includes(scopeId) ?? false;
      case 'route':
        return trip?.routeId === scopeId;
      case 'vehicle':
        return vehicleId === scopeId;
      case 'section':
        return false;
    }
  };
}

/** The fences that have settings of their own, at whatever hour; null where none has. */
function sectionsOf(plan: Plan, overrides: readonly RuleOverride[]): FencesAt | null {
  const ids = new Set(overrides.filter((one) => one.scope === 'section').map((one) => one.scopeId));
  const fences = plan.fences
    .filter((fence) => ids.has(fence.id))
    .map(({ weekdays: _every, ...fence }): Fence => ({ ...fence, windows: [] }));
  return fences.length === 0 ? null : fenceIndex(fences, () => 0);
}
