import { NEWS } from './news.ts';
import type { Situation, Spot, SpotRule } from './rule.ts';

/** R14: the driver changed without the card before being drawn out; an escort refuses to let the bus go (Art. 39). */
export interface DriverEventsTable {
  /** RULES R14: a change without card-out is P2. */
  readonly changes: boolean;
  /** REGULATIONS 1.4: the escort's refusal is P1 to provider and school. */
  readonly refusals: boolean;
}

const STATES_OF_A_DRIVE: ReadonlySet<string> = new Set(['EMPTY', 'CARRYING']);

export const driverEvents: SpotRule<DriverEventsTable> = {
  name: 'unapproved_driver',
  aspect: 'events',
  version: 'R14e/1',
  wakes: () => NEWS.event,
  defaults: { changes: true, refusals: true },
  spot(at, table) {
    if (at.events.length === 0) return null;
    const spots: Spot[] = [];
    const { crew, run } = at;
    const driving = run?.joined === true && STATES_OF_A_DRIVE.has(run.runState);
    if (table.changes && crew.changedAt === at.report.time && driving) spots.push(changed(at));
    for (const event of at.events) {
      if (table.refusals && event.kind === 'departure_refused')
        spots.push(refused(at, event.id, event.reason));
    }
    return spots.length === 0 ? null : { memory: null, spots };
  },
};

function changed(at: Situation): Spot {
  return {
    ...here(at),
    key: 'change',
    severity: 'P2',
    evidence: { reason: 'changed_without_card_out', driver: at.crew.driver?.id ?? null, law: RULE_LAW },
    explain: {
      zh: '行驶途中更换驾驶人，前一驾驶人未拔卡退签。',
      en: 'The driver changed on the way and the card of the one before was never drawn out.',
    },
  };
}

function refused(at: Situation, id: string, reason: string): Spot {
  return {
    ...here(at),
    key: `refused ${id}`,
    severity: 'P1',
    evidence: { reason: 'departure_refused', said: reason, law: '校车安全管理条例 Art. 39' },
    explain: {
      zh: `照管人员制止发车：${reason}（《校车安全管理条例》第三十九条）。`,
      en: `The escort refused to let the bus go: ${reason} (School Bus Safety Regulation Art. 39).`,
    },
  };
}

const RULE_LAW = '校车安全管理条例 Art. 16, 25';

const here = (at: Situation): Pick<Spot, 'start' | 'end' | 'lat' | 'lon' | 'source'> => ({
  start: at.report.time,
  end: at.report.time,
  lat: at.lat,
  lon: at.lon,
  source: 'platform',
});
