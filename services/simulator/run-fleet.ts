import type { Plan, PlanFiles } from '../../geo/plan/plan.ts';
import type { Report } from '../../geo/report.ts';
import { CrewScript, type CrewWord } from './crew-script.ts';
import { FleetClock } from './fleet-clock.ts';
import { FleetCounts } from './fleet-counts.ts';
import type { Incident } from './incidents.ts';
import { seededRandom } from './seeded-random.ts';
import { stagedFleet } from './staged-fleet.ts';
import { Terminal, type TerminalOptions } from './terminal.ts';
import { DEFAULT_SETTINGS, type TerminalSettings } from './terminal-settings.ts';
import { trackTerminals } from './track-terminals.ts';
import { type Sleeper, WakeHeap } from './wake-heap.ts';

export interface FleetOptions {
  readonly host: string;
  readonly port: number;
  readonly plan: Plan;
  /** The plan's files, for the roads of its base layer; null where there are none. */
  readonly files?: PlanFiles | null;
  /** Terminals; by default as many as the plan or the track has. */
  readonly buses?: number | null;
  /** Seconds between two reports of a terminal; default 10. */
  readonly intervalS?: number;
  /** Event time runs this many times as fast as the clock; default 1. */
  readonly speedup?: number;
  /** Wall-clock seconds; default without end, with a track until it is through. */
  readonly durationS?: number | null;
  readonly seed?: number;
  /** Event time at the start; default now. A track has its own. */
  readonly startAt?: number;
  /** Stages the demo's incidents. */
  readonly incidents?: boolean;
  /** Recorded reports to send instead of driving the plan. */
  readonly track?: readonly Report[] | null;
  readonly settings?: Partial<TerminalSettings>;
  /** Wall-clock milliseconds over which the terminals connect; default 1 ms a terminal, 5 s at most. */
  readonly connectSpreadMs?: number;
  /** How long the last reports may wait for their acknowledgement at the end; default 10 s. */
  readonly drainMs?: number;
  readonly onProgress?: (progress: FleetProgress) => void;
  /** Hears what the escorts of the plan's buses say by phone, which no terminal carries. */
  readonly onCrewWord?: (vehicle: string, word: CrewWord) => void;
  /** Default 5 s. */
  readonly progressEveryMs?: number;
}

export interface FleetProgress {
  readonly terminals: number;
  readonly online: number;
  readonly sent: number;
  readonly acknowledged: number;
}

/** What a fleet did, as the `simulate` verb prints it at the end. */
export interface FleetSummary {
  readonly terminals: number;
  /** Terminals that were let in at least once. */
  readonly connected: number;
  /** Reports sent, each counted once. */
  readonly sent: number;
  readonly acknowledged: number;
  readonly retransmitted: number;
  /** Reports that went up as blind-area data. */
  readonly backfilled: number;
  /** Reports that were still not acknowledged at the end. */
  readonly unacknowledged: number;
  readonly rejected: number;
  readonly overwritten: number;
  readonly reconnects: number;
  readonly refused: number;
  readonly ackLatencyMs: { readonly p50: number | null; readonly p99: number | null };
  readonly durationS: number;
}

export interface Fleet {
  readonly incidents: readonly Incident[];
  /** Ends measuring, waits for what is under way (`drainMs` at most) and closes every connection. */
  stop(): void;
  readonly done: Promise<FleetSummary>;
  progress(): FleetProgress;
}

/** Starts a fleet of terminals over real TCP; all of them share one timer. */
export function startFleet(options: FleetOptions): Fleet {
  const heap = new WakeHeap();
  const counts = new FleetCounts();
  const wallStart = heap.now();
  const terminals: Terminal[] = [];
  const unsettled = new Set<Terminal>();
  const { incidents, parts, crews, clock } = fleetParts(options, wallStart);
  const spreadMs = options.connectSpreadMs ?? Math.min(5000, parts.length);
  let finishing = false;
  let finish: (summary: FleetSummary) => void = () => undefined;
  const done = new Promise<FleetSummary>((resolve) => {
    finish = resolve;
  });

  parts.forEach((part, i) => {
    const terminal: Terminal = new Terminal(
      {
        ...part,
        host: options.host,
        port: options.port,
        settings: { ...DEFAULT_SETTINGS, ...options.settings },
        heap,
        counts,
        onReply: () => {
          if (finishing ? terminal.settled : terminal.done) settle(terminal);
        },
      },
      wallStart + (spreadMs * i) / parts.length,
    );
    terminals.push(terminal);
    unsettled.add(terminal);
  });

  const ending = sleeper(() => end());
  const until = sleeper(() => stop());
  const progressEveryMs = options.progressEveryMs ?? 5000;
  const progressing = sleeper((now) => {
    options.onProgress?.(progress());
    heap.set(progressing, now + progressEveryMs);
  });
  const speaking = sleeper((now) => {
    for (const { vehicle, script } of crews)
      for (const word of script.until(clock.eventTime(now))) options.onCrewWord?.(vehicle, word);
    heap.set(speaking, now + SPEAK_EVERY_MS);
  });
  if (options.onCrewWord && crews.length > 0) heap.set(speaking, wallStart + SPEAK_EVERY_MS);
  if (options.onProgress) heap.set(progressing, wallStart + progressEveryMs);
  if (options.durationS) heap.set(until, wallStart + options.durationS * 1000);
  if (terminals.length === 0) end();

  function settle(terminal: Terminal): void {
    unsettled.delete(terminal);
    if (unsettled.size === 0) end();
  }

  function stop(): void {
    if (finishing) return;
    finishing = true;
    for (const terminal of terminals) terminal.finish();
    heap.set(ending, heap.now() + (options.drainMs ?? 10_000));
    for (const terminal of terminals) if (terminal.settled) settle(terminal);
  }

  function end(): void {
    finishing = true;
    const unacknowledged = counts.sent - counts.acknowledged - counts.rejected;
    for (const terminal of terminals) terminal.stop();
    heap.close();
    finish({
      terminals: terminals.length,
      connected: counts.connected,
      sent: counts.sent,
      acknowledged: counts.acknowledged,
      retransmitted: counts.retransmitted,
      backfilled: counts.blind,
      unacknowledged,
      rejected: counts.rejected,
      overwritten: counts.overwritten,
      reconnects: counts.reconnects,
      refused: counts.refused,
      ackLatencyMs: { p50: latency(0.5), p99: latency(0.99) },
      durationS: Math.round((heap.now() - wallStart) / 100) / 10,
    });
  }

  /** Milliseconds with two decimals. */
  function latency(share: number): number | null {
    const ms = counts.ackLatency.percentile(share);
    return ms === null ? null : Math.round(ms * 100) / 100;
  }

  function progress(): FleetProgress {
    const { online, sent, acknowledged } = counts;
    return { terminals: terminals.length, online, sent, acknowledged };
  }

  return { incidents, stop, done, progress };
}

/** One bus with the escort on it. */
interface Speaking {
  readonly vehicle: string;
  readonly script: CrewScript;
}

/** How often it is looked whether an escort has something to say, wall-clock milliseconds. */
const SPEAK_EVERY_MS = 1000;

type Part = Pick<TerminalOptions, 'identity' | 'source' | 'silences' | 'random'>;

function fleetParts(
  options: FleetOptions,
  wallStart: number,
): { incidents: readonly Incident[]; parts: Part[]; crews: readonly Speaking[]; clock: FleetClock } {
  const { plan, track, seed = 1, speedup = 1 } = options;
  const clock = new FleetClock(options.startAt ?? Date.now(), wallStart, speedup);
  if (track) {
    const parts = trackTerminals(track, plan, options.buses ?? null, wallStart, speedup);
    return { incidents: [], parts, crews: [], clock };
  }
  const fleet = stagedFleet({
    plan,
    files: options.files ?? null,
    buses: options.buses ?? null,
    intervalS: options.intervalS ?? 10,
    seed,
    clock,
    incidents: options.incidents ?? false,
  });
  const parts = fleet.buses.map((bus) => ({
    identity: bus.identity,
    source: bus.source,
    silences: bus.silences.map(({ from, to }) => ({ from: clock.wallTime(from), to: clock.wallTime(to) })),
    random: seededRandom(bus.seed),
  }));
  const crews = fleet.buses
    .filter((bus) => bus.behindMs === 0)
    .map((bus) => ({ vehicle: bus.identity.vehicle, script: new CrewScript(plan, bus.motion) }));
  return { incidents: fleet.incidents, parts, crews, clock };
}

function sleeper(wake: (now: number) => void): Sleeper {
  return { heapIndex: -1, wake };
}
