import { AMENDMENT_FILES } from '../../geo/plan/amendments/read-amendments.ts';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import { readCsv } from '../../geo/plan/csv.ts';
import type { PlanFiles, PlanProblem } from '../../geo/plan/plan.ts';
import { PLAN_FILE_NAMES } from '../../geo/plan/plan-file-names.ts';
import type { FileDiff } from '../store/store.ts';
import { unzipPlan } from './plan-archive.ts';
import { decodeText, PLAN_FILE_LIMITS, type PlanFileLimits, planVersion } from './plan-files.ts';
import { diffRows, keyOf, type PlanRow, rowsOf, textOf } from './plan-rows.ts';
import { isRegisterFile } from './register-rows.ts';

/** Uploads are held in memory, so they may be smaller than what an operator imports on the machine. */
export const UPLOAD_LIMITS: PlanFileLimits & { readonly uploadBytes: number } = {
  ...PLAN_FILE_LIMITS,
  uploadBytes: 64 * 1024 * 1024,
};

/** What becomes of one file; `rows` where it is changed row by row. */
export interface FileChange {
  readonly file: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Null: not compared row by row (stop times and what is only drawn). */
  readonly diff: FileDiff | null;
}

export type UploadChecked =
  | {
      readonly ok: true;
      readonly whole: boolean;
      readonly version: string;
      readonly files: PlanFiles;
      readonly changes: readonly FileChange[];
      readonly warnings: readonly PlanProblem[];
    }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] };

export interface Upload {
  readonly upload: Uint8Array;
  /** As it was called: `….zip`, or one of the plan's files. */
  readonly name: string;
  readonly inForce: PlanFiles | null;
  /** Of a single file: its rows are added to those there are and replace those of the same key; else they are all. */
  readonly merge: boolean;
}

/** Reads an upload, builds the plan that it would make, and says what would differ. Nothing is changed. */
export function checkUpload({ upload, name, inForce, merge }: Upload): UploadChecked {
  const read = name.endsWith('.zip') ? readZip(upload, name) : readSingle(upload, name, inForce, merge);
  if (!('files' in read)) return { ok: false, problems: read };
  const { files } = read;
  const version = planVersion(files);
  const result = buildPlan(files, version);
  if (!result.ok) return { ok: false, problems: result.problems };
  const names = new Set([...(inForce?.keys() ?? []), ...files.keys()]);
  const changes = [...names].flatMap((file) => {
    // Amendments that an import does not speak of stay in force.
    if (!files.has(file) && AMENDMENT_FILES.includes(file)) return [];
    return changeOf(file, inForce?.get(file), files.get(file)) ?? [];
  });
  return { ok: true, whole: read.whole, version, files, changes, warnings: result.warnings };
}

type Read = { readonly files: PlanFiles; readonly whole: boolean } | PlanProblem[];

function readZip(upload: Uint8Array, name: string): Read {
  const contents = unzipPlan(upload, PLAN_FILE_NAMES, UPLOAD_LIMITS);
  if (typeof contents === 'string') return [{ file: name, line: 0, column: '', reason: contents }];
  const files = new Map<string, string>();
  const problems: PlanProblem[] = [];
  for (const [file, bytes] of contents) {
    const text = decodeText(bytes);
    if (typeof text === 'string') files.set(file, text);
    else problems.push({ file, column: '', ...text });
  }
  if (files.size === 0 && problems.length === 0)
    return [{ file: name, line: 0, column: '', reason: 'holds none of the files of a plan' }];
  return problems.length > 0 ? problems : { files, whole: true };
}

function readSingle(upload: Uint8Array, name: string, inForce: PlanFiles | null, merge: boolean): Read {
  if (!PLAN_FILE_NAMES.includes(name))
    return [{ file: name, line: 0, column: '', reason: 'is none of the files of a plan' }];
  if (inForce === null)
    return [{ file: name, line: 0, column: '', reason: 'there is no plan yet that it could be a file of' }];
  const text = decodeText(upload);
  if (typeof text !== 'string') return [{ file: name, column: '', ...text }];
  if (!merge || !byRows(name)) return { files: new Map(inForce).set(name, text), whole: false };
  const merged = mergedText(name, inForce.get(name), text);
  return typeof merged === 'string' ? { files: new Map(inForce).set(name, merged), whole: false } : merged;
}

/** The file in force with the uploaded rows; an uploaded line that is wrong is said of the upload's own lines first. */
function mergedText(file: string, before: string | undefined, text: string): string | PlanProblem[] {
  let fault: PlanProblem[] = [];
  const csv = readCsv(text, (line, reason) => {
    fault = [...fault, { file, line, column: '', reason }];
  });
  while (csv.next());
  if (fault.length > 0) return fault;
  const uploaded = rowsOf(file, text);
  const ofKey = new Map<string, PlanRow>();
  for (const row of uploaded) {
    const key = keyOf(file, row);
    if (ofKey.has(key))
      return [{ file, line: 0, column: '', reason: `has the row ${JSON.stringify(key)} twice` }];
    ofKey.set(key, row);
  }
  const rows = rowsOf(file, before).map((row) => {
    const key = keyOf(file, row);
    const over = ofKey.get(key);
    ofKey.delete(key);
    return over ? { ...row, ...over } : row;
  });
  return textOf(file, [...rows, ...ofKey.values()], before);
}

function changeOf(file: string, before: string | undefined, after: string | undefined): FileChange | null {
  if (before === after) return null;
  if (!byRows(file)) return { file, added: 0, removed: 0, changed: 1, diff: null };
  const diff = diffRows(file, rowsOf(file, before), rowsOf(file, after));
  const keys = new Set(diff.removed.map((row) => keyOf(file, row)));
  const changed = diff.added.filter((row) => keys.has(keyOf(file, row))).length;
  if (diff.added.length + diff.removed.length === 0) return null;
  return { file, added: diff.added.length - changed, removed: diff.removed.length - changed, changed, diff };
}

const byRows = (file: string): boolean =>
  isRegisterFile(file) ||
  AMENDMENT_FILES.includes(file) ||
  file === 'fences.geojson' ||
  file === 'shapes.txt';
