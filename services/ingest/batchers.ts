import { Batcher, type BatcherWorld } from './batcher.ts';

/**
 * Several batchers side by side, so that the database works on one commit while another is being made and a third
 * gathers. A vehicle belongs to one of them, so its commits follow one another.
 */
export class Batchers {
  readonly #batchers: readonly Batcher[];

  constructor(world: BatcherWorld) {
    const count = Math.max(1, world.limits.commitsSideBySide);
    this.#batchers = Array.from({ length: count }, () => new Batcher(world));
  }

  /** For what belongs to no vehicle. */
  get any(): Batcher {
    return this.#batchers[0] as Batcher;
  }

  of(vehicleKey: number): Batcher {
    return this.#batchers[vehicleKey % this.#batchers.length] as Batcher;
  }

  async close(timeoutMs: number): Promise<void> {
    await Promise.all(this.#batchers.map((batcher) => batcher.close(timeoutMs)));
  }
}
