import type { Severity } from '../finding.ts';
import { ordersAt } from '../plan/amendments/orders-at.ts';
import { keptFor } from '../plan/kept-for.ts';
import type { Fence, Plan } from '../plan/plan.ts';
import {
  BETWEEN,
  bit,
  cappedByAboard,
  fencesHere,
  OFF,
  type Rule,
  type Situation,
  whileItLasts,
} from './rule.ts';
import {
  type LegalSpeeds,
  LIMIT_ARTICLES,
  type LimitSource,
  NEEDS_PUPILS,
  type SpeedLimit,
  speedLimitAt,
  UNSIGNED,
} from './speed-limit.ts';
import { isWithoutSky } from './without-signal.ts';

/** R01 and R02: too fast for the school bus, the section or the sign. */
export interface SpeedingTable extends LegalSpeeds {
  /** Enters above the limit by the larger of the two. RULES R01 [D]. */
  readonly enterOverKmh: number;
  readonly enterOverShare: number;
  /** Confirmed after so long and so many fixes; fewer where reports come slower than `coarseS`. RULES R01. */
  readonly confirmS: number;
  readonly confirmFixes: number;
  readonly coarseS: number;
  readonly coarseFixes: number;
  /** Inside a danger section shorter than 150 m so many fixes are enough. RULES R01. */
  readonly shortSectionFixes: number;
  /** Of the way that the speed asks for, the positions must show this share: a speed nobody drove is not believed. [D] */
  readonly wayShare: number;
  /** At or below the limit for so long ends it. RULES R01. */
  readonly exitS: number;
  readonly exitFixes: number;
  /** RULES 1 [D]. */
  readonly rejoinS: number;
  /** Grades by excess: reminder to here, violation to here; grave from here, on a motorway from there. [L2-8..12] */
  readonly reminderShare: number;
  readonly graveShare: number;
  readonly graveMotorwayShare: number;
  /** JT/T 808 alarm bit of the terminal's own overspeed alarm; item 0x11 says the same. */
  readonly alarmBit: number;
  /** Bit of its warning before that: it joins what the platform finds, and is nothing by itself. */
  readonly warningBit: number;
}

const overspeedItem = (at: Situation): boolean =>
  at.events.length > 0 && at.events.some((event) => event.kind === 'overspeed_area');

export const speeding: Rule<SpeedingTable> = {
  name: 'speeding',
  version: 'R01/1',
  defaults: {
    motorwayKmh: 80,
    otherRoadKmh: 60,
    dangerSectionKmh: 20,
    cityNoCentreLineKmh: 30,
    highwayNoCentreLineKmh: 40,
    cityOneLaneKmh: 50,
    highwayOneLaneKmh: 70,
    enterOverKmh: 3,
    enterOverShare: 0.05,
    confirmS: 10,
    confirmFixes: 3,
    coarseS: 15,
    coarseFixes: 2,
    shortSectionFixes: 2,
    wayShare: 0.5,
    exitS: 10,
    exitFixes: 2,
    rejoinS: 120,
    reminderShare: 0.1,
    graveShare: 0.5,
    graveMotorwayShare: 0.2,
    alarmBit: 1,
    warningBit: 13,
  },
  observe(at, table, episode) {
    const flagged = bit(at.report.alarmFlags, table.alarmBit) || overspeedItem(at);
    const kmh = at.fixUse === 'good' && at.speed !== null ? at.speed.kmh : null;
    // No limit of this plan is lower: an ordinary fix needs no look at the fences.
    if (episode === null && !flagged && (kmh === null || kmh <= lowestLimit(at.plan, table))) return null;
    if (kmh === null) return flagged ? { ...OFF, flagged } : null;
    const fences = fencesHere(at);
    // What a terminal says of its speed in a tunnel is the last it knew, or made up.
    if (isWithoutSky(fences)) return flagged || episode !== null ? { ...BETWEEN, flagged } : null;
    const limit = speedLimitAt(fences, at.carrying, table, ordersHere(at));
    if (limit === null) return episode === null && !flagged ? null : { ...OFF, flagged };
    const overKmh = Math.max(table.enterOverKmh, limit.kmh * table.enterOverShare);
    const sign = at.standing || kmh <= limit.kmh ? 'off' : kmh > limit.kmh + overKmh ? 'on' : 'between';
    if (sign !== 'on' && episode === null && !flagged) return null;
    const share = (kmh - limit.kmh) / limit.kmh;
    const grade = gradeOf(share, limit, table);
    return {
      sign,
      flagged: flagged || (sign === 'on' && bit(at.report.alarmFlags, table.warningBit)),
      measure: share,
      severity: NEEDS_PUPILS.has(limit.from) ? cappedByAboard(grade, at.aboard) : grade,
      note: {
        limitKmh: limit.kmh,
        from: limit.from,
        fence: limit.fence,
        ...(limit.order ? { order: limit.order.id, orderText: limit.order.text } : {}),
        kmh: Math.round(kmh * 10) / 10,
        by: at.speed?.source ?? null,
        aboard: at.aboard,
        grade,
        short: limit.short,
      },
      movedM: at.movedM,
    };
  },
  proven(candidate, at, table) {
    const seconds = (candidate.last - candidate.since) / 1000;
    if (candidate.note.short === true)
      return candidate.fixes >= table.shortSectionFixes && wayShown(candidate, seconds, table);
    if (seconds < table.confirmS || !wayShown(candidate, seconds, table)) return false;
    const coarse = seconds / Math.max(candidate.fixes - 1, 1) > table.coarseS;
    return candidate.fixes >= (coarse ? table.coarseFixes : table.confirmFixes) && at.fixUse === 'good';
  },
  limits: whileItLasts,
  evidence: ({ note, proven, peak }) => ({
    limitKmh: note.limitKmh ?? null,
    limitSource: note.from ? LIMIT_ARTICLES[note.from as LimitSource] : null,
    limitFence: note.fence ?? null,
    ...(note.order === undefined ? {} : { order: note.order, orderText: note.orderText ?? '' }),
    peakKmh: note.kmh ?? null,
    excessShare: Math.round(peak * 1000) / 1000,
    speedSource: note.by ?? null,
    grade: note.grade ?? null,
    ...(proven ? {} : { mismatch: 'the terminal reports overspeed, the platform finds none (R02)' }),
  }),
  explain({ note, proven }) {
    if (!proven) {
      return {
        zh: '终端上报超速报警，平台按现行限速未判定超速，请核对限速数据。',
        en: 'The terminal reports overspeed; by the limits known here there is none. Check the limit data.',
      };
    }
    const article = LIMIT_ARTICLES[note.from as LimitSource];
    return {
      zh: `车速达 ${note.kmh} km/h，限速 ${note.limitKmh} km/h（${LIMIT_ZH[note.from as LimitSource]}）。`,
      en: `Driven at up to ${note.kmh} km/h where ${note.limitKmh} km/h is allowed (${article}).`,
    };
  },
};

const LIMIT_ZH: { readonly [from in LimitSource]: string } = {
  motorway: '《校车安全管理条例》第三十五条，载有学生时高速公路',
  other_road: '《校车安全管理条例》第三十五条，载有学生时其他道路',
  danger_section: '《校车安全管理条例》第三十五条，危险路段',
  weather_order: '《校车安全管理条例》第三十五条，恶劣天气限速令',
  unsigned: '《道路交通安全法实施条例》第四十五条，无限速标志道路',
  posted: '该路段标志限速',
};

const ordersHere = ({ plan, report, run, lat, lon }: Situation) =>
  ordersAt(plan, report.vehicle, run?.trip ?? null, report.time, lat ?? 0, lon ?? 0);

/** The lowest limit that can apply anywhere under the plan, whatever the hour and whoever is aboard. */
function lowestLimit(plan: Plan, table: SpeedingTable): number {
  const known = lowestLimits(plan);
  let lowest = known.get(table);
  if (lowest === undefined) {
    lowest = Math.min(table.motorwayKmh, table.otherRoadKmh);
    for (const fence of plan.fences) lowest = Math.min(lowest, ...limitsOf(fence, table));
    for (const { limitKmh } of plan.amendments.orders) lowest = Math.min(lowest, limitKmh);
    known.set(table, lowest);
  }
  return lowest;
}

const lowestLimits = keptFor<Plan, WeakMap<SpeedingTable, number>>(
  ({ fences, amendments }) => [fences, amendments.orders],
  () => new WeakMap(),
);

function limitsOf({ kind, speedLimitKmh, roadClass }: Fence, table: SpeedingTable): number[] {
  const limits: number[] = [];
  if (speedLimitKmh !== null) limits.push(speedLimitKmh);
  if (kind === 'danger_section') limits.push(table.dangerSectionKmh);
  if (roadClass !== undefined) limits.push(table[UNSIGNED[roadClass]]);
  return limits;
}

function gradeOf(share: number, limit: SpeedLimit, table: SpeedingTable): Severity {
  if (share >= (limit.motorway ? table.graveMotorwayShare : table.graveShare)) return 'P1';
  return share > table.reminderShare ? 'P2' : 'P3';
}

function wayShown(
  candidate: { readonly wayM: number; readonly note: { readonly limitKmh?: unknown } },
  seconds: number,
  table: SpeedingTable,
): boolean {
  return candidate.wayM >= (Number(candidate.note.limitKmh) / 3.6) * seconds * table.wayShare;
}
