import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import webPush from 'web-push';

export interface VapidPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/**
 * The pair that signs pushes: from the environment, else from `vapid.json` in the data folder, made once and readable by
 * its owner alone. Browsers are bound to it: with another pair every family has to switch push on again.
 */
export function vapidPairOf(fromEnvironment: VapidPair | undefined, dataDir: string): VapidPair {
  if (fromEnvironment) return fromEnvironment;
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'vapid.json');
  try {
    const made = `${JSON.stringify(webPush.generateVAPIDKeys())}\n`;
    writeFileSync(path, made, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { publicKey, privateKey } = JSON.parse(readFileSync(path, 'utf8')) as Partial<VapidPair>;
  if (typeof publicKey !== 'string' || typeof privateKey !== 'string')
    throw new Error(`${path} does not hold a pair of keys`);
  return { publicKey, privateKey };
}
