import { TestTerminal } from './test-terminal.ts';

/** A message a terminal has to get rid of, with the names of the reports in it. */
export interface Upload {
  readonly msgId: number;
  readonly body: readonly number[];
  readonly reports: readonly string[];
}

/** Longest wait for an answer before a terminal takes the link for dead (parameter 0x0002 of real ones). */
const ANSWER_MS = 15_000;
const RECONNECT_MS = 30;

/**
 * A terminal that goes on whatever happens, as real ones do: keeps what is not acknowledged, connects again when the
 * link is lost, and sends it again, in order. What it was told is stored is in `acked`, and stays there.
 */
export class RestlessTerminal {
  readonly phone: string;
  readonly acked = new Set<string>();
  /** Messages sent more than once. */
  repeated = 0;
  connections = 0;
  readonly #port: () => number;
  readonly #uploads: Iterator<Upload>;
  readonly #paceMs: number;
  readonly #plate: string | undefined;
  #code: string | null = null;
  #current: Upload | null = null;
  #stopping = false;
  #cut: (() => void) | null = null;

  constructor(
    phone: string,
    port: () => number,
    uploads: Iterator<Upload>,
    paceMs: number,
    /** What it registers with. */
    plate?: string,
  ) {
    this.phone = phone;
    this.#port = port;
    this.#uploads = uploads;
    this.#paceMs = paceMs;
    this.#plate = plate;
  }

  /** Ends once what it has begun is acknowledged; resolves with the number of uploads acknowledged. */
  async run(): Promise<number> {
    let done = 0;
    for (;;) {
      let terminal: TestTerminal | null = null;
      try {
        terminal = await TestTerminal.connect(this.#port(), this.phone);
        this.connections += 1;
        const link = terminal;
        this.#cut = () => link.end();
        await within(this.#login(link));
        for (;;) {
          if (!this.#current) {
            if (this.#stopping) return done;
            const next = this.#uploads.next();
            if (next.done) return done;
            this.#current = next.value;
          } else this.repeated += 1;
          const { msgId, body, reports } = this.#current;
          const result = await within(link.ackOf(link.send(msgId, body)));
          if (result !== 0) throw new Error(`result ${result}`);
          for (const report of reports) this.acked.add(report);
          this.#current = null;
          done += 1;
          link.received.length = 0;
          if (this.#paceMs > 0) await pause(this.#paceMs);
        }
      } catch {
        // Whatever it was: the link is dead, and everything is tried again on another.
        await pause(RECONNECT_MS);
      } finally {
        terminal?.end();
      }
    }
  }

  async #login(terminal: TestTerminal): Promise<void> {
    this.#code ??= await terminal.register(this.#plate);
    if (this.#code === null) throw new Error('registration was refused');
    if ((await terminal.authenticate(this.#code)) !== 0) this.#code = null;
    if (this.#code === null) throw new Error('authentication was refused');
  }

  stop(): void {
    this.#stopping = true;
  }

  /** Loses the link, as in a tunnel. */
  cut(): void {
    this.#cut?.();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function within<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), ANSWER_MS);
  });
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
