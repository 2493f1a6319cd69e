import { parseArgs } from 'node:util';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles } from '../../geo/plan/plan.ts';
import { planVersion, readPlanFiles } from '../plan/plan-files.ts';
import { findingLine } from '../replay/print-finding.ts';
import { replayStored, replayTracks } from '../replay/replay.ts';
import { readTime } from '../replay/track-row.ts';
import { verbSetting, withConfiguredStore } from './configured-store.ts';
import type { Verb } from './verb.ts';

/** Bad rows named one by one; the rest are only counted. */
const MOST_NAMED = 100;

export const verb: Verb = {
  summary: 'runs the rules over recorded positions and prints the findings',
  help: `Usage: busguard replay --plan DIR|FILE.zip --track FILE [--track FILE ...] [--from TIME] [--to TIME]
       busguard replay --database [--plan DIR|FILE.zip] --from TIME --to TIME

Runs the very rules of the live service over recorded positions and prints one finding a line, in its final form,
ordered by start. Deterministic: the same input prints the same bytes.

  --plan DIR|FILE.zip  GTFS, with the extra files where there are any
  --track FILE         .csv with header vehicle,time,lat,lon[,speed_kmh][,bearing][,serial] (time_iso is a time too,
                       other columns are passed over), or .jsonl of decoded reports; either may be .gz
  --database           what the database holds instead of a file; without --plan, under the plan in force
  --from, --to TIME    only reports of this span, both ends included; ISO 8601, without a zone +08:00

Rows that cannot be used are named on stderr and passed over; then the exit code is 1. Usage faults exit with 2.`,
  async run(args) {
    const usage = readUsage(args);
    if (typeof usage === 'string') return fail(usage, 2);
    if (usage.database) return replayDatabase(usage);
    const plan = await loadPlan(usage.plan as string);
    if (plan === null) return 1;
    let bad = 0;
    const findings = await replayTracks({
      ...usage,
      plan,
      onProblem({ file, line, reason }) {
        if (bad++ < MOST_NAMED) process.stderr.write(`${file}:${line}: ${reason}\n`);
      },
    }).catch((error: unknown) => {
      if (isFileError(error)) return `cannot read the track: ${error.message}`;
      throw error;
    });
    if (typeof findings === 'string') return fail(findings, 1);
    for (const finding of findings) process.stdout.write(`${findingLine(finding)}\n`);
    if (bad > MOST_NAMED) process.stderr.write(`and ${bad - MOST_NAMED} rows more that could not be used\n`);
    return bad > 0 ? 1 : 0;
  },
};

/** Replays the stored reports of a span, under the plan given or the one in force. */
async function replayDatabase({ plan: path, from, to }: Usage): Promise<number> {
  return withConfiguredStore(verbSetting(), async (store) => {
    const current = path === null ? await store.plans.current() : null;
    if (path === null && current === null) return fail('no plan was imported yet; give one with --plan', 1);
    const plan = path === null ? buildOrTell(current?.files as PlanFiles) : await loadPlan(path);
    if (plan === null) return 1;
    for (const finding of await replayStored(plan, store.positions, from as number, to as number)) {
      process.stdout.write(`${findingLine(finding)}\n`);
    }
    return 0;
  });
}

interface Usage {
  /** Null: the plan in force, which only the database knows. */
  readonly plan: string | null;
  readonly database: boolean;
  readonly tracks: readonly string[];
  readonly from: number | null;
  readonly to: number | null;
}

/** What was asked for, or what is wrong with it. */
function readUsage(args: string[]): Usage | string {
  let values: { plan?: string; track?: string[]; database?: boolean; from?: string; to?: string };
  try {
    ({ values } = parseArgs({
      args,
      options: {
        plan: { type: 'string' },
        track: { type: 'string', multiple: true },
        database: { type: 'boolean' },
        from: { type: 'string' },
        to: { type: 'string' },
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { database = false, track: tracks = [] } = values;
  if (database && tracks.length > 0) return '--track and --database exclude each other';
  if (!database && !values.plan) return '--plan is missing';
  if (!database && tracks.length === 0) return '--track or --database is missing';
  if (database && (values.from === undefined || values.to === undefined))
    return '--database takes --from and --to';
  const from = values.from === undefined ? null : readTime(values.from);
  const to = values.to === undefined ? null : readTime(values.to);
  if (values.from !== undefined && from === null) return `--from is not a time: ${values.from}`;
  if (values.to !== undefined && to === null) return `--to is not a time: ${values.to}`;
  return { plan: values.plan ?? null, database, tracks, from, to };
}

async function loadPlan(path: string): Promise<Plan | null> {
  try {
    return buildOrTell(await readPlanFiles(path));
  } catch (error) {
    if (!isFileError(error)) throw error;
    process.stderr.write(`busguard replay: cannot read the plan: ${error.message}\n`);
  }
  return null;
}

function buildOrTell(files: PlanFiles): Plan | null {
  const result = buildPlan(files, planVersion(files));
  if (result.ok) return result.plan;
  for (const { file, line, column, reason } of result.problems) {
    process.stderr.write(`${file}:${line}: ${column}: ${reason}\n`);
  }
  return null;
}

function fail(reason: string, code: number): number {
  process.stderr.write(`busguard replay: ${reason}\n`);
  return code;
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'code' in error && typeof (error as NodeJS.ErrnoException).code === 'string'
  );
}
