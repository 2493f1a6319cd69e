import { parseDate, parseTime } from '../cells.ts';
import type { Row } from '../table.ts';
import type { ZoneClock } from '../time-zone.ts';
import type { Span } from './amendments.ts';

/**
 * An instant: a date (its beginning, or its end where `end`), or a date and a time of day, with a zone or by the plan's
 * own clock. Null where it is neither.
 */
export function parseInstant(text: string, clock: ZoneClock, end: boolean): number | null {
  const date = parseDate(text);
  if (date !== null) return clock.serviceDayStart(date) + (end ? DAY_MS : 0);
  const match = /^(\d{4}-?\d\d-?\d\d)[T ](\d\d?:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  const day = match && parseDate(match[1]!);
  const seconds = match && parseTime(match[2]!);
  if (!day || seconds === null || seconds > DAY_MS / 1000) return null;
  if (match[3] === undefined) return clock.serviceDayStart(day) + seconds * 1000;
  const iso = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00${match[3]}`;
  return Date.parse(iso) + seconds * 1000;
}

const DAY_MS = 86_400_000;

/** Two cells as a span, open where blank. */
export function readSpan<C extends string>(row: Row<C>, from: C, to: C, clock: ZoneClock): Span {
  const span = {
    from: instant(row, from, clock, false) ?? Number.NEGATIVE_INFINITY,
    to: instant(row, to, clock, true) ?? Number.POSITIVE_INFINITY,
  };
  if (span.to <= span.from) row.fail(to, `is not after ${from}`);
  return span;
}

export function instant<C extends string>(
  row: Row<C>,
  column: C,
  clock: ZoneClock,
  end: boolean,
): number | null {
  const text = row.text(column);
  if (text === '') return null;
  const time = parseInstant(text, clock, end);
  if (time === null) row.fail(column, `"${text.slice(0, 40)}" is neither a date nor a date and a time`);
  return time;
}
