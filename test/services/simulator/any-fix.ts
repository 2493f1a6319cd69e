import type { Fix } from '../../../services/simulator/fix.ts';

/** A bus on its way with nothing wrong; a test says when, and how far by its odometer. */
export const ANY_FIX: Omit<Fix, 'time' | 'mileageKm' | 'alarmFlags'> = {
  lat: 31.79,
  lon: 119.97,
  altitudeM: 5,
  speedKmh: 36,
  recorderSpeedKmh: 36,
  directionDeg: 90,
  positioned: true,
  accOn: true,
  doorOpen: false,
  signalStrength: 25,
  satellites: 12,
};
