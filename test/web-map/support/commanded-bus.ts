import type { Fix } from '../../../services/simulator/fix.ts';
import type { FixSource } from '../../../services/simulator/fix-source.ts';
import { FleetCounts } from '../../../services/simulator/fleet-counts.ts';
import { Terminal } from '../../../services/simulator/terminal.ts';
import { identityOf } from '../../../services/simulator/terminal-identity.ts';
import { DEFAULT_SETTINGS } from '../../../services/simulator/terminal-settings.ts';
import { WakeHeap } from '../../../services/simulator/wake-heap.ts';
import { smallPlan } from '../../services/api/small-plan.ts';
import { startFixture } from '../../services/api/web-fixture.ts';
import { ingestFixture } from '../../support/ingest-fixture.ts';
import { memoryStore } from '../../support/memory-store.ts';

/** A bus that stands at its first stop. */
class ParkedSource implements FixSource {
  readonly waitsForLine = true;
  intervalS = 30;
  #due = 0;

  nextDue(): number {
    return this.#due;
  }
  take(now: number): Fix {
    this.#due = now + this.intervalS * 1_000;
    return this.peek(now);
  }
  peek(now: number): Fix {
    return {
      time: now,
      lat: 31.7,
      lon: 119.9,
      altitudeM: 5,
      speedKmh: 0,
      recorderSpeedKmh: 0,
      directionDeg: 0,
      positioned: true,
      accOn: true,
      doorOpen: false,
      alarmFlags: 0,
      mileageKm: 12_543,
      signalStrength: 25,
      satellites: 12,
    };
  }
  lineUp(now: number): void {
    this.#due = now;
  }
  setInterval(seconds: number): void {
    this.intervalS = seconds;
  }
  track(): void {
    // It stands: closer reports would say the same.
  }
}

/** Web pages, an ingest and the terminal of one bus as one system; the terminal is the simulator's, over TCP. */
export async function startCommandedBus(pagesDir: string) {
  const plan = smallPlan();
  const service = await startFixture({ pagesDir, now: Date.now });
  const ingest = await ingestFixture({
    plan,
    bus: service.bus,
    memory: { ...memoryStore(), commands: service.commands },
    limits: { commandSweepMs: 200 },
  });
  const bus = plan.vehicles.get('V1');
  if (!bus) throw new Error('the plan has no bus V1');
  const heap = new WakeHeap();
  const counts = new FleetCounts();
  let terminal: Terminal | null = null;
  return {
    service,
    terminal: () => terminal,
    /** Connects the terminal, and resolves when it is in. */
    async arrive(): Promise<void> {
      terminal = new Terminal(
        {
          identity: identityOf(bus),
          host: '127.0.0.1',
          port: ingest.port,
          source: new ParkedSource(),
          settings: DEFAULT_SETTINGS,
          heap,
          counts,
          random: Math.random,
          silences: [],
          onReply: () => undefined,
        },
        heap.now(),
      );
      while (counts.acknowledged === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    leave(): void {
      terminal?.stop();
      terminal = null;
      counts.acknowledged = 0;
    },
    async close(): Promise<void> {
      terminal?.stop();
      heap.close();
      await ingest.close();
      await service.close();
    },
  };
}
