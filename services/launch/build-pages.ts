import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';

const root = join(import.meta.dirname, '../..');

/** Where the built pages are. */
export const pagesDir = join(root, 'web-map/dist');

function newestChange(folder: string): number {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestChange(path) : statSync(path).mtimeMs);
  }
  return newest;
}

/** Are the built pages older than their source? Where the source was not shipped, what is built is right. */
function isStale(): boolean {
  const built = join(pagesDir, 'index.html');
  if (!existsSync(built)) return true;
  const sources = [
    join(root, 'web-map'),
    join(root, 'services/api/contract.ts'),
    join(root, 'package-lock.json'),
  ];
  const builtAt = statSync(built).mtimeMs;
  return sources.some((path) => {
    if (!existsSync(path)) return false;
    const stat = statSync(path);
    return (stat.isDirectory() ? newestChange(path) : stat.mtimeMs) > builtAt;
  });
}

/** Builds the web pages where they are older than their source, in a process of its own. Rejects where that fails. */
export async function buildPages(log: Logger): Promise<void> {
  if (!isStale()) return;
  const startedAt = performance.now();
  log.info('building the web pages (some seconds, once) ...');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', 'web-map', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk).slice(-4_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`the web pages could not be built (vite ended with ${code}):\n${stderr}`);
  log.info({ ms: Math.round(performance.now() - startedAt) }, 'web pages built');
}
