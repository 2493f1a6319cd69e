import { Batcher, type BatcherWorld } from './batcher.ts';

/**
 * One batcher, or several side by side where the database is far away, so that it works on one commit while another is
 * being made. A vehicle belongs to one of them, so its commits follow one another.
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
