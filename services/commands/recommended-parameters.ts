import type { Version } from '../../protocol/jt808/message.ts';

/** A terminal parameter and the value that the rules count on. */
export interface RecommendedParameter {
  readonly id: string;
  /** As the protocol's description names it. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const OTHER_ROAD_KMH = 60;
const MOTORWAY_KMH = 80;
const NOT_IN_2011: ReadonlySet<string> = new Set(['0x005B', '0x005C']);

/**
 * What a school bus's terminal is best set to, so that the cab warns before the platform does (JT/T 808-2013 table 12
 * for the meanings; 校车安全管理条例 Art. 35 for the speeds; 道路交通安全法实施条例 Art. 62(7) for the hours).
 */
export function recommendedParameters(bus: {
  readonly motorway: boolean;
  readonly version: Version;
}): readonly RecommendedParameter[] {
  const all: readonly RecommendedParameter[] = [
    { id: '0x0020', name: 'reportStrategy', value: 0, unit: '' },
    { id: '0x0027', name: 'sleepIntervalS', value: 60, unit: 's' },
    { id: '0x0029', name: 'defaultIntervalS', value: 10, unit: 's' },
    { id: '0x0055', name: 'maxSpeedKmh', value: bus.motorway ? MOTORWAY_KMH : OTHER_ROAD_KMH, unit: 'km/h' },
    { id: '0x0056', name: 'overspeedDurationS', value: 10, unit: 's' },
    { id: '0x0057', name: 'continuousDrivingS', value: 14_400, unit: 's' },
    { id: '0x0058', name: 'dailyDrivingS', value: 28_800, unit: 's' },
    { id: '0x0059', name: 'minRestS', value: 1_200, unit: 's' },
    { id: '0x005A', name: 'maxParkingS', value: 600, unit: 's' },
    { id: '0x005B', name: 'overspeedMarginKmh', value: 5, unit: 'km/h' },
    { id: '0x005C', name: 'fatigueMarginS', value: 1_800, unit: 's' },
  ];
  return bus.version === '2011' ? all.filter(({ id }) => !NOT_IN_2011.has(id)) : all;
}
