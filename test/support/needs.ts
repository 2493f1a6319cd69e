import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { natsServerPath, postgresBin } from './postgres.ts';

/** Things a machine may lack. A test that needs one is skipped by name where it is absent. */
export type Need = 'PostgreSQL with PostGIS' | 'NATS server' | 'Chromium' | 'shared reference data';

export const chromiumPath: string | null =
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => existsSync(p)) ??
  null;

/** Reference vectors and recorded tracks kept beside the project, never in it. */
export const sharedFolder: string | null =
  [process.env.SHARED_DIR ?? '', join(import.meta.dirname, '../../../shared')].find(
    (p) => p !== '' && existsSync(join(p, 'CONTRACT.md')),
  ) ?? null;

const present: Record<Need, boolean> = {
  'PostgreSQL with PostGIS': postgresBin() !== null,
  'NATS server': natsServerPath() !== null,
  Chromium: chromiumPath !== null,
  'shared reference data': sharedFolder !== null,
};

/**
 * `describe` for tests that need something of the machine. Where it is absent they are skipped with its name in the
 * title; with REQUIRE_ALL=1 they fail instead. (The reference data may be absent even then: the project stands alone.)
 */
export function describeWith(needs: Need | Need[], title: string, body: () => void): void {
  const missing = [needs].flat().filter((need) => !present[need]);
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const required = missing.filter((need) => need !== 'shared reference data');
  if (process.env.REQUIRE_ALL === '1' && required.length > 0) {
    describe(title, () => {
      it(`needs ${required.join(' and ')}`, () => {
        throw new Error(`REQUIRE_ALL=1 and this machine lacks: ${required.join(', ')}`);
      });
    });
    return;
  }
  describe.skipIf(true)(`${title} (skipped: this machine lacks ${missing.join(' and ')})`, body);
}
