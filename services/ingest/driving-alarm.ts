import type { VehicleEvent } from '../../geo/vehicle-event.ts';

type Driving = Extract<VehicleEvent, { readonly kind: 'driving' }>;

/** Hex digits of the item: 47 bytes as T/JSATL 12 has its own, 71 with the wider identification of 2019. */
const LENGTHS: ReadonlySet<number> = new Set([94, 142]);
const ALARMS: { readonly [type: number]: Driving['alarm'] } = { 1: 'acceleration', 2: 'braking', 3: 'turn' };
const SPEED_AT = 12;

/**
 * Item 0x70, which no published table has and several makers send alike: number, flag, type, then times and thresholds,
 * then as item 0x64 from its speed on. Types 4 to 7 (idling, stalling, coasting, racing) are about fuel, not safety.
 */
export function drivingAlarm(item: { readonly [key: string]: unknown } | null): Driving | null {
  if (item?.id !== '0x70' || typeof item.hex !== 'string' || !LENGTHS.has(item.hex.length)) return null;
  const byte = (at: number): number => Number.parseInt((item.hex as string).slice(2 * at, 2 * at + 2), 16);
  const alarm = ALARMS[byte(5)];
  // The end of an alarm says nothing that its start did not.
  if (alarm === undefined || byte(4) > 1) return null;
  return { kind: 'driving', alarm, alarmId: null, speedKmh: byte(SPEED_AT) };
}
