/**
 * What is only of the moment between parts of the system: live positions, and requests to whichever process holds
 * a terminal. Nothing here is durable; the database is the truth. Subjects are dot-separated tokens; a pattern may
 * use `*` for one token and a final `>` for the rest, as in NATS. Payloads are JSON values.
 */
export interface Bus {
  publish(subject: string, payload: unknown): void;
  /** Returns a function that ends the subscription. A handler's fault is logged and touches nobody else. */
  subscribe(pattern: string, handler: (payload: unknown, subject: string) => void): () => void;
  /** Asks whoever serves `subject`; rejects with `BusNoAnswer` after `timeoutMs` or where nobody serves it. */
  request(subject: string, payload: unknown, timeoutMs: number): Promise<unknown>;
  /** Serves requests on `subject`. Returns a function that ends it. */
  serve(subject: string, handler: (payload: unknown) => Promise<unknown>): () => void;
  close(): Promise<void>;
}

export class BusNoAnswer extends Error {
  override readonly name = 'BusNoAnswer';
}
