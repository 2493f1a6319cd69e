import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Keeps a folder to one process. */
export interface FolderLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** When that process started, in the kernel's own words, or empty: a pid alone may be somebody else's by now. */
  readonly started: string;
}

/**
 * Takes the lock file, or throws one line that names its holder. A lock whose holder has died is taken over. It knows
 * the processes of this machine (and container) only: a folder must not be shared between two of them.
 */
export function lockFolder(path: string, what: string): FolderLock {
  const own = `${path}.${process.pid}`;
  const mine: Holder = { pid: process.pid, started: startOf(process.pid) };
  writeFileSync(own, JSON.stringify(mine));
  try {
    while (!taken(own, path)) {
      const text = read(path);
      if (text === null) continue;
      const holder = parse(text);
      if (holder && isAlive(holder)) {
        throw new Error(
          `${what} is in use by process ${holder.pid}; end it first, or set DATA_DIR to another folder`,
        );
      }
      // Moved aside and not deleted, so that of two processes that saw the dead one, one alone goes on.
      const aside = `${own}.stale`;
      if (!moved(path, aside)) continue;
      if (read(aside) !== text) linkSync(aside, path);
      rmSync(aside, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
  return { release: () => rmSync(path, { force: true }) };
}

const isCode = (error: unknown, code: string) => (error as NodeJS.ErrnoException).code === code;

/** A link is made whole or not at all, with its content. */
function taken(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function parse(text: string): Holder | null {
  const match = /^\{"pid":(\d+),"started":"([^"]*)"\}$/.exec(text);
  return match ? { pid: Number(match[1]), started: match[2]! } : null;
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
  }
  return startOf(holder.pid) === holder.started;
}

/** Boot and start time of a process on Linux (proc(5): field 22 of stat); empty where the system does not tell. */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name in parentheses, may hold spaces.
    return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH') || isCode(error, 'EACCES')) return '';
    throw error;
  }
}
