import type { EtaSettings } from './settings.ts';

/** What buses have needed lately against what was expected of them, fading with time. */
export interface Today {
  readonly actualS: number;
  readonly expectedS: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export type TodayByKey = Map<string, Today>;

/** Above 1 it goes slower than usual; weighed against so many seconds of nothing unusual. */
export function shareToday(
  today: TodayByKey,
  key: string,
  time: number,
  againstS: number,
  set: EtaSettings,
): number {
  const known = today.get(key);
  if (!known) return 1;
  const fade = fadeOf(known, time, set);
  return (known.actualS * fade + againstS) / (known.expectedS * fade + againstS);
}

export function addToday(
  today: TodayByKey,
  key: string,
  time: number,
  actualS: number,
  expectedS: number,
  set: EtaSettings,
): void {
  const was = today.get(key);
  const fade = was ? fadeOf(was, time, set) : 0;
  today.set(key, {
    actualS: (was?.actualS ?? 0) * fade + actualS,
    expectedS: (was?.expectedS ?? 0) * fade + expectedS,
    time: Math.max(time, was?.time ?? time),
  });
}

const fadeOf = ({ time: then }: Today, time: number, set: EtaSettings): number =>
  Math.exp(-Math.max(0, time - then) / 1000 / set.todayS);
