import type { VehicleInputs } from '../../geo/plan/plan.ts';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';
import { ADAS_TYPES, BSD_TYPES, DSM_TYPES, TYRE_EVENTS } from '../../protocol/jsatl12/items.ts';
import { INPUTS, VEHICLE_SIGNALS } from '../../protocol/jt808/messages/location.ts';
import { CHANNEL_BITS, STORAGE_BITS, VIDEO_ALARM_BITS } from '../../protocol/jt1078/items.ts';
import { drivingAlarm } from './driving-alarm.ts';

/** A location as `decode` prints it, live or from a file: so nothing of it is taken for granted. */
export type DecodedLocation = { readonly statusFlags?: unknown; readonly extras?: unknown };

type Fields = { readonly [key: string]: unknown };
type Event = Extract<VehicleEvent, { readonly kind: unknown }>;

/** Status bits 13 to 17. */
const DOORS = 0x1f << 13;

/** Alarms of T/GDRTA 002-2020, whose longer items use numbers that T/JSATL 12 leaves open. */
const WIDE_TYPES: { readonly adas: Names; readonly dsm: Names } = {
  adas: { 18: 'solid line crossed', 19: 'pedestrian in the aisle' },
  dsm: {
    6: 'camera covered',
    8: 'overtime driving',
    10: 'no seat belt',
    11: 'infrared-blocking glasses',
    12: 'hands off',
    13: 'playing with the phone',
  },
};
type Names = { readonly [type: number]: string };

/**
 * What a report tells beside its position, or undefined. Vehicle signals and inputs are told only where the plan says
 * what is wired to them, and then only while a door is open or one of them is on: a word that never changes is no event.
 */
export function terminalEvents(
  location: DecodedLocation,
  inputs: VehicleInputs | null,
): readonly VehicleEvent[] | undefined {
  const extras = fieldsOf(location.extras);
  if (extras === null) return undefined;
  const events: Event[] = [];
  areaEvents(extras, events);
  videoEvent(extras, events);
  drivingEvents(extras, events);
  if (inputs !== null) inputEvents(extras, inputs, numberOf(location.statusFlags) ?? 0, events);
  return events.length === 0 ? undefined : events;
}

/** Items 0x11 to 0x13. */
function areaEvents(extras: Fields, events: Event[]): void {
  const overspeed = fieldsOf(extras.overspeedArea);
  if (overspeed !== null) {
    const areaType = numberOf(overspeed.type) ?? 0;
    events.push({ kind: 'overspeed_area', areaType, areaId: numberOf(overspeed.areaId) });
  }
  const area = fieldsOf(extras.areaInOut);
  if (area !== null) {
    events.push({
      kind: 'area',
      direction: area.direction === 1 || area.direction === 'out' ? 'out' : 'in',
      areaType: numberOf(area.type) ?? 0,
      areaId: numberOf(area.areaId) ?? 0,
    });
  }
  const section = fieldsOf(extras.routeTime);
  if (section !== null) {
    events.push({
      kind: 'section_time',
      sectionId: numberOf(section.sectionId) ?? 0,
      seconds: numberOf(section.timeS) ?? 0,
      tooLong: section.result === 1 || section.result === 'too long',
    });
  }
}

const VIDEO_BITS = VIDEO_ALARM_BITS.map(({ name }) => name);
const CHANNELS = CHANNEL_BITS.map(({ name }) => name);
const STORES = STORAGE_BITS.map(({ name }) => name);

/** Items 0x14 to 0x17. The channels speak for themselves where a terminal leaves the alarm word out. */
function videoEvent(extras: Fields, events: Event[]): void {
  const lost = wordOf(extras.videoSignalLost, CHANNELS);
  const covered = wordOf(extras.videoCovered, CHANNELS);
  const stores = wordOf(extras.storageFaults, STORES);
  const said = wordOf(extras.videoAlarms, VIDEO_BITS);
  const flags = (said | (lost ? 1 : 0) | (covered ? 2 : 0) | (stores ? 4 : 0)) >>> 0;
  if (flags !== 0) events.push({ kind: 'video', flags, lost, covered, stores });
}

const TYRE_BITS: readonly string[] = Object.values(TYRE_EVENTS);

/** Items 0x18, 0x64 to 0x67 and 0x70. */
function drivingEvents(extras: Fields, events: Event[]): void {
  const adas = fieldsOf(extras.adas);
  if (adas !== null) events.push(safetyEvent('adas', adas, ADAS_TYPES));
  const dsm = fieldsOf(extras.dsm);
  if (dsm !== null) events.push(safetyEvent('dsm', dsm, DSM_TYPES));
  const bsd = fieldsOf(extras.bsd);
  if (bsd !== null) events.push(safetyEvent('adas', bsd, BSD_TYPES));
  const abnormal = fieldsOf(extras.abnormalDriving);
  for (const behaviour of listOf(abnormal?.behaviours)) {
    events.push({
      kind: 'dsm',
      alarm: behaviour === 'phone' ? DSM_TYPES[2] : String(behaviour),
      level: 1,
      phase: null,
      alarmId: null,
      speedKmh: 0,
      files: 0,
    });
  }
  const tyres = listOf(fieldsOf(extras.tpms)?.tyres);
  const flags =
    tyres.reduce<number>((word, tyre) => word | wordOf(fieldsOf(tyre)?.events, TYRE_BITS), 0) & ~1;
  if (flags !== 0) events.push({ kind: 'tyres', flags });
  for (const item of listOf(extras.unknown)) {
    const event = drivingAlarm(fieldsOf(item));
    if (event !== null) events.push(event);
  }
}

function safetyEvent(kind: 'adas' | 'dsm', item: Fields, names: Names): Event {
  const type = numberOf(item.type) ?? 0;
  const identification = fieldsOf(item.identification);
  const wide = String(identification?.reservedHex ?? '').length > 2;
  const flag = numberOf(item.flag);
  return {
    kind,
    alarm: (wide ? WIDE_TYPES[kind][type] : undefined) ?? names[type] ?? `type ${type}`,
    level: numberOf(item.level) ?? 1,
    phase: flag === 1 ? 'start' : flag === 2 ? 'end' : null,
    alarmId: identification === null ? null : alarmIdOf(identification),
    speedKmh: numberOf(item.speedKmh) ?? 0,
    files: numberOf(identification?.attachments) ?? 0,
  };
}

/** `terminal/YYYYMMDDhhmmss/number`: what tells one alarm of a terminal from all others (T/JSATL 12-2017 table 4-16). */
function alarmIdOf(identification: Fields): string {
  const second = String(identification.time ?? '')
    .slice(0, 19)
    .replace(/\D/g, '');
  return `${String(identification.terminalId ?? '')}/${second}/${numberOf(identification.sequence) ?? 0}`;
}

const SIGNALS: readonly string[] = Object.values(VEHICLE_SIGNALS);
/** Both indicators: bits 2 and 3 of item 0x25. */
const HAZARD = 0b1100;
const NAMED_INPUTS: readonly string[] = Object.values(INPUTS);

/** Items 0x25 and 0x2A, of which only what is wired is kept. */
function inputEvents(extras: Fields, inputs: VehicleInputs, statusFlags: number, events: Event[]): void {
  const open = (statusFlags & DOORS) !== 0;
  if (inputs.hazard && Array.isArray(extras.vehicleSignals) && open)
    events.push({ kind: 'signals', flags: wordOf(extras.vehicleSignals, SIGNALS) & HAZARD });
  const wired = maskOf(inputs.stopSign) | maskOf(inputs.lamp);
  if (wired === 0 || !Array.isArray(extras.io)) return;
  const flags = wordOf(extras.io, NAMED_INPUTS) & wired;
  if (open || flags !== 0) events.push({ kind: 'inputs', flags });
}

const maskOf = (bit: number | null): number => (bit === null ? 0 : 1 << bit);

/** The word of which these are the names of the bits set; `bit<n>` where a bit has no name. */
function wordOf(names: unknown, table: readonly string[]): number {
  let word = 0;
  for (const name of listOf(names)) {
    const known = typeof name === 'string' && name !== '' ? table.indexOf(name) : -1;
    const bit = known >= 0 ? known : Number(/^bit(\d+)$/.exec(String(name))?.[1] ?? -1);
    if (bit >= 0 && bit < 32) word |= 1 << bit;
  }
  return word >>> 0;
}

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
