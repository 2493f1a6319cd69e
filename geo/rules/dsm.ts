import { type ActiveSafetyTable, type AlarmKind, activeSafety } from './active-safety.ts';
import type { Rule } from './rule.ts';

/** Item 0x65 of T/JSATL 12 and 0x18 of JT/T 1078. RULES R26: which are serious, and which grave. */
const KINDS: readonly AlarmKind[] = [
  { aspect: 'fatigue', alarms: ['fatigue'], serious: true, twice: true, zh: '疲劳驾驶', en: 'fatigue' },
  {
    aspect: 'phone',
    alarms: ['phone call', 'playing with the phone'],
    serious: true,
    zh: '接打或使用手机',
    en: 'using the phone',
  },
  { aspect: 'smoking', alarms: ['smoking'], serious: true, zh: '抽烟', en: 'smoking' },
  {
    aspect: 'distraction',
    alarms: ['distraction', 'hands off'],
    serious: true,
    zh: '分神驾驶',
    en: 'distraction',
  },
  {
    aspect: 'driver_absent',
    alarms: ['driver abnormal'],
    serious: true,
    grave: true,
    zh: '驾驶员异常或不在驾驶位',
    en: 'driver absent or not recognised',
  },
  { aspect: 'seat_belt', alarms: ['no seat belt'], zh: '未系安全带', en: 'no seat belt' },
  { aspect: 'other', alarms: [], zh: '其他报警', en: 'another alarm' },
];

const KNOWN: ReadonlySet<string> = new Set(KINDS.flatMap((kind) => kind.alarms));

/** One rule for each kind of alarm, so that each has an episode of its own. */
export const DSM_ALARMS: readonly Rule<ActiveSafetyTable>[] = KINDS.map((kind) =>
  activeSafety('dsm', kind, KNOWN),
);
