import type { IncomingHttpHeaders } from 'node:http';

/**
 * Does a request that changes something, or opens a socket, come from our own pages? Browsers say where it comes from;
 * what says nothing is no browser and brings no cookie that it was not given on purpose.
 */
export function isSameSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
