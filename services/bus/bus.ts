/**
 * What is only of the moment between parts of the system: live positions, and requests to whichever process holds
 * a terminal. Nothing here is durable; the database is the truth. Subjects are dot-separated tokens; a pattern may
 * use `*` for one token and a final `>` for the rest, as in NATS. Payloads are JSON values, and belong to the bus once
 * published: nobody changes them afterwards.
 */
export interface Bus {
  /** Never waits and never throws for want of a server: what cannot be delivered now is lost, and counted. */
  publish(subject: string, payload: unknown): void;
  /** Would anybody hear it? Lets a hot path save the making of a payload. Always true where that cannot be known. */
  hasListeners(subject: string): boolean;
  /** Returns a function that ends the subscription. A handler's fault is logged and touches nobody else. */
  subscribe(pattern: string, handler: (payload: unknown, subject: string) => void): () => void;
  /** Asks whoever serves `subject`; rejects with `BusNoAnswer` after `timeoutMs` or where nobody serves it. */
  request(subject: string, payload: unknown, timeoutMs: number): Promise<unknown>;
  /**
   * Serves requests on `subject`. Returns a function that ends it. With `oneOf`, of all processes that serve the subject
   * so, one gets each request.
   */
  serve(
    subject: string,
    handler: (payload: unknown) => Promise<unknown>,
    options?: { readonly oneOf?: boolean },
  ): () => void;
  /** Called when messages may have been missed and flow again. Returns a function that ends it. */
  onReconnect(listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * Nobody answered a request. `nobody`: no process serves the subject; `timeout`: it did not answer in time;
 * `fault`: it failed while answering; `disconnected`: this process has lost the bus.
 */
export class BusNoAnswer extends Error {
  override readonly name = 'BusNoAnswer';
  readonly reason: 'nobody' | 'timeout' | 'fault' | 'disconnected';

  constructor(message: string, reason: BusNoAnswer['reason'] = 'nobody') {
    super(message);
    this.reason = reason;
  }
}
