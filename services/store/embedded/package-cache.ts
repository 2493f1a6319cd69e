import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Folder of an installed package whose entry is in `dist`. */
const packageFolder = (name: string): string => dirname(dirname(require.resolve(name)));

export function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** What is made once from the installed packages lives with them, and goes with them. */
export const cacheFolder = (): string =>
  join(dirname(dirname(packageFolder('@electric-sql/pglite'))), '.cache', 'busguard');
