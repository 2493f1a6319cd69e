import type pg from 'pg';
import { prepareValue } from 'pg/lib/utils.js';

/** One piece of a pipeline: a prepared statement with its parameters, or with the rows of its binary COPY. */
export interface Step {
  readonly name: string;
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly rows: Uint8Array | null;
}

/** What the driver offers a query that speaks the protocol itself: "Frontend/Backend Protocol", section "Message Flow". */
interface Wire {
  readonly stream: { cork(): void; uncork(): void; write(bytes: Uint8Array): boolean };
  /** Statements that this connection has prepared, by name. */
  readonly parsedStatements: { [name: string]: string };
  parse(message: { readonly name: string; readonly text: string; readonly types: readonly number[] }): void;
  bind(message: {
    readonly statement: string;
    readonly values: readonly unknown[];
    readonly valueMapper: (value: unknown) => unknown;
  }): void;
  execute(message: { readonly portal: string; readonly rows: number }): void;
  sync(): void;
  on(event: 'parseComplete', heard: () => void): void;
  off(event: 'parseComplete', heard: () => void): void;
}

const COPY_DATA = 0x64;
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

/**
 * Many statements in one write and one answer. The server does them one after the other; after one that fails it
 * passes over all that follow, rows of COPY included, up to the end of the pipeline.
 */
export function runPipeline(client: pg.Client, steps: readonly Step[]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new Pipeline(steps, resolve, reject) as unknown as pg.Submittable);
  });
}

class Pipeline {
  readonly #steps: readonly Step[];
  readonly #done: () => void;
  readonly #failed: (error: Error) => void;
  #unparsed: Step[] = [];
  #wire: Wire | null = null;

  constructor(steps: readonly Step[], done: () => void, failed: (error: Error) => void) {
    this.#steps = steps;
    this.#done = done;
    this.#failed = failed;
  }

  /** Called by the driver when it is this query's turn. */
  submit(connection: unknown): void {
    const wire = connection as Wire;
    this.#wire = wire;
    wire.on('parseComplete', this.#parsed);
    wire.stream.cork();
    for (const step of this.#steps) {
      const { name, sql, values, rows } = step;
      if (!wire.parsedStatements[name] && !this.#unparsed.some((other) => other.name === name)) {
        wire.parse({ name, text: sql, types: [] });
        this.#unparsed.push(step);
      }
      wire.bind({ statement: name, values, valueMapper: prepareValue });
      wire.execute({ portal: '', rows: 0 });
      if (rows === null) continue;
      const head = Buffer.allocUnsafe(5);
      head[0] = COPY_DATA;
      head.writeInt32BE(rows.length + 4, 1);
      wire.stream.write(head);
      wire.stream.write(rows);
      wire.stream.write(COPY_DONE);
    }
    wire.sync();
    wire.stream.uncork();
  }

  /** A statement stays prepared even where one behind it fails. */
  readonly #parsed = (): void => {
    const step = this.#unparsed.shift();
    if (step && this.#wire) this.#wire.parsedStatements[step.name] = step.sql;
  };

  #end(): void {
    this.#wire?.off('parseComplete', this.#parsed);
  }

  handleReadyForQuery(): void {
    this.#end();
    this.#done();
  }

  handleError(error: Error): void {
    this.#end();
    this.#failed(error);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCommandComplete(): void {}
  /** The rows are on their way already. */
  handleCopyInResponse(): void {}
}
