import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { buildPlan } from '../../geo/plan/build-plan.ts';
import type { Plan, PlanFiles } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import { etaLines } from '../eta/eta-lines.ts';
import { dutiesOfTracks } from '../eta/track-duties.ts';
import { planVersion, readPlanFiles } from '../plan/plan-files.ts';
import { readTrack } from '../replay/read-track.ts';
import type { Verb } from './verb.ts';

/** Bad rows named one by one; the rest are only counted. */
const MOST_NAMED = 100;
/** Characters written at once. */
const CHUNK = 65_536;

export const verb: Verb = {
  summary: 'replays a track and prints every arrival prediction a family would have been shown',
  help: `Usage: busguard eta --plan DIR|FILE.zip [--history FILE ...] --track FILE ...

Learns from the history, then replays the track and prints, in order of time, one line for each prediction that has
changed, at least every 30 s, for stops up to 30 min ahead, and one for each arrival. Times end in +08:00.

  {"at":T,"trip":...,"stop":...,"predicted":T,"from":T,"to":T,"confidence":0.9}
  {"stop":...,"trip":...,"arrived":T}

One bus in ten comes before "from", one in ten after "to"; "confidence" is the share of such predictions that have held
within the tolerance of the ETA Accuracy Benchmark. Nothing is printed where there is no basis: before the run is under
way, off its line, or 90 s after the last position on it. Learning goes on while the track is replayed, from what has
happened by then, as in the live service. Deterministic: the same input prints the same bytes.

  --plan DIR|FILE.zip  GTFS, with the extra files where there are any
  --history FILE ...   tracks of earlier days; rows that are not before the track are left out
  --track FILE ...     .csv with header vehicle,time,lat,lon[,speed_kmh][,bearing][,trip_id], or .jsonl of decoded
                       reports; either may be .gz. Where the plan has no duties.csv, trip_id says who is on which trip;
                       without it that is inferred from where and when a vehicle drives.

Rows that cannot be used are named on stderr and passed over; then the exit code is 1. Usage faults exit with 2.`,
  async run(args) {
    const usage = readUsage(args);
    if (typeof usage === 'string') return fail(usage, 2);
    let files: PlanFiles;
    try {
      files = await readPlanFiles(usage.plan);
    } catch (error) {
      if (isFileError(error)) return fail(`cannot read the plan: ${error.message}`, 1);
      throw error;
    }
    let bad = 0;
    const read = async (names: readonly string[], plan: Plan): Promise<Report[]> => {
      const reports: Report[] = [];
      for (const name of names) {
        const rows = await readTrack(name, plan, ({ file, line, reason }) => {
          if (bad++ < MOST_NAMED) process.stderr.write(`${file}:${line}: ${reason}\n`);
        });
        for (const report of rows) reports.push(report);
      }
      return reports;
    };
    let plan: Plan | null;
    let history: Report[];
    let track: Report[];
    try {
      plan = await planWithDuties(files, [...usage.history, ...usage.tracks]);
      if (plan === null) return 1;
      history = await read(usage.history, plan);
      track = await read(usage.tracks, plan);
    } catch (error) {
      if (isFileError(error)) return fail(`cannot read a track: ${error.message}`, 1);
      throw error;
    }
    const begin = track.reduce((least, report) => Math.min(least, report.time), Number.POSITIVE_INFINITY);
    const earlier = history.filter((report) => report.time < begin);
    if (earlier.length < history.length)
      process.stderr.write(
        `${history.length - earlier.length} rows of the history are not before the track\n`,
      );
    await print(etaLines(plan, earlier, track));
    if (bad > MOST_NAMED) process.stderr.write(`and ${bad - MOST_NAMED} rows more that could not be used\n`);
    return bad > 0 ? 1 : 0;
  },
};

/** The plan, with duties by the word of the tracks where it has none of its own; null where it does not build. */
async function planWithDuties(files: PlanFiles, tracks: readonly string[]): Promise<Plan | null> {
  const plan = buildOrTell(files);
  if (plan === null || plan.registers.duties) return plan;
  const texts: string[] = [];
  for (const track of tracks) if (/\.csv(\.gz)?$/.test(track)) texts.push(await textOf(track));
  const duties = dutiesOfTracks(plan, texts);
  return duties === '' ? plan : buildOrTell(new Map(files).set('duties.csv', duties));
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function buildOrTell(files: PlanFiles): Plan | null {
  const built = buildPlan(files, planVersion(files));
  if (built.ok) return built.plan;
  for (const { file, line, column, reason } of built.problems)
    process.stderr.write(`${file}:${line}: ${column}: ${reason}\n`);
  return null;
}

/** Writes lines as fast as they are taken. */
async function print(lines: Iterable<string>): Promise<void> {
  let chunk = '';
  const write = async (): Promise<void> => {
    const room = process.stdout.write(chunk);
    chunk = '';
    if (!room) await once(process.stdout, 'drain');
  };
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length >= CHUNK) await write();
  }
  if (chunk !== '') await write();
}

interface Usage {
  readonly plan: string;
  readonly history: readonly string[];
  readonly tracks: readonly string[];
}

/** What was asked for, or what is wrong with it. `--history a b` is `--history a --history b`. */
function readUsage(args: readonly string[]): Usage | string {
  const spread: string[] = [];
  let list: string | null = null;
  for (const [i, arg] of args.entries()) {
    if (arg.startsWith('--')) list = arg === '--history' || arg === '--track' ? arg : null;
    else if (list !== null && args[i - 1] !== list) spread.push(list);
    spread.push(arg);
  }
  try {
    const { values } = parseArgs({
      args: spread,
      options: {
        plan: { type: 'string' },
        history: { type: 'string', multiple: true },
        track: { type: 'string', multiple: true },
      },
    });
    const { plan, history = [], track: tracks = [] } = values;
    if (!plan) return '--plan is missing';
    if (tracks.length === 0) return '--track is missing';
    return { plan, history, tracks };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function fail(reason: string, code: number): number {
  process.stderr.write(`busguard eta: ${reason}\n`);
  return code;
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';
