import { isIP } from 'node:net';

/**
 * May the service be sent to this address by what a user gave? Encrypted, and by a public name: an address within the
 * own network is not for users to call through us.
 */
export function isPublicEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (protocol !== 'https:' || username !== '' || password !== '') return false;
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || !hostname.includes('.')) return false;
  return !/(^|\.)(localhost|local|internal|intranet|lan|home|corp)$/i.test(hostname);
}
