import { NEWS } from './news.ts';
import type { SpotRule } from './rule.ts';

/** R13 d: the terminal registers with a plate that is not its vehicle's. */
export interface OtherPlateTable {
  /** A terminal that registers again and again says it once in so long. [D] */
  readonly againS: number;
}

interface Told {
  readonly plate: string;
  readonly at: number;
}

export const otherPlate: SpotRule<OtherPlateTable, Told> = {
  name: 'unapproved_vehicle',
  aspect: 'plate',
  version: 'R13d/1',
  wakes: () => NEWS.event,
  defaults: { againS: 86_400 },
  spot(at, table, memory) {
    for (const event of at.events) {
      if (event.kind !== 'other_plate') continue;
      const { time } = at.report;
      const { plate } = event;
      if (memory?.plate === plate && time - memory.at < table.againS * 1000) return null;
      const bound = at.plan.vehicles.get(at.report.vehicle)?.plate ?? '';
      return {
        memory: { plate, at: time },
        spots: [
          {
            key: 'plate',
            severity: 'P2',
            start: time,
            end: time,
            lat: at.lat,
            lon: at.lon,
            source: 'terminal',
            evidence: { reason: 'other_plate', plate, bound, law: '校车安全管理条例 Art. 16' },
            explain: {
              zh: `终端注册的车牌 ${plate} 与登记绑定的车牌 ${bound} 不符，请核对终端安装。`,
              en: `The terminal registers with plate ${plate}, but is bound to the vehicle of plate ${bound}: check where it is fitted.`,
            },
          },
        ],
      };
    }
    return null;
  },
};
