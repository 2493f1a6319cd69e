import type { Report } from '../../geo/report.ts';
import type { VehicleEvent } from '../../geo/vehicle-event.ts';

/** A report that is nothing but events: what the platform itself, or a person, has to say of a vehicle. */
export function eventReport(
  vehicle: string,
  time: number,
  receivedAt: number,
  events: readonly VehicleEvent[],
): Report {
  return {
    vehicle,
    time,
    receivedAt,
    lat: 0,
    lon: 0,
    positioned: false,
    speedKmh: null,
    recorderSpeedKmh: null,
    directionDeg: null,
    altitudeM: null,
    accOn: null,
    alarmFlags: 0,
    statusFlags: 0,
    satellites: null,
    mileageKm: null,
    backfill: false,
    serial: null,
    events,
    eventsOnly: true,
  };
}
