import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Finding } from '../../geo/finding.ts';
import { compareFindings } from '../../geo/judge/compare-findings.ts';
import { RULE_SETTINGS } from '../../geo/plan/amendments/rule-overrides.ts';
import { amendPlan, buildPlan } from '../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles, PlanProblem } from '../../geo/plan/plan.ts';
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
       either with --settings FILE [--compare]

Runs the very rules of the live service over recorded positions and prints one finding a line, in its final form,
ordered by start. Deterministic: the same input prints the same bytes.

  --plan DIR|FILE.zip  GTFS, with the extra files where there are any
  --track FILE         .csv with header vehicle,time,lat,lon[,speed_kmh][,bearing][,serial] (time_iso is a time too,
                       other columns are passed over), or .jsonl of decoded reports; either may be .gz
  --database           what the database holds instead of a file; without --plan, under the plan in force
  --settings FILE      a rule_settings.csv instead of the plan's own
  --compare            what these settings would change instead of what they find: one line for each finding that is
                       only_now, only_tried or regraded, then the counts of each rule
  --from, --to TIME    only reports of this span, both ends included; ISO 8601, without a zone +08:00

Rows that cannot be used are named on stderr and passed over; then the exit code is 1. Usage faults exit with 2.`,
  async run(args) {
    const usage = readUsage(args);
    if (typeof usage === 'string') return fail(usage, 2);
    const settings = await readSettings(usage);
    if (typeof settings === 'number') return settings;
    if (usage.database) return replayDatabase(usage, settings);
    const plans = await loadPlan(usage.plan as string, settings);
    if (plans === null) return 1;
    let bad = 0;
    const replayed = await replayTracks({
      ...usage,
      plans: usage.compare ? [plans.now, plans.tried] : [plans.tried],
      onProblem({ file, line, reason }) {
        if (bad++ < MOST_NAMED) process.stderr.write(`${file}:${line}: ${reason}\n`);
      },
    }).catch((error: unknown) => {
      if (isFileError(error)) return `cannot read the track: ${error.message}`;
      throw error;
    });
    if (typeof replayed === 'string') return fail(replayed, 1);
    tell(replayed);
    if (bad > MOST_NAMED) process.stderr.write(`and ${bad - MOST_NAMED} rows more that could not be used\n`);
    return bad > 0 ? 1 : 0;
  },
};

/** Replays the stored reports of a span, under the plan given or the one in force. */
async function replayDatabase(
  { plan: path, from, to, compare }: Usage,
  settings: string | null,
): Promise<number> {
  return withConfiguredStore(verbSetting(), async (store) => {
    const current = path === null ? await store.plans.current() : null;
    if (path === null && current === null) return fail('no plan was imported yet; give one with --plan', 1);
    const plans =
      path === null ? buildOrTell(current?.files as PlanFiles, settings) : await loadPlan(path, settings);
    if (plans === null) return 1;
    const judged = compare ? [plans.now, plans.tried] : [plans.tried];
    tell(await replayStored(judged, store.positions, from as number, to as number));
    return 0;
  });
}

/** The findings of one plan, or what sets those of two apart. */
function tell(replayed: readonly (readonly Finding[])[]): void {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const [now, tried] = replayed;
  if (!now || !tried) {
    for (const finding of now ?? []) print(findingLine(finding));
    return;
  }
  const told = (findings: readonly Finding[]) => findings.filter((finding) => !finding.shadow);
  const { onlyNow, onlyTried, regraded, same, counts } = compareFindings(told(now), told(tried));
  for (const finding of onlyNow) print(`{"change":"only_now","finding":${findingLine(finding)}}`);
  for (const finding of onlyTried) print(`{"change":"only_tried","finding":${findingLine(finding)}}`);
  for (const pair of regraded)
    print(`{"change":"regraded","now":${findingLine(pair.now)},"tried":${findingLine(pair.tried)}}`);
  print(JSON.stringify({ same, counts }));
}

/** The text of the settings given, null where none are; a number is the exit code. */
async function readSettings({ settings }: Usage): Promise<string | null | number> {
  if (settings === null) return null;
  try {
    return await readFile(settings, 'utf8');
  } catch (error) {
    if (isFileError(error)) return fail(`cannot read the settings: ${error.message}`, 1);
    throw error;
  }
}

/** The plan as it is and with the settings given; the same where none are. */
interface Plans {
  readonly now: Plan;
  readonly tried: Plan;
}

interface Usage {
  /** Null: the plan in force, which only the database knows. */
  readonly plan: string | null;
  readonly database: boolean;
  readonly tracks: readonly string[];
  readonly from: number | null;
  readonly to: number | null;
  readonly settings: string | null;
  readonly compare: boolean;
}

/** What was asked for, or what is wrong with it. */
function readUsage(args: string[]): Usage | string {
  let values: {
    plan?: string;
    track?: string[];
    database?: boolean;
    from?: string;
    to?: string;
    settings?: string;
    compare?: boolean;
  };
  try {
    ({ values } = parseArgs({
      args,
      options: {
        plan: { type: 'string' },
        track: { type: 'string', multiple: true },
        database: { type: 'boolean' },
        from: { type: 'string' },
        to: { type: 'string' },
        settings: { type: 'string' },
        compare: { type: 'boolean' },
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
  const { settings = null, compare = false } = values;
  if (compare && settings === null) return '--compare takes --settings';
  return { plan: values.plan ?? null, database, tracks, from, to, settings, compare };
}

async function loadPlan(path: string, settings: string | null): Promise<Plans | null> {
  try {
    return buildOrTell(await readPlanFiles(path), settings);
  } catch (error) {
    if (!isFileError(error)) throw error;
    process.stderr.write(`busguard replay: cannot read the plan: ${error.message}\n`);
  }
  return null;
}

function buildOrTell(files: PlanFiles, settings: string | null): Plans | null {
  const now = buildPlan(files, planVersion(files));
  if (!now.ok) return tellProblems(now.problems);
  if (settings === null) return { now: now.plan, tried: now.plan };
  const changed = new Map(files).set(RULE_SETTINGS.file, settings);
  const then = amendPlan(now.base, changed, planVersion(changed));
  return then.ok ? { now: now.plan, tried: then.plan } : tellProblems(then.problems);
}

function tellProblems(problems: readonly PlanProblem[]): null {
  for (const { file, line, column, reason } of problems)
    process.stderr.write(`${file}:${line}: ${column}: ${reason}\n`);
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
