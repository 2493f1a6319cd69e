import type { Severity } from '../finding.ts';
import { NEWS } from './news.ts';
import { OFF, type Rule, type Situation } from './rule.ts';

/** R28: parts of the terminal, and of what hangs on it, that it says are out of order. */
export interface TerminalFaultTable {
  /** Reports that must say so. RULES R28: two, or 30 s. */
  readonly confirmReports: number;
  /** Low voltage is one only after so long: starting the engine takes it down for 30 s. RULES R28. */
  readonly undervoltageS: number;
  /** A camera is covered after so long. RULES R26. */
  readonly coveredS: number;
  /** Reports without it that end it. RULES 1, terminal-flagged alarms. */
  readonly exitReports: number;
  /** A loose contact that comes again within so long is the same fault. [D] */
  readonly rejoinS: number;
  /** Alarms that the terminal clears once they are answered are the same within so long. RULES 1. */
  readonly repeatS: number;
  /** A terminal that was off so long has the fault still if it says so when it comes back. [D] */
  readonly keptDays: number;
  /** Moving is faster than this. RULES R13 to R15. */
  readonly movingKmh: number;
}

export const TERMINAL_FAULT: TerminalFaultTable = {
  confirmReports: 2,
  undervoltageS: 300,
  coveredS: 180,
  exitReports: 2,
  rejoinS: 600,
  repeatS: 60,
  keptDays: 4,
  movingKmh: 5,
};

/** One part, how the terminal says that it is out of order, and what people call it. */
interface Part {
  readonly aspect: string;
  /** Bit of the alarm word of 0x0200. */
  readonly bit?: number;
  /** Bits of the video alarm word, item 0x14. */
  readonly video?: number;
  /** Item 0x66. */
  readonly tyres?: true;
  /** Item 0x13. */
  readonly section?: true;
  /** An alarm that no other rule has, not a part that is out of order: kept here so that none is lost. */
  readonly alarm?: true;
  /** A camera that says that it is covered. */
  readonly camera?: true;
  /** Which number says how long it must last. */
  readonly lasts?: 'undervoltageS' | 'coveredS';
  /** Cleared by the terminal once answered, so that one report is all there is. */
  readonly once?: true;
  /** Graver than a record whoever is aboard. */
  readonly grave?: (at: Situation, table: TerminalFaultTable) => boolean;
  readonly zh: string;
  readonly en: string;
}

const always = (): boolean => true;

/** RULES R28: a power cut with the ignition on or on the move is no master switch turned off at night. */
function inUse(at: Situation, table: TerminalFaultTable): boolean {
  return at.report.accOn === true || (at.speed !== null && at.speed.kmh > table.movingKmh);
}

const PARTS: readonly Part[] = [
  { aspect: 'gnss_module', bit: 4, zh: '卫星定位模块故障', en: 'the GNSS module is out of order' },
  {
    aspect: 'gnss_antenna_open',
    bit: 5,
    zh: '定位天线未接或被剪断',
    en: 'the GNSS antenna is not connected or cut',
  },
  { aspect: 'gnss_antenna_short', bit: 6, zh: '定位天线短路', en: 'the GNSS antenna is shorted' },
  { aspect: 'undervoltage', bit: 7, lasts: 'undervoltageS', zh: '主电源欠压', en: 'the main supply is low' },
  { aspect: 'power_cut', bit: 8, grave: inUse, zh: '主电源断电', en: 'the main supply is cut' },
  { aspect: 'display', bit: 9, zh: '显示屏故障', en: 'the display is out of order' },
  { aspect: 'tts', bit: 10, zh: '语音播报模块故障', en: 'the voice module is out of order' },
  { aspect: 'camera', bit: 11, zh: '摄像头故障', en: 'a camera is out of order' },
  { aspect: 'ic_card', bit: 12, zh: '道路运输证 IC 卡模块故障', en: 'the card reader is out of order' },
  { aspect: 'tyre', bit: 16, tyres: true, alarm: true, zh: '胎压异常', en: 'a tyre is not as it should be' },
  { aspect: 'vss', bit: 24, zh: '车速传感器故障', en: 'the speed sensor is out of order' },
  { aspect: 'fuel', bit: 25, alarm: true, zh: '油量异常', en: 'the fuel level is not as it should be' },
  {
    aspect: 'stolen',
    bit: 26,
    alarm: true,
    grave: always,
    zh: '车辆被盗',
    en: 'the vehicle is stolen',
  },
  {
    aspect: 'ignition',
    bit: 27,
    once: true,
    alarm: true,
    grave: always,
    zh: '非法点火',
    en: 'the ignition was turned on without right',
  },
  {
    aspect: 'forbidden_driving',
    bit: 15,
    alarm: true,
    zh: '违规行驶（禁行时段）',
    en: 'driven at a forbidden time',
  },
  {
    aspect: 'section_time',
    bit: 22,
    section: true,
    once: true,
    alarm: true,
    zh: '路段行驶时间不足或过长',
    en: 'too short or too long on a section',
  },
  { aspect: 'video_lost', video: 1 << 0, zh: '视频信号丢失', en: 'a camera gives no picture' },
  {
    aspect: 'camera_covered',
    video: 1 << 1,
    camera: true,
    lasts: 'coveredS',
    zh: '摄像头被遮挡',
    en: 'a camera is covered',
  },
  { aspect: 'storage', video: 1 << 2, zh: '录像存储单元故障', en: 'a video store is out of order' },
  { aspect: 'video_other', video: 1 << 3, zh: '其他视频设备故障', en: 'the video equipment is out of order' },
];

/** `alarm` of the protocol room for a camera of the driver that is covered (T/GDRTA 002-2020). */
const CAMERA_COVERED = 'camera covered';

/** What the report says of a part: the channels or stores it names, true where it names none, null where all is well. */
function saidOf(part: Part, at: Situation): number | true | null {
  const byBit = part.bit !== undefined && ((at.report.alarmFlags >>> part.bit) & 1) === 1;
  for (const event of at.events) {
    if (event.kind === 'video' && part.video !== undefined && (event.flags & part.video) !== 0)
      return (part.camera ? event.covered : part.aspect === 'storage' ? event.stores : event.lost) || true;
    if (event.kind === 'tyres' && part.tyres) return event.flags;
    if (event.kind === 'section_time' && part.section) return event.sectionId;
    if (event.kind === 'dsm' && part.camera && event.alarm === CAMERA_COVERED && event.phase !== 'end')
      return true;
  }
  return byBit ? true : null;
}

function partFault(part: Part): Rule<TerminalFaultTable> {
  return {
    name: 'terminal_fault',
    aspect: part.aspect,
    version: 'R28/1',
    defaults: TERMINAL_FAULT,
    wakes: () => NEWS.event | (part.bit === undefined ? 0 : NEWS.alarm),
    observe(at, table, episode) {
      if (at.eventsOnly) return null;
      const said = saidOf(part, at);
      if (said === null) return episode === null ? null : OFF;
      const carrying = at.run !== null && at.carrying;
      const grave = carrying || part.grave?.(at, table) === true;
      const severity: Severity = grave ? 'P2' : 'P3';
      return {
        sign: 'on',
        flagged: false,
        measure: grave ? 2 : 1,
        severity,
        note: { which: said === true ? null : said, accOn: at.report.accOn, carrying },
        movedM: at.movedM,
      };
    },
    proven(candidate, _at, table) {
      if (part.once) return true;
      const lastedS = (candidate.last - candidate.since) / 1000;
      return candidate.fixes >= table.confirmReports && lastedS >= (part.lasts ? table[part.lasts] : 0);
    },
    limits: (_at, table) => ({
      exitS: 0,
      exitFixes: table.exitReports,
      rejoinS: part.once ? table.repeatS : table.rejoinS,
      blindS: table.keptDays * 86_400,
      retellS: 0,
      acrossRuns: true,
    }),
    evidence: ({ note }) => ({
      source: 'terminal',
      component: part.aspect,
      ...(part.bit === undefined ? {} : { alarmBit: part.bit }),
      ...(part.video === undefined ? {} : { item: '0x14' }),
      ...(note.which == null ? {} : { which: note.which }),
      accOn: note.accOn ?? null,
      carrying: note.carrying ?? null,
    }),
    explain: () => ({
      zh: `${part.alarm ? '终端上报' : '终端自检'}：${part.zh}${part.bit === undefined ? '' : `（JT/T 808 报警标志位 ${part.bit}）`}。`,
      en: `The terminal says: ${part.en}${part.bit === undefined ? '' : ` (JT/T 808 alarm bit ${part.bit})`}.`,
    }),
  };
}

/** One rule for each part, so that each has an episode of its own. */
export const PART_FAULTS: readonly Rule<TerminalFaultTable>[] = PARTS.map(partFault);
