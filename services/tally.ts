import { Counter, type Gauge, type Registry } from '@platformatic/prom-client';

/** Numbers by label, cheap to add to on the way of every frame. */
export class Tally {
  readonly values = new Map<string, number>();

  add(label: string, n = 1): void {
    this.values.set(label, (this.values.get(label) ?? 0) + n);
  }

  of(label: string): number {
    return this.values.get(label) ?? 0;
  }
}

/** Makes metrics of plain numbers and tallies, which are read only when somebody asks for them. */
export interface CountedMetrics {
  plain(name: string, help: string, kind: typeof Gauge | typeof Counter, read: () => number): void;
  labelled(name: string, help: string, label: string, tally: Tally): void;
}

/** Names begin with `prefix`. */
export function countedMetrics(registry: Registry, prefix: string): CountedMetrics {
  const registers = [registry];
  return {
    plain(name, help, kind, read) {
      new kind({
        name: `${prefix}${name}`,
        help,
        registers,
        collect() {
          this.reset();
          this.inc(read());
        },
      });
    },
    labelled(name, help, label, tally) {
      new Counter({
        name: `${prefix}${name}`,
        help,
        labelNames: [label],
        registers,
        collect() {
          this.reset();
          for (const [value, n] of tally.values) this.inc({ [label]: value }, n);
        },
      });
    },
  };
}
