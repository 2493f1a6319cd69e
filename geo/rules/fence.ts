import { distanceM } from '../geometry/distance.ts';
import { fenceDistanceM } from '../judge/fence-distance.ts';
import { type FencesAt, fenceIndex, isOn } from '../judge/fence-index.ts';
import { localClock } from '../judge/time-text.ts';
import { keptFor } from '../plan/kept-for.ts';
import type { Fence, Plan } from '../plan/plan.ts';
import { ALWAYS, NEVER, NEWS } from './news.ts';
import { BETWEEN, bit, blindS, cappedByAboard, OFF, type Rule, type Situation } from './rule.ts';

/** R11: in where it must not be, out of where it must stay, too fast inside. */
export interface FenceTable {
  /** In after so many fixes and so long; out after so many, so long and so far beyond the edge. RULES R11. */
  readonly enterFixes: number;
  readonly enterS: number;
  readonly exitFixes: number;
  readonly exitS: number;
  readonly exitM: number;
  /** Speed inside: above the limit by the larger of the two, for so long and so many fixes. RULES R01, as for any limit. */
  readonly overKmh: number;
  readonly overShare: number;
  readonly speedS: number;
  readonly speedFixes: number;
  readonly speedCoarseS: number;
  readonly speedCoarseFixes: number;
  /** A record up to this much over. RULES R01 [L2-8..12]. */
  readonly reminderShare: number;
  /** The terminal reports the gates of schools and depots as a matter of course: nearer than this to one it means nothing. [D] */
  readonly gateM: number;
  /** JT/T 808 alarm bit of the terminal's own area alarm. */
  readonly alarmBit: number;
}

export const FENCE: FenceTable = {
  enterFixes: 2,
  enterS: 10,
  exitFixes: 2,
  exitS: 15,
  exitM: 20,
  overKmh: 3,
  overShare: 0.05,
  speedS: 10,
  speedFixes: 3,
  speedCoarseS: 15,
  speedCoarseFixes: 2,
  reminderShare: 0.1,
  gateM: 300,
  alarmBit: 20,
};

/** The fences that say something to keep to, sorted by what. */
interface Kept {
  /** Null where there is none: then the rule costs nothing. */
  readonly never: FencesAt | null;
  readonly only: readonly Fence[];
  readonly limited: FencesAt | null;
  readonly lowestKmh: number;
  readonly gates: readonly Fence[];
  readonly byId: ReadonlyMap<string, Fence>;
  readonly clockS: (time: number) => number;
}

/** Limits that the speeding rule goes by. */
const ROAD_LIMITS: ReadonlySet<Fence['kind']> = new Set(['speed_zone', 'danger_section']);

const keptFences = keptFor<Plan, Kept>(
  ({ fences, timeZone }) => [fences, timeZone],
  ({ fences, timeZone }) => {
    const clockS = localClock(timeZone);
    const never = fences.filter(({ keep }) => keep === 'never_inside');
    const limited = fences.filter(
      ({ kind, speedLimitKmh }) => speedLimitKmh !== null && !ROAD_LIMITS.has(kind),
    );
    return {
      never: never.length === 0 ? null : fenceIndex(never, clockS),
      only: fences.filter(({ keep }) => keep === 'only_inside'),
      limited: limited.length === 0 ? null : fenceIndex(limited, clockS),
      lowestKmh: Math.min(...limited.map(({ speedLimitKmh }) => speedLimitKmh!)),
      gates: fences.filter(({ kind }) => kind === 'school' || kind === 'depot'),
      byId: new Map(fences.map((fence) => [fence.id, fence])),
      clockS,
    };
  },
);

const isFor = ({ vehicles }: Fence, vehicle: string): boolean =>
  vehicles === undefined || vehicles.includes(vehicle);

const limits: Rule<FenceTable>['limits'] = (at, table) => ({
  exitS: table.exitS,
  exitFixes: table.exitFixes,
  rejoinS: 120,
  blindS: blindS(at),
  retellS: 0,
});

export const forbiddenFence: Rule<FenceTable> = {
  name: 'fence',
  aspect: 'never_inside',
  version: 'R11/1',
  defaults: FENCE,
  wakes: (_table, { plan }) => (keptFences(plan).never === null ? NEWS.alarm | NEWS.event : ALWAYS),
  observe(at, table, episode) {
    const kept = keptFences(at.plan);
    const told = bit(at.report.alarmFlags, table.alarmBit) || at.events.some(({ kind }) => kind === 'area');
    if (kept.never === null && episode === null && !told) return null;
    const { lat, lon } = at;
    if (at.fixUse !== 'good' || lat === null || lon === null) return null;
    const inside = kept.never?.(lat, lon, at.report.time).find((fence) => isFor(fence, at.report.vehicle));
    // Coming to a school is what a bus is for.
    const flagged = told && (inside !== undefined || !isAtGate(at, table, kept));
    if (inside === undefined) {
      if (episode === null) return flagged ? { ...OFF, flagged, note: {} } : null;
      const was = kept.byId.get(String(episode.note.fence));
      const near = was !== undefined && isOn(was, at.report.time, kept.clockS);
      return near && fenceDistanceM(was, lat, lon) <= table.exitM
        ? { ...BETWEEN, flagged }
        : { ...OFF, flagged };
    }
    const grave = inside.kind === 'forbidden' && at.carrying && at.run !== null;
    return {
      sign: 'on',
      flagged,
      measure: 1,
      severity: grave ? cappedByAboard('P1', at.aboard) : 'P2',
      note: {
        fence: inside.id,
        name: inside.name,
        kind: inside.kind,
        aboard: at.aboard,
        ...(grave ? { grade: 'P1' } : {}),
      },
      movedM: at.movedM,
    };
  },
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.enterFixes && candidate.last - candidate.since >= table.enterS * 1000,
  limits,
  evidence: ({ note, proven }) => ({
    reason: 'never_inside',
    fence: note.fence ?? null,
    kind: note.kind ?? null,
    ...(proven
      ? {}
      : { mismatch: 'the terminal reports an area alarm, the platform knows of no fence here' }),
  }),
  explain({ note, proven }) {
    if (!proven) {
      return {
        zh: '终端上报进出区域报警，平台在此处没有对应的围栏，请核对终端区域设置。',
        en: 'The terminal reports an area alarm where the platform has no fence. Check the areas that the terminal holds.',
      };
    }
    return {
      zh: `驶入禁止进入的区域“${note.name}”。`,
      en: `Entered the area "${note.name}", where it must not be.`,
    };
  },
};

/** Near a school or a depot, whose gates terminals report as a matter of course. */
function isAtGate({ plan, lat, lon }: Situation, table: FenceTable, { gates }: Kept): boolean {
  for (const school of plan.schools.values()) {
    if (distanceM([school.lon, school.lat], [lon!, lat!]) <= table.gateM) return true;
  }
  return gates.some((fence) => fenceDistanceM(fence, lat!, lon!) <= table.gateM);
}

export const keptInFence: Rule<FenceTable> = {
  name: 'fence',
  aspect: 'only_inside',
  version: 'R11/1',
  defaults: FENCE,
  wakes: (_table, { plan }) => (keptFences(plan).only.length === 0 ? NEVER : ALWAYS),
  observe(at, table, episode) {
    const { only, clockS } = keptFences(at.plan);
    if (only.length === 0 && episode === null) return null;
    const { lat, lon, report } = at;
    if (at.fixUse !== 'good' || lat === null || lon === null) return null;
    const now = only.filter((fence) => isFor(fence, report.vehicle) && isOn(fence, report.time, clockS));
    // A run that is due is reason enough to be out.
    if (now.length === 0 || at.run !== null) return episode === null ? null : OFF;
    let [nearest, outM] = [now[0]!, Number.POSITIVE_INFINITY];
    for (const fence of now) {
      const awayM = fenceDistanceM(fence, lat, lon);
      if (awayM < outM) [nearest, outM] = [fence, awayM];
    }
    if (outM === 0) return episode === null ? null : OFF;
    if (outM <= table.exitM) return BETWEEN;
    return {
      sign: 'on',
      flagged: false,
      measure: outM,
      severity: 'P2',
      note: { fence: nearest.id, name: nearest.name, outM: Math.round(outM) },
      movedM: at.movedM,
    };
  },
  // Leaving is proven by the numbers of an exit. RULES R11.
  proven: (candidate, _at, table) =>
    candidate.fixes >= table.exitFixes && candidate.last - candidate.since >= table.exitS * 1000,
  limits: (at, table) => ({
    ...limits(at, table),
    exitS: table.enterS,
    exitFixes: table.enterFixes,
    // A bus that stands somewhere all night with its terminal asleep is still there.
    blindS: 4 * 3_600,
  }),
  evidence: ({ note }) => ({ reason: 'only_inside', fence: note.fence ?? null, outM: note.outM ?? null }),
  explain: ({ note }) => ({
    zh: `在规定时段离开了应停留的区域“${note.name}”，最远 ${note.outM} 米。`,
    en: `Up to ${note.outM} m outside of "${note.name}" at hours when it must be inside.`,
  }),
};

export const speedInFence: Rule<FenceTable> = {
  name: 'fence',
  aspect: 'speed',
  version: 'R11/1',
  defaults: FENCE,
  wakes: (_table, { plan }) => (keptFences(plan).limited === null ? NEVER : ALWAYS),
  observe(at, table, episode) {
    const { limited, lowestKmh } = keptFences(at.plan);
    const kmh = at.fixUse === 'good' && at.speed !== null ? at.speed.kmh : null;
    if (episode === null && (limited === null || kmh === null || kmh <= lowestKmh)) return null;
    if (kmh === null || at.lat === null || at.lon === null) return null;
    let fence: Fence | null = null;
    for (const one of limited?.(at.lat, at.lon, at.report.time) ?? []) {
      if (isFor(one, at.report.vehicle) && (fence === null || one.speedLimitKmh! < fence.speedLimitKmh!))
        fence = one;
    }
    if (fence === null || at.standing) return episode === null ? null : OFF;
    const limitKmh = fence.speedLimitKmh!;
    if (kmh <= limitKmh) return episode === null ? null : OFF;
    if (kmh <= limitKmh + Math.max(table.overKmh, limitKmh * table.overShare)) return BETWEEN;
    const share = (kmh - limitKmh) / limitKmh;
    return {
      sign: 'on',
      flagged: false,
      measure: share,
      severity: share > table.reminderShare ? 'P2' : 'P3',
      note: { fence: fence.id, name: fence.name, limitKmh, kmh: Math.round(kmh * 10) / 10 },
      movedM: at.movedM,
    };
  },
  proven(candidate, _at, table) {
    const lastedS = (candidate.last - candidate.since) / 1000;
    const coarse = lastedS / Math.max(candidate.fixes - 1, 1) > table.speedCoarseS;
    return lastedS >= table.speedS && candidate.fixes >= (coarse ? table.speedCoarseFixes : table.speedFixes);
  },
  limits: (at, table) => ({ ...limits(at, table), exitS: table.speedS }),
  evidence: ({ note }) => ({
    reason: 'speed_inside',
    fence: note.fence ?? null,
    limitKmh: note.limitKmh ?? null,
    peakKmh: note.kmh ?? null,
  }),
  explain: ({ note }) => ({
    zh: `在区域“${note.name}”内车速达 ${note.kmh} km/h，限速 ${note.limitKmh} km/h。`,
    en: `Driven at up to ${note.kmh} km/h in "${note.name}", where ${note.limitKmh} km/h is allowed.`,
  }),
};
