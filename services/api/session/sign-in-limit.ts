export interface SignInLimits {
  /** Failures of one login from one address before it must wait; other addresses can still sign that login in. */
  readonly perLogin?: number;
  /** Failures from one address, whatever the login: a whole school may sit behind one. */
  readonly perAddress?: number;
  /** Failures older than this are forgotten. */
  readonly windowMs?: number;
  /** Addresses and logins remembered; beyond it the oldest are forgotten. */
  readonly maxKeys?: number;
}

interface Failures {
  count: number;
  since: number;
}

/**
 * Slows guessing without locking anybody out: only failures count, and they count against where they come from, never
 * against the login alone, so that nobody can shut another's account from elsewhere.
 */
export function signInLimit(limits: SignInLimits = {}) {
  const { perLogin = 8, perAddress = 60, windowMs = 15 * 60_000, maxKeys = 20_000 } = limits;
  const failures = new Map<string, Failures>();

  const current = (key: string, now: number): Failures | null => {
    const found = failures.get(key);
    if (!found) return null;
    if (now - found.since < windowMs) return found;
    failures.delete(key);
    return null;
  };
  const keysOf = (address: string, login: string) => [
    { key: `a ${network(address)}`, limit: perAddress },
    { key: `l ${network(address)} ${login.slice(0, 100)}`, limit: perLogin },
  ];

  return {
    /** Seconds to wait before this address may try this login again; 0 is at once. */
    waitS(address: string, login: string, now: number): number {
      let wait = 0;
      for (const { key, limit } of keysOf(address, login)) {
        const found = current(key, now);
        if (found && found.count >= limit) wait = Math.max(wait, found.since + windowMs - now);
      }
      return Math.ceil(wait / 1000);
    },
    failed(address: string, login: string, now: number): void {
      for (const { key } of keysOf(address, login)) {
        const found = current(key, now);
        if (found) found.count++;
        else failures.set(key, { count: 1, since: now });
      }
      for (const oldest of failures.keys()) {
        if (failures.size <= maxKeys) break;
        failures.delete(oldest);
      }
    },
    succeeded(address: string, login: string): void {
      failures.delete(`l ${network(address)} ${login.slice(0, 100)}`);
    },
  };
}

/** One subscriber has a whole /64 of IPv6 to guess from. */
function network(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((g) => g !== '').length;
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...(tail ?? '').split(':')];
  return all.slice(0, 4).join(':');
}
