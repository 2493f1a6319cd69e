const CHINA_OFFSET_MS = 8 * 3_600_000;

/** ISO 8601 with +08:00, as every time at an edge; `evidence` is read as it stands. */
export function chinaTime(ms: number): string {
  return new Date(ms + CHINA_OFFSET_MS).toISOString().replace(/(\.000)?Z$/, '+08:00');
}

/** Seconds after local midnight; the offset of an hour is asked of the time zone once. */
export function localClock(timeZone: string): (ms: number) => number {
  const HOUR_MS = 3_600_000;
  const MOST_HOURS = 64;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const hours = new Map<number, number>();
  return (ms) => {
    const hour = Math.floor(ms / HOUR_MS);
    let atHour = hours.get(hour);
    if (atHour === undefined) {
      const [h, m, s] = format
        .format(hour * HOUR_MS)
        .split(':')
        .map(Number) as [number, number, number];
      atHour = h * 3600 + m * 60 + s;
      if (hours.size >= MOST_HOURS) hours.clear();
      hours.set(hour, atHour);
    }
    return (atHour + (ms - hour * HOUR_MS) / 1000) % 86_400;
  };
}
