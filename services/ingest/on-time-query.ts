import type { Received } from './dispatch.ts';
import type { Session } from './session.ts';

/** 0x0004: the server's time, to the second, in UTC (JT/T 808-2019 8.4 and table 6). */
export function onTimeQuery(session: Session, _message: Received): void {
  const now = Math.floor(session.world.now() / 1_000) * 1_000;
  session.send(0x8004, { time: beijingTime(now) });
}

/** ISO 8601 with +08:00, as the codec's time fields are. */
function beijingTime(ms: number): string {
  return `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
