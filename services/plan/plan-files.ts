import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lineAt } from '../../geo/plan/feature-lines.ts';
import type { PlanFiles, PlanProblem } from '../../geo/plan/plan.ts';
import { PLAN_FILE_NAMES } from '../../geo/plan/plan-file-names.ts';
import { unzipPlan, zipPlan } from './plan-archive.ts';

export interface PlanFileLimits {
  /** Of one file, unpacked. A string of Node cannot be much longer. */
  readonly fileBytes: number;
  /** Of all files of a plan, unpacked. */
  readonly totalBytes: number;
  /** Of an archive as it lies on the disk. */
  readonly archiveBytes: number;
  /** Entries of an archive, whatever they are. */
  readonly archiveEntries: number;
}

const MIB = 1024 * 1024;

export const PLAN_FILE_LIMITS: PlanFileLimits = {
  fileBytes: 500 * MIB,
  totalBytes: 1024 * MIB,
  archiveBytes: 512 * MIB,
  archiveEntries: 1000,
};

/** The files cannot be read as a plan's: what is wrong with which of them. */
export class PlanFilesError extends Error {
  override readonly name = 'PlanFilesError';
  readonly code = 'PLAN_FILES';
  readonly problems: readonly PlanProblem[];

  constructor(problems: readonly PlanProblem[]) {
    super(
      problems.map(({ file, line, reason }) => `${file}${line > 0 ? `:${line}` : ''} ${reason}`).join('; '),
    );
    this.problems = problems;
  }
}

/**
 * Reads the plan's files from a folder or a .zip; other files there are passed over. Rejects with `PlanFilesError`, or
 * with the file system's own error where the path itself cannot be read.
 */
export async function readPlanFiles(
  dirOrZip: string,
  limits: PlanFileLimits = PLAN_FILE_LIMITS,
): Promise<PlanFiles> {
  const contents = (await stat(dirOrZip)).isDirectory()
    ? await readFolder(dirOrZip, limits)
    : await readArchive(dirOrZip, limits);
  const files = new Map<string, string>();
  const problems: PlanProblem[] = [];
  for (const [file, bytes] of contents) {
    const text = decodeText(bytes);
    if (typeof text === 'string') files.set(file, text);
    else problems.push({ file, column: '', ...text });
  }
  if (problems.length > 0) throw new PlanFilesError(problems);
  return files;
}

async function readFolder(folder: string, limits: PlanFileLimits): Promise<Map<string, Uint8Array>> {
  const present = new Set(await readdir(folder));
  const contents = new Map<string, Uint8Array>();
  let total = 0;
  for (const file of PLAN_FILE_NAMES.filter((name) => present.has(name))) {
    const { size } = await stat(join(folder, file));
    total += size;
    if (size > limits.fileBytes || total > limits.totalBytes) throw tooLarge(file);
    contents.set(file, await readFile(join(folder, file)));
  }
  return contents;
}

async function readArchive(path: string, limits: PlanFileLimits): Promise<Map<string, Uint8Array>> {
  if ((await stat(path)).size > limits.archiveBytes) throw tooLarge(path);
  const contents = unzipPlan(await readFile(path), PLAN_FILE_NAMES, limits);
  if (typeof contents === 'string') {
    throw new PlanFilesError([{ file: path, line: 0, column: '', reason: contents }]);
  }
  return contents;
}

const tooLarge = (file: string) =>
  new PlanFilesError([{ file, line: 0, column: '', reason: 'is larger than a plan may be' }]);

/** As UTF-8, or where it is not. */
export function decodeText(bytes: Uint8Array): string | { line: number; reason: string } {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const text = new TextDecoder('utf-8').decode(bytes);
    return {
      line: lineAt(text, text.indexOf('\ufffd')),
      reason: 'is not UTF-8; a spreadsheet writes it as "CSV UTF-8"',
    };
  }
}

/**
 * Writes the files into a folder (made if need be) or, where the path ends in .zip, an archive, so that they read back
 * as the same version. Rejects with `PlanFilesError` where the folder holds a plan file that this plan does not have:
 * together they would be another plan.
 */
export async function writePlanFiles(dirOrZip: string, files: PlanFiles): Promise<void> {
  const names = PLAN_FILE_NAMES.filter((name) => files.has(name));
  if (dirOrZip.endsWith('.zip')) {
    await writeWhole(dirOrZip, zipPlan(new Map(names.map((name) => [name, files.get(name)!]))));
    return;
  }
  await mkdir(dirOrZip, { recursive: true });
  const strays = (await readdir(dirOrZip)).filter(
    (name) => PLAN_FILE_NAMES.includes(name) && !files.has(name),
  );
  if (strays.length > 0) {
    const reason = `is of another plan; take it out of ${dirOrZip} or choose another folder`;
    throw new PlanFilesError(strays.map((file) => ({ file, line: 0, column: '', reason })));
  }
  for (const name of names) await writeWhole(join(dirOrZip, name), files.get(name)!);
}

/** Nobody ever sees half a file. */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

/** Names what the plan's files say: the same content, the same version, wherever and whenever it is read. */
export function planVersion(files: PlanFiles): string {
  const hash = createHash('sha256');
  for (const name of [...PLAN_FILE_NAMES].sort()) {
    const text = files.get(name);
    if (text !== undefined) hash.update(`${name} ${digestOf(name, text)}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Of each file the text that was digested last: a change of the day leaves the large ones as they are. */
const digested = new Map<string, { readonly text: string; readonly digest: string }>();

function digestOf(name: string, text: string): string {
  const known = digested.get(name);
  if (known?.text === text) return known.digest;
  const digest = createHash('sha256').update(text).digest('hex');
  digested.set(name, { text, digest });
  return digest;
}
