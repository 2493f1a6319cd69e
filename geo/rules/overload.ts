import { escortOnDuty } from '../judge/crew/crew.ts';
import { NEWS } from './news.ts';
import { OFF, type Rule, type Situation } from './rule.ts';

/** R16: more pupils aboard than the bus is approved for (校车安全管理条例 Art. 34). Only what somebody counted tells. */
export interface OverloadTable {
  /** The count lasts so long ... RULES R16. */
  readonly confirmS: number;
  /** ... or the bus drives with it, its door closed. RULES R16, RULES 1. */
  readonly movingKmh: number;
  /** A camera alone must count so many more. RULES R16. */
  readonly counterMargin: number;
  /** From this share over capacity on it is the graver offence. [L2-10/8]: 20 %. */
  readonly graveShare: number;
  /** Seats of the approved number that are the driver's. */
  readonly driverSeats: number;
}

/** Seats left for pupils: the approved number (核载人数) is of all persons on the bus, its crew included. */
export function pupilSeats(at: Situation, table: OverloadTable): number | null {
  const seats = at.plan.vehicles.get(at.report.vehicle)?.seats ?? null;
  if (seats === null) return null;
  const escort = (at.run?.escort ?? null) !== null || escortOnDuty(at.crew, at.report.time) !== null;
  return seats - table.driverSeats - (escort ? 1 : 0);
}

export const overload: Rule<OverloadTable> = {
  name: 'overload',
  version: 'R16/1',
  defaults: { confirmS: 60, movingKmh: 5, counterMargin: 2, graveShare: 0.2, driverSeats: 1 },
  wakes: () => NEWS.crew,
  observe(at, table, episode) {
    const { aboardCount } = at;
    if (aboardCount === null) return episode === null ? null : OFF;
    const capacity = pupilSeats(at, table);
    if (capacity === null) return episode === null ? null : OFF;
    const counted = at.aboardBy === 'counter';
    if (aboardCount <= capacity + (counted ? table.counterMargin : 0)) return episode === null ? null : OFF;
    return {
      sign: 'on',
      flagged: false,
      measure: aboardCount - capacity,
      severity: counted ? 'P2' : 'P1',
      note: { count: aboardCount, capacity, by: at.aboardBy, aboard: at.aboard },
      movedM: at.movedM,
    };
  },
  proven: (candidate, at, table) =>
    candidate.last - candidate.since >= table.confirmS * 1000 ||
    (at.speed !== null && at.speed.kmh > table.movingKmh),
  limits: () => ({ exitS: 0, exitFixes: 1, rejoinS: 0, blindS: 4 * 3_600, retellS: 0 }),
  evidence({ note }, table) {
    const over = Number(note.count ?? 0) - Number(note.capacity ?? 0);
    const share = over / Math.max(1, Number(note.capacity ?? 0));
    return {
      aboardCount: note.count ?? null,
      capacity: note.capacity ?? null,
      countedBy: note.by ?? null,
      overPercent: Math.round(share * 100),
      points: share >= table.graveShare ? 12 : 6,
      law: '校车安全管理条例 Art. 34, 50',
      ...(note.by === 'counter' ? { unverified: true } : {}),
    };
  },
  explain: ({ note }) => ({
    zh: `车上有学生 ${note.count} 人，除驾驶人和照管人员外核定 ${note.capacity} 人（《校车安全管理条例》第三十四条）。`,
    en: `${note.count} pupils were aboard where ${note.capacity} are approved beside driver and escort (School Bus Safety Regulation Art. 34).`,
  }),
};
