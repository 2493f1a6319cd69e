// Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const FLOOR = [20, 19];

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > FLOOR[0] || (major === FLOOR[0] && minor >= FLOOR[1])) return;
  process.stderr.write(
    `busguard: Node ${FLOOR.join('.')} or newer is needed; this is ${process.versions.node}\n`,
  );
  process.exit(1);
}

/** The packages of a lock file that belong on this machine, as `path version` lines. */
function packagesOf(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(packages).filter(([path]) => path !== '');
}

/** npm writes what it installed to node_modules/.package-lock.json: compare it with the lock file, version by version. */
function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const have = new Map(packagesOf(installed).map(([path, entry]) => [path, entry.version]));
  return packagesOf(join(root, 'package-lock.json')).every(([path, entry]) =>
    have.has(path) ? have.get(path) === entry.version : entry.optional === true || entry.peer === true,
  );
}

/** Installs what the lock file names, where it is missing or older; npm shows its own progress. */
export function installMissing() {
  checkNode();
  if (isInstalled()) return;
  process.stderr.write('busguard: installing packages (a minute or so, once) ...\n');
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(
    command,
    [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', process.stderr, 'inherit'],
    },
  );
  if (result.status !== 0) {
    process.stderr.write('busguard: npm could not install the packages; see above\n');
    process.exit(result.status ?? 1);
  }
  process.stderr.write('busguard: packages installed\n');
}
