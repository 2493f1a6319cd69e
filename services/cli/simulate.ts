import { parseArgs } from 'node:util';
import type { FleetOptions } from '../simulator/run-fleet.ts';
import type { Verb } from './verb.ts';

const HELP = `Usage: busguard simulate --target host:port [options]

Terminals that speak JT/T 808 over TCP: they register, authenticate, keep alive, drive and report.

  --target HOST:PORT  where the platform listens (default 127.0.0.1:8808)
  --buses N           how many terminals (default: as many as the plan or the track has)
  --interval S        seconds between two reports of a terminal (default 10, at least 1)
  --plan DIR          plan whose runs they drive, a folder or .zip (default: the demo plan)
  --track FILE        send a recorded track instead: CSV (vehicle,time,lat,lon[,speed_kmh][,bearing]) or .jsonl,
                      also .gz; one terminal per vehicle, original times
  --speedup X         how many times as fast as real time (default 1)
  --duration S        end after so many seconds (default: at Ctrl-C, with a track when it is through)
  --seed K            another number, another fleet (default 1)
  --incidents         stage the demo's incidents
  --start ISO         event time at the start (default: now)

Prints one object with counts at the end. Exit 0 only if every terminal was let in and every report acknowledged.`;

const OPTIONS = {
  target: { type: 'string', default: '127.0.0.1:8808' },
  buses: { type: 'string' },
  interval: { type: 'string', default: '10' },
  plan: { type: 'string' },
  track: { type: 'string' },
  speedup: { type: 'string', default: '1' },
  duration: { type: 'string' },
  seed: { type: 'string', default: '1' },
  incidents: { type: 'boolean', default: false },
  start: { type: 'string' },
} as const;

class UsageError extends Error {}

export const verb: Verb = {
  summary: 'a fleet of simulated terminals over real TCP',
  help: HELP,
  async run(args) {
    let options: FleetOptions;
    try {
      options = await fleetOptions(args);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!(error instanceof UsageError) && !code.startsWith('ERR_PARSE_ARGS') && code !== 'ENOENT')
        throw error;
      process.stderr.write(`busguard simulate: ${(error as Error).message}\n`);
      return 2;
    }
    const { startFleet } = await import('../simulator/run-fleet.ts');
    const fleet = startFleet({
      ...options,
      onProgress: (p) =>
        process.stderr.write(
          `${p.online} of ${p.terminals} terminals online, ${p.acknowledged} of ${p.sent} reports acknowledged\n`,
        ),
    });
    for (const incident of fleet.incidents)
      process.stderr.write(`staged: ${incident.kind} by ${incident.vehicle}\n`);
    const stop = () => fleet.stop();
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    const summary = await fleet.done;
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    process.stdout.write(`${JSON.stringify(summary)}\n`);
    const complete =
      summary.connected === summary.terminals && summary.unacknowledged + summary.rejected === 0;
    return complete ? 0 : 1;
  },
};

async function fleetOptions(args: string[]): Promise<FleetOptions> {
  const { values } = parseArgs({ args, options: OPTIONS, strict: true });
  const { host, port } = target(values.target);
  const { buildPlan } = await import('../../geo/plan/build-plan.ts');
  const files = values.plan
    ? await (await import('../plan/plan-files.ts')).readPlanFiles(values.plan)
    : (await import('../simulator/demo-plan.ts')).demoPlanFiles();
  const built = buildPlan(files, values.plan ? 'simulated' : 'demo');
  if (!built.ok) {
    const [first] = built.problems;
    throw new UsageError(
      `--plan ${values.plan}: ${built.problems.length} problems, the first in ${first?.file} line ${first?.line}: ${first?.reason}`,
    );
  }
  const track = values.track
    ? await (await import('../replay/read-track.ts')).readTrack(
        values.track,
        built.plan,
        ({ file, line, reason }) => process.stderr.write(`${file} line ${line}: ${reason}\n`),
      )
    : null;
  const startAt = values.start === undefined ? Date.now() : Date.parse(values.start);
  if (Number.isNaN(startAt)) throw new UsageError(`--start takes an ISO 8601 time, not "${values.start}"`);
  return {
    host,
    port,
    plan: built.plan,
    files,
    track,
    startAt,
    buses: values.buses === undefined ? null : number('--buses', values.buses, 1, 100_000, true),
    intervalS: number('--interval', values.interval, 1, 86_400),
    speedup: number('--speedup', values.speedup, 0.01, 100_000),
    durationS: values.duration === undefined ? null : number('--duration', values.duration, 0.1, 1e9),
    seed: number('--seed', values.seed, 0, 0xffff_ffff, true),
    incidents: values.incidents,
  };
}

function target(text: string): { host: string; port: number } {
  const found = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(found?.[3]);
  if (!found || port < 1 || port > 65_535) throw new UsageError(`--target takes host:port, not "${text}"`);
  return { host: found[1] ?? found[2]!, port };
}

function number(name: string, text: string, low: number, high: number, whole = false): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high && (!whole || Number.isInteger(value)))
    return value;
  throw new UsageError(
    `${name} takes a ${whole ? 'whole ' : ''}number from ${low} to ${high}, not "${text}"`,
  );
}
