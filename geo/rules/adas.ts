import { type ActiveSafetyTable, type AlarmKind, activeSafety } from './active-safety.ts';
import type { Rule } from './rule.ts';

/** Item 0x64 and 0x67 of T/JSATL 12, and the bits of JT/T 808-2019 for the same. RULES R26: which are serious. */
const KINDS: readonly AlarmKind[] = [
  {
    aspect: 'forward_collision',
    alarms: ['forward collision'],
    serious: true,
    statusBit: 6,
    zh: '前向碰撞预警',
    en: 'forward collision',
  },
  {
    aspect: 'pedestrian_collision',
    alarms: ['pedestrian collision'],
    serious: true,
    zh: '行人碰撞预警',
    en: 'pedestrian collision',
  },
  {
    aspect: 'lane',
    alarms: ['lane departure', 'frequent lane change', 'solid line crossed'],
    statusBit: 7,
    zh: '车道偏离或频繁变道',
    en: 'leaving or changing lanes',
  },
  { aspect: 'distance', alarms: ['following too close'], zh: '车距过近', en: 'following too close' },
  {
    aspect: 'sign_limit',
    alarms: ['road sign limit exceeded'],
    zh: '道路标识超限',
    en: 'limit of a road sign exceeded',
  },
  {
    aspect: 'blind_spot',
    alarms: ['rear approach', 'left rear approach', 'right rear approach'],
    alarmBit: 17,
    zh: '盲区有车辆或行人接近',
    en: 'somebody in the blind spot',
  },
  { aspect: 'other', alarms: [], zh: '其他报警', en: 'another alarm' },
];

const KNOWN: ReadonlySet<string> = new Set(KINDS.flatMap((kind) => kind.alarms));

/** One rule for each kind of alarm, so that each has an episode of its own. */
export const ADAS_ALARMS: readonly Rule<ActiveSafetyTable>[] = KINDS.map((kind) =>
  activeSafety('adas', kind, KNOWN),
);
