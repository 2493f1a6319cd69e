import type { Plan, Vehicle } from '../../geo/plan/plan.ts';
import type { Version } from '../../protocol/jt808/message.ts';
import { hashText, scramble } from './seeded-random.ts';

/** What a terminal says of itself when it registers. */
export interface TerminalIdentity {
  /** `vehicle_id` of the plan, or what stands in the track. */
  readonly vehicle: string;
  /** 12 digits, 20 for 2019. */
  readonly phone: string;
  readonly version: Version;
  readonly plate: string;
  /** JT/T 415 number: 2 is yellow. */
  readonly plateColour: number;
  readonly manufacturer: string;
  readonly model: string;
  readonly terminalId: string;
  readonly imei: string;
}

const PLATE_COLOURS: { readonly [name: string]: number } = {
  blue: 1,
  yellow: 2,
  black: 3,
  white: 4,
  green: 5,
  other: 9,
};

/** The terminal that the plan has for a vehicle. */
export function identityOf(vehicle: Vehicle): TerminalIdentity {
  const version = versionOf(vehicle.terminalVersion) ?? versionFor(vehicle.id);
  const colour = PLATE_COLOURS[vehicle.plateColour] ?? Number(vehicle.plateColour);
  return {
    ...made(vehicle.id, version),
    phone: padPhone(vehicle.terminalPhone, version),
    plate: vehicle.plate,
    plateColour: Number.isInteger(colour) ? colour : 9,
  };
}

/** A terminal for a vehicle that no plan knows: plate, phone and edition follow from its id alone. */
export function madeUpIdentity(vehicle: string): TerminalIdentity {
  const version = versionFor(vehicle);
  return {
    ...made(vehicle, version),
    phone: padPhone(phoneFor(vehicle), version),
    plate: vehicle,
    plateColour: 2,
  };
}

/** By the plan's register of vehicles, by id or by plate; else made up. */
export function identityFor(vehicle: string, plan: Plan | null): TerminalIdentity {
  const known =
    plan?.vehicles.get(vehicle) ?? [...(plan?.vehicles.values() ?? [])].find((v) => v.plate === vehicle);
  return known && known.terminalPhone !== '' ? identityOf(known) : madeUpIdentity(vehicle);
}

/** 12 digits of which the first two are 18: a hash of the id, so that a vehicle has the same at each start. */
export function phoneFor(vehicle: string): string {
  const low = hashText(vehicle);
  const high = scramble(low ^ 0x5bd1e995);
  return `18${String((low * 4093 + high) % 10_000_000_000).padStart(10, '0')}`;
}

function made(vehicle: string, version: Version) {
  const number = String(hashText(vehicle) % 10_000_000).padStart(7, '0');
  return {
    vehicle,
    version,
    manufacturer: 'BGSIM',
    model: version === '2011' ? 'SIM-11' : `BG-SIM-${version}`,
    terminalId: number,
    imei: `86${number.padStart(13, '0')}`,
  };
}

function versionFor(vehicle: string): Version {
  return (['2013', '2019', '2011', '2013', '2019'] as const)[hashText(vehicle) % 5]!;
}

function versionOf(text: string): Version | null {
  return text === '2011' || text === '2013' || text === '2019' ? text : null;
}

function padPhone(phone: string, version: Version): string {
  return phone.replace(/\D/g, '').padStart(version === '2019' ? 20 : 12, '0');
}
