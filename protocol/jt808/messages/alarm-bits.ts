import type { BitName } from '../describe/field.ts';

/** Alarm flag of 0x0200: JT/T 808-2011 table 18, 808-2013 table 24; 2019 added to it. */
export const ALARM_BITS: readonly BitName[] = [
  { bit: 0, name: 'emergency' },
  { bit: 1, name: 'overspeed' },
  { bit: 2, name: 'fatigue' },
  // 2019 calls it dangerous driving behaviour, and holds it while it lasts.
  { bit: 3, name: 'dangerWarning' },
  { bit: 4, name: 'gnssFault' },
  { bit: 5, name: 'gnssAntennaOpen' },
  { bit: 6, name: 'gnssAntennaShort' },
  { bit: 7, name: 'mainPowerLow' },
  { bit: 8, name: 'mainPowerLost' },
  { bit: 9, name: 'displayFault' },
  { bit: 10, name: 'ttsFault' },
  { bit: 11, name: 'cameraFault' },
  { bit: 12, name: 'icCardFault', since: '2013' },
  { bit: 13, name: 'overspeedPreAlarm', since: '2013' },
  { bit: 14, name: 'fatiguePreAlarm', since: '2013' },
  { bit: 15, name: 'forbiddenTimeDriving', since: '2019' },
  { bit: 16, name: 'tyrePressure', since: '2019' },
  { bit: 17, name: 'rightTurnBlindSpot', since: '2019' },
  { bit: 18, name: 'dailyDrivingTimeout' },
  { bit: 19, name: 'parkingTimeout' },
  { bit: 20, name: 'areaInOut' },
  { bit: 21, name: 'routeInOut' },
  { bit: 22, name: 'sectionTime' },
  { bit: 23, name: 'routeDeviation' },
  { bit: 24, name: 'vssFault' },
  { bit: 25, name: 'fuelAbnormal' },
  { bit: 26, name: 'stolen' },
  { bit: 27, name: 'illegalIgnition' },
  { bit: 28, name: 'illegalMovement' },
  { bit: 29, name: 'collisionPreAlarm', since: '2013', until: '2013' },
  { bit: 29, name: 'collisionRollover', since: '2019' },
  { bit: 30, name: 'rolloverPreAlarm', since: '2013' },
  { bit: 31, name: 'illegalDoorOpen', since: '2013', until: '2013' },
];

/** Alarms that the terminal clears once its report is acknowledged; all others it holds while they last. */
export const CLEARED_ON_REPLY: Readonly<Record<'2011' | '2013' | '2019', number>> = {
  '2011': mask([0, 3, 20, 21, 22, 27, 28]),
  '2013': mask([0, 3, 20, 21, 22, 27, 28, 31]),
  '2019': mask([0, 20, 21, 22, 27, 28]),
};

function mask(bits: readonly number[]): number {
  return bits.reduce((sum, bit) => sum + 2 ** bit, 0);
}

/** Status of 0x0200: JT/T 808-2013 table 25; 2019 added bits 6, 7 and 22. */
export const STATUS_BITS: readonly BitName[] = [
  { bit: 0, name: 'accOn' },
  { bit: 1, name: 'positioned' },
  { bit: 2, name: 'south' },
  { bit: 3, name: 'west' },
  { bit: 4, name: 'inOperation', inverted: true },
  { bit: 5, name: 'encrypted' },
  { bit: 6, name: 'forwardCollision', since: '2019' },
  { bit: 7, name: 'laneDeparture', since: '2019' },
  { bit: 10, name: 'oilCut' },
  { bit: 11, name: 'powerCut' },
  { bit: 12, name: 'doorLocked' },
  { bit: 18, name: 'gps' },
  { bit: 19, name: 'beidou' },
  { bit: 20, name: 'glonass' },
  { bit: 21, name: 'galileo' },
  { bit: 22, name: 'moving', since: '2019' },
];

/** Status bits 8 and 9, by number. */
export const LOADS = ['empty', 'half', 'reserved', 'full'] as const;

/** Status bits 13 to 17: doors that are open. */
export const DOOR_BITS: readonly BitName[] = [
  { bit: 13, name: 'front' },
  { bit: 14, name: 'middle' },
  { bit: 15, name: 'rear' },
  { bit: 16, name: 'driver' },
  { bit: 17, name: 'other' },
];
