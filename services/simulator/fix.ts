import type { BusMoment } from './bus-motion.ts';
import { metresPerDegree } from './path.ts';
import { scramble } from './seeded-random.ts';

/** What a terminal measures at one moment: everything of a 0x0200 body that the simulator fills in. */
export interface Fix {
  /** Milliseconds since the epoch; terminals tell whole seconds. */
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
  readonly altitudeM: number;
  readonly speedKmh: number;
  readonly recorderSpeedKmh: number | null;
  readonly directionDeg: number;
  readonly positioned: boolean;
  readonly accOn: boolean;
  readonly doorOpen: boolean;
  readonly alarmFlags: number;
  readonly mileageKm: number | null;
  readonly signalStrength: number;
  readonly satellites: number | null;
  /** Type of an alarm of driving assistance that begins with it (T/JSATL 12-2017 table 4-15). */
  readonly adasType?: number;
}

/** Drift of a GNSS position: at most this far to either side, metres. */
const DRIFT_M = 2.5;
const DRIFT_PERIOD_MS = 20_000;
const JITTER_M = 0.4;
const SPEED_NOISE_KMH = 0.4;

/** The true moment as a GNSS receiver and a driving recorder see it; the same for the same seed and time. */
export function measure(moment: BusMoment, time: number, seed: number, mileageKm: number): Fix {
  const noise = (channel: number, at: number) =>
    (scramble(scramble(seed + channel * 0x9e37) ^ (Math.floor(at) % 0x7fff_ffff)) / 0x1_0000_0000) * 2 - 1;
  const drift = (channel: number) => {
    const place = time / DRIFT_PERIOD_MS;
    const step = Math.floor(place);
    const share = (1 - Math.cos((place - step) * Math.PI)) / 2;
    const slow = noise(channel, step) * (1 - share) + noise(channel, step + 1) * share;
    return slow * DRIFT_M + noise(channel + 2, time / 1000) * JITTER_M;
  };
  const scale = metresPerDegree(moment.lat);
  const speedKmh = moment.speedMps * 3.6;
  const moving = speedKmh > 0.5;
  return {
    time,
    lat: moment.lat + drift(1) / scale.y,
    lon: moment.lon + drift(2) / scale.x,
    altitudeM: 5 + Math.round(noise(5, time / 60_000) * 2),
    speedKmh: moving ? Math.max(0, speedKmh + noise(6, time / 1000) * SPEED_NOISE_KMH) : 0,
    recorderSpeedKmh: speedKmh,
    directionDeg: Math.floor(moment.bearing) % 360,
    positioned: true,
    accOn: moment.accOn,
    doorOpen: moment.run !== null && moment.speedMps === 0,
    alarmFlags: 0,
    mileageKm,
    signalStrength: 24 + Math.round(noise(7, time / 30_000) * 5),
    satellites: 13 + Math.round(noise(8, time / 30_000) * 4),
  };
}
