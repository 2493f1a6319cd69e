import { parseArgs } from 'node:util';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import type { Plan } from '../../geo/plan/plan.ts';
import { planVersion, readPlanFiles } from '../plan/plan-files.ts';
import { findingLine } from '../replay/print-finding.ts';
import { replayTracks } from '../replay/replay.ts';
import { readTime } from '../replay/track-row.ts';
import type { Verb } from './verb.ts';

/** Bad rows named one by one; the rest are only counted. */
const MOST_NAMED = 100;

export const verb: Verb = {
  summary: 'runs the rules over recorded positions and prints the findings',
  help: `Usage: busguard replay --plan DIR|FILE.zip --track FILE [--track FILE ...] [--from TIME] [--to TIME]

Runs the very rules of the live service over recorded positions and prints one finding a line, in its final form,
ordered by start. Deterministic: the same input prints the same bytes.

  --plan DIR|FILE.zip  GTFS, with the extra files where there are any
  --track FILE         .csv with header vehicle,time,lat,lon[,speed_kmh][,bearing][,serial] (time_iso is a time too,
                       other columns are passed over), or .jsonl of decoded reports; either may be .gz
  --from, --to TIME    only reports of this span, both ends included; ISO 8601, without a zone +08:00

Rows that cannot be used are named on stderr and passed over; then the exit code is 1. Usage faults exit with 2.`,
  async run(args) {
    const usage = readUsage(args);
    if (typeof usage === 'string') return fail(usage, 2);
    const plan = await loadPlan(usage.plan);
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

interface Usage {
  readonly plan: string;
  readonly tracks: readonly string[];
  readonly from: number | null;
  readonly to: number | null;
}

/** What was asked for, or what is wrong with it. */
function readUsage(args: string[]): Usage | string {
  let values: { plan?: string; track?: string[]; from?: string; to?: string };
  try {
    ({ values } = parseArgs({
      args,
      options: {
        plan: { type: 'string' },
        track: { type: 'string', multiple: true },
        from: { type: 'string' },
        to: { type: 'string' },
      },
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (!values.plan) return '--plan is missing';
  if (!values.track?.length) return '--track is missing';
  const from = values.from === undefined ? null : readTime(values.from);
  const to = values.to === undefined ? null : readTime(values.to);
  if (values.from !== undefined && from === null) return `--from is not a time: ${values.from}`;
  if (values.to !== undefined && to === null) return `--to is not a time: ${values.to}`;
  return { plan: values.plan, tracks: values.track, from, to };
}

async function loadPlan(path: string): Promise<Plan | null> {
  try {
    const files = await readPlanFiles(path);
    const result = buildPlan(files, planVersion(files));
    if (result.ok) return result.plan;
    for (const { file, line, column, reason } of result.problems) {
      process.stderr.write(`${file}:${line}: ${column}: ${reason}\n`);
    }
  } catch (error) {
    if (!isFileError(error)) throw error;
    process.stderr.write(`busguard replay: cannot read the plan: ${error.message}\n`);
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
