import { ProblemError } from '../problems.ts';
import { parseTime } from '../time.ts';

/** A time of the query, or 400. */
export function readTime(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const time = parseTime(text);
  if (time === null) {
    throw new ProblemError('bad-request', `${name} takes an ISO 8601 time with a zone`, {
      errors: [{ path: `querystring/${name}`, reason: `"${text.slice(0, 60)}" is no such time` }],
    });
  }
  return time;
}

export function readSpan(
  query: { from?: string | undefined; to?: string | undefined },
  fallback: { from: number; to: number },
  maxMs: number,
): { from: number; to: number } {
  const to = readTime('to', query.to) ?? fallback.to;
  const from = readTime('from', query.from) ?? Math.min(fallback.from, to);
  if (from > to) throw new ProblemError('bad-request', 'from is after to');
  if (to - from > maxMs) {
    throw new ProblemError('bad-request', `at most ${maxMs / 86_400_000} days at a time`);
  }
  return { from, to };
}

/** Makes the test whether a point is in `west,south,east,north`; without a box every point is. */
export function readBox(text: string | undefined): (point: { lat: number; lon: number }) => boolean {
  if (text === undefined || text === '') return () => true;
  const [west, south, east, north, ...rest] = text.split(',').map(Number);
  const numbers = [west, south, east, north];
  if (rest.length > 0 || !numbers.every((n) => n !== undefined && Number.isFinite(n))) {
    throw new ProblemError('bad-request', 'bbox takes west,south,east,north in degrees', {
      errors: [{ path: 'querystring/bbox', reason: 'four numbers with commas between' }],
    });
  }
  return ({ lat, lon }) => lon >= west! && lon <= east! && lat >= south! && lat <= north!;
}

/** A list given with commas or by repeating the parameter. */
export const readList = (text: string | undefined): string[] | undefined => {
  const items = (text ?? '').split(',').filter((item) => item !== '');
  return items.length > 0 ? items : undefined;
};

/** A position in a list that outlives changes to it; opaque to the asker. */
export const writeCursor = (start: number, id: string): string =>
  Buffer.from(`${start} ${id}`).toString('base64url');

export function readCursor(text: string | undefined): { start: number; id: string } | undefined {
  if (text === undefined || text === '') return undefined;
  const match = /^(-?\d{1,16}) (.{1,300})$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (!match?.[1] || !match[2])
    throw new ProblemError('bad-request', 'before takes the next of an earlier page');
  return { start: Number(match[1]), id: match[2] };
}
