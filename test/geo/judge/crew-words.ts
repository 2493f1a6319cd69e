import { eventReport, type Report } from '../../../geo/report.ts';
import type { CrewEvent, VehicleEvent } from '../../../geo/vehicle-event.ts';
import { START } from './small-plan.ts';

/** A report that is nothing but events, so many seconds after `START`. */
export function said(atS: number, ...events: VehicleEvent[]): Report {
  const time = START + atS * 1000;
  return eventReport('bus', time, time, events);
}

let count = 0;

/** What somebody says; by the escort's phone unless said otherwise. */
export const word = (kind: CrewEvent['kind'], more: object, by: CrewEvent['by'] = 'app'): VehicleEvent =>
  ({ id: `word-${count++}`, by, kind, ...more }) as VehicleEvent;

export const signOn = (
  person = 'escort',
  nearBus: boolean | null = true,
  role: 'driver' | 'escort' = 'escort',
): VehicleEvent => word('sign_on', { person, role, nearBus });
export const signOff = (person = 'escort', role: 'driver' | 'escort' = 'escort'): VehicleEvent =>
  word('sign_off', { person, role, nearBus: true });
export const heads = (aboard: number, by: CrewEvent['by'] = 'app'): VehicleEvent =>
  word('head_count', { aboard }, by);
export const boarded = (...riders: string[]): VehicleEvent[] =>
  riders.map((rider) => word('boarded', { rider, stop: null }));
export const alighted = (...riders: string[]): VehicleEvent[] =>
  riders.map((rider) => word('alighted', { rider, stop: null }));
export const walked = (proof: 'code' | 'photo' | 'tag' | 'seen' = 'code'): VehicleEvent =>
  word('walk_through', { empty: true, proof });
export const checked = (passed = true, defects: readonly string[] = []): VehicleEvent =>
  word('pre_trip', { passed, defects });

export const card = (licenceNo: string | null, validTo: string | null = null): VehicleEvent => ({
  kind: 'driver_card',
  inserted: true,
  readable: licenceNo !== null,
  licenceNo,
  name: null,
  validTo,
});
export const cardOut: VehicleEvent = {
  kind: 'driver_card',
  inserted: false,
  readable: true,
  licenceNo: null,
  name: null,
  validTo: null,
};

export const inOrder = (...lists: readonly (readonly Report[])[]): Report[] =>
  lists.flat().sort((a, b) => a.time - b.time);
