import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

export class TooManySignIns extends Error {
  override readonly name = 'TooManySignIns';
}

/**
 * Checks passwords with argon2. An unknown login costs the same time as a known one, and only so many are checked at
 * once: each takes tens of milliseconds and 19 MB of a thread that others need too.
 */
export function passwordCheck(options: { atOnce?: number; waiting?: number } = {}) {
  const { atOnce = 2, waiting = 64 } = options;
  const dummy = hash(randomBytes(24).toString('base64url'));
  // Met where it is awaited; until then it must not end the process.
  dummy.catch(() => undefined);
  let running = 0;
  const queue: (() => void)[] = [];

  return async (password: string, passwordHash: string | null): Promise<boolean> => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new TooManySignIns('too many sign-ins at the same time');
      // The place of the one that ends is handed over, so that nobody slips in between.
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running++;
    }
    try {
      const right = await verify(passwordHash ?? (await dummy), password);
      return right && passwordHash !== null;
    } finally {
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };
}
