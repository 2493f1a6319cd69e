import { hkdfSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The 32 bytes that encrypt pupils' data: from the environment, else from `data.key` in the data folder, made once
 * and readable by its owner alone. Several processes on several machines need it from the environment.
 */
export function dataKeyOf(fromEnvironment: Uint8Array | undefined, dataDir: string): Uint8Array {
  if (fromEnvironment) return fromEnvironment;
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'data.key');
  try {
    // `wx` makes the first of two processes that start together the one that decides.
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new Error(`${path} does not hold 64 hex digits`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** A key for one purpose, so that no two uses share one. */
export function derivedKey(dataKey: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, new Uint8Array(0), `busguard ${purpose}`, 32));
}
