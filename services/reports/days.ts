const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** The day of China Standard Time that a moment lies in, `YYYY-MM-DD`: what people ask by and positions are kept by. */
export const chinaDate = (time: number): string => new Date(time + OFFSET_MS).toISOString().slice(0, 10);

/** Its first moment. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);

/** Days from one to the other, both counted. */
export const daysIn = (from: string, to: string): number =>
  Math.round((startOfDay(to) - startOfDay(from)) / DAY_MS) + 1;

export const dayAfter = (day: string, days = 1): string => chinaDate(startOfDay(day) + days * DAY_MS);
