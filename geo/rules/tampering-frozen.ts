import { distanceM } from '../geometry/distance.ts';
import { BETWEEN, fencesHere, OFF, ofTheVehicle, type Rule, type Situation } from './rule.ts';
import { isWithoutSky } from './without-signal.ts';

/** R29: a position that stays while the vehicle moves: by its speed, or by its odometer. */
export interface FrozenPositionTable {
  /** The very same coordinates at more than this. RULES R29. */
  readonly movingKmh: number;
  /** For so long and over so many fixes. [D] */
  readonly confirmS: number;
  readonly confirmFixes: number;
  /** The odometer is compared with the way each time it has grown by so much, where it moved less than so far. [D] */
  readonly stepKm: number;
  readonly stayedM: number;
  /** It grew by so much while the position stayed. [D] */
  readonly confirmKm: number;
  readonly rejoinS: number;
  readonly blindS: number;
}

/** Odometer and place at the last comparison, and how far the odometer has come while the place stayed. */
interface Way {
  readonly km: number;
  readonly lat: number;
  readonly lon: number;
  readonly stayedKm: number;
}

/** An odometer that jumps further than this in one step was set, or reports are missing. [D] */
const LARGEST_STEP_KM = 5;

function compared(at: Situation, table: FrozenPositionTable, way: Way | null): Way | null {
  const km = at.report.mileageKm;
  const { lat, lon } = at;
  if (km === null || at.fixUse !== 'good' || lat === null || lon === null) return way;
  if (way === null) return { km, lat, lon, stayedKm: 0 };
  const grewKm = km - way.km;
  if (grewKm >= 0 && grewKm < table.stepKm) return way;
  if (grewKm < 0 || grewKm > LARGEST_STEP_KM) return { km, lat, lon, stayedKm: 0 };
  const stayed = distanceM([way.lon, way.lat], [lon, lat]) < table.stayedM && !isWithoutSky(fencesHere(at));
  return { km, lat, lon, stayedKm: stayed ? way.stayedKm + grewKm : 0 };
}

export const frozenPosition: Rule<FrozenPositionTable, Way> = {
  name: 'terminal_fault',
  aspect: 'frozen_position',
  version: 'R29f/1',
  defaults: {
    movingKmh: 20,
    confirmS: 60,
    confirmFixes: 5,
    stepKm: 0.3,
    stayedM: 50,
    confirmKm: 1,
    rejoinS: 600,
    blindS: 600,
  },
  remember: compared,
  observe(at, table, episode, way) {
    if (at.fixUse !== 'good') return null;
    const stayedKm = way?.stayedKm ?? 0;
    // The stationary clamp holds a place that does move: that is no frozen one.
    const same = !at.standing && at.movedM === 0 && at.passedS > 0;
    const kmh = same && at.speed !== null ? at.speed.kmh : 0;
    const frozen = kmh > table.movingKmh;
    if (!frozen && stayedKm < table.confirmKm) {
      if (episode === null) return null;
      return at.movedM > 0 && stayedKm === 0 ? OFF : BETWEEN;
    }
    if (isWithoutSky(fencesHere(at))) return episode === null ? null : BETWEEN;
    return {
      sign: 'on',
      flagged: false,
      measure: frozen ? kmh : stayedKm,
      severity: 'P2',
      note: { kmh: frozen ? Math.round(kmh) : null, stayedKm: Math.round(stayedKm * 10) / 10 },
      movedM: 0,
    };
  },
  proven: (candidate, _at, table) =>
    Number(candidate.note.stayedKm) >= table.confirmKm ||
    (candidate.fixes >= table.confirmFixes && candidate.last - candidate.since >= table.confirmS * 1000),
  limits: (at, table) => ({ ...ofTheVehicle(at, table), exitS: 10 }),
  evidence: ({ note }) => ({
    component: 'frozen_position',
    speedKmh: note.kmh ?? null,
    odometerKm: note.stayedKm ?? null,
  }),
  explain: ({ note }) =>
    note.kmh === null
      ? {
          zh: `里程增加 ${note.stayedKm} 公里而位置不变，定位被冻结或被屏蔽，须人工核实。`,
          en: `The odometer grew by ${note.stayedKm} km while the position stayed: frozen or shielded, to be reviewed.`,
        }
      : {
          zh: `车速 ${note.kmh} km/h 而坐标完全不变，定位被冻结或被屏蔽，须人工核实。`,
          en: `The very same coordinates at ${note.kmh} km/h: the position is frozen or shielded, to be reviewed.`,
        },
};
