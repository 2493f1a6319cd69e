import { parseArgs } from 'node:util';
import { PlanFilesError, planVersion, writePlanFiles } from '../plan/plan-files.ts';
import { StoreUnavailable } from '../store/store.ts';
import { verbSetting, withConfiguredStore } from './configured-store.ts';
import type { Verb } from './verb.ts';

export const verb: Verb = {
  summary: 'writes the plan in force to files',
  help: `Usage: busguard export --plan DIR|FILE.zip

Writes the plan in force into a folder (made if need be) or a .zip, as the files it was imported from: importing
them gives the same version. riders.csv holds pupils' names and guardians' numbers in clear: keep it safe.

Prints {"ok":true,"version":"...","files":["agency.txt",...]}, or {"ok":false,"reason":"..."} and exits with 1.
Usage faults exit with 2.`,
  async run(args) {
    const usage = readUsage(args);
    if ('fault' in usage) {
      process.stderr.write(`busguard export: ${usage.fault}\n`);
      return 2;
    }
    try {
      return await exportTo(usage.plan);
    } catch (error) {
      if (error instanceof PlanFilesError) {
        for (const problem of error.problems) print({ ok: false, ...problem });
        return 1;
      }
      if (error instanceof StoreUnavailable) {
        return print({ ok: false, reason: `the database cannot be reached: ${error.message}` });
      }
      if (isFileSystemError(error)) return print({ ok: false, reason: error.message });
      throw error;
    }
  },
};

async function exportTo(path: string): Promise<number> {
  const current = await withConfiguredStore(verbSetting(), (store) => store.plans.current());
  if (!current) return print({ ok: false, reason: 'no plan was imported yet' });
  await writePlanFiles(path, current.files);
  return print({ ok: true, version: planVersion(current.files), files: [...current.files.keys()].sort() });
}

function readUsage(args: string[]): { plan: string } | { fault: string } {
  try {
    const { values } = parseArgs({ args, options: { plan: { type: 'string' } } });
    return values.plan ? { plan: values.plan } : { fault: '--plan is missing' };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** What `node:fs` rejects with: it names the call that failed. */
function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

function print(result: { ok: boolean; [field: string]: unknown }): number {
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return result.ok ? 0 : 1;
}
