import {
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder, versionOf } from './package-cache.ts';

/**
 * A new data folder costs ten seconds: initdb and `create extension postgis` in WebAssembly. What comes out is the
 * same each time, so the first one made is kept, cleanly closed, and later ones are copies of it.
 */

/** Kept beside the packages it was made with, and named after their versions. */
export function templateFolder(): string {
  const versions = ['@electric-sql/pglite', '@electric-sql/pglite-postgis'].map(versionOf);
  return join(cacheFolder(), `postgres-${versions.join('-')}`);
}

/** A folder that was begun and not finished has no business being opened. */
export const isWhole = (folder: string) => existsSync(join(folder, 'PG_VERSION'));

/** Puts `folder` in place as a copy of the template; false where there is none. */
export function copyTemplate(template: string, folder: string): boolean {
  if (!isWhole(template)) return false;
  const begun = `${folder}.new`;
  rmSync(begun, { recursive: true, force: true });
  cpSync(template, begun, { recursive: true });
  syncTree(begun);
  renameSync(begun, folder);
  return true;
}

/** Keeps a closed data folder as the template. Another process may have done so meanwhile: theirs is as good. */
export function keepTemplate(folder: string, template: string): void {
  if (isWhole(template)) return;
  const begun = `${template}.${process.pid}`;
  mkdirSync(dirname(template), { recursive: true });
  try {
    cpSync(folder, begun, { recursive: true });
    renameSync(begun, template);
  } catch (error) {
    rmSync(begun, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
  }
}

/** Makes an empty folder to initialise; what a killed process began is thrown away. */
export function beginFolder(folder: string): string {
  const begun = `${folder}.new`;
  rmSync(begun, { recursive: true, force: true });
  mkdirSync(begun, { recursive: true });
  return begun;
}

export function finishFolder(begun: string, folder: string): void {
  syncTree(begun);
  renameSync(begun, folder);
}

/** Every file of a new folder reaches the disk before the folder takes its name. */
function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else syncFile(path);
  }
  syncFile(folder);
}

function syncFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
