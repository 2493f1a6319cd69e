import { parseArgs } from 'node:util';
import type { PlanFiles, PlanProblem } from '../../geo/plan/plan.ts';
import { openBus } from '../bus/open-bus.ts';
import { checkPlan, type ImportResult, putInForce } from '../plan/import-plan.ts';
import { PlanFilesError, readPlanFiles } from '../plan/plan-files.ts';
import { StoreUnavailable } from '../store/store.ts';
import { verbSetting, withConfiguredStore } from './configured-store.ts';
import type { Verb } from './verb.ts';

export const verb: Verb = {
  summary: 'checks a plan and puts it in force',
  help: `Usage: busguard import --plan DIR|FILE.zip [--note TEXT] [--check]

Reads GTFS, with the extra files of a school-bus plan where there are any, and makes it the plan in force of the
whole system: all of it, or nothing where there is a single bad cell.

  --plan DIR|FILE.zip  the plan
  --note TEXT          kept with the version
  --check              only check; nothing is written and no database is needed

Prints {"ok":true,"version":"...","counts":{"stops":40,...}}, or one object for each bad cell and exits with 1:
{"ok":false,"file":"permits.csv","line":7,"column":"valid_to","reason":"..."} (the header is line 1).
What is sound but worth a look goes to stderr. Settings, orders, detours, excuses and school days stay as they are in
force where the plan has no such file (a header alone clears one); so does dispatch from today on. Usage faults exit with 2.`,
  async run(args) {
    const usage = readUsage(args);
    if (typeof usage === 'string') return fail(usage, 2);
    const read = await readPlan(usage.plan);
    if (typeof read === 'string') return fail(read, 1);
    const result = 'problems' in read ? { ok: false as const, ...read } : await take(read.files, usage);
    if (typeof result === 'string') return fail(result, 1);
    if (!result.ok) {
      for (const problem of result.problems) print({ ok: false, ...problem });
      return 1;
    }
    for (const { file, line, column, reason } of result.warnings) {
      process.stderr.write(`${file}:${line}: ${column}: ${reason}\n`);
    }
    print({ ok: true, version: result.version, counts: result.counts });
    return 0;
  },
};

interface Usage {
  readonly plan: string;
  readonly note: string;
  readonly check: boolean;
}

/** What was asked for, or what is wrong with it. */
function readUsage(args: string[]): Usage | string {
  try {
    const { values } = parseArgs({
      args,
      options: { plan: { type: 'string' }, note: { type: 'string' }, check: { type: 'boolean' } },
    });
    if (!values.plan) return '--plan is missing';
    return { plan: values.plan, note: values.note ?? '', check: values.check ?? false };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A string where the path itself cannot be read. */
async function readPlan(
  path: string,
): Promise<{ files: PlanFiles } | { problems: readonly PlanProblem[] } | string> {
  try {
    return { files: await readPlanFiles(path) };
  } catch (error) {
    if (error instanceof PlanFilesError) return { problems: error.problems };
    if (error instanceof Error && 'code' in error) return `cannot read the plan: ${error.message}`;
    throw error;
  }
}

/** A string where the database cannot be reached. */
async function take(files: PlanFiles, { note, check }: Usage): Promise<ImportResult | string> {
  // A plan that does not build is said at once; the database is not even opened for it.
  const checked = checkPlan(files);
  if (check || !checked.ok) return checked;
  const setting = verbSetting();
  const bus = await openBus({ natsUrl: setting.config.natsUrl, log: setting.log });
  try {
    return await withConfiguredStore(setting, (store) => putInForce({ files, store, bus, note }, checked));
  } catch (error) {
    if (error instanceof StoreUnavailable) return `the database cannot be reached: ${error.message}`;
    throw error;
  } finally {
    await bus.close();
  }
}

function print(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function fail(reason: string, code: number): number {
  process.stderr.write(`busguard import: ${reason}\n`);
  return code;
}
