/** What is said between the thread that runs the embedded database and the one that uses it. */

/** To the worker, in order: bytes of PostgreSQL's protocol, the rows of the next COPY, or the end. */
export type ToWorker =
  | { readonly type: 'wire'; readonly bytes: Uint8Array }
  | { readonly type: 'rows'; readonly bytes: Uint8Array }
  | { readonly type: 'close' };

/** From the worker: it runs, it answers on the wire, something of note, or it has closed. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'wire'; readonly bytes: Uint8Array }
  | { readonly type: 'note'; readonly text: string; readonly ms?: number }
  | { readonly type: 'closed' };

export interface WorkerSetup {
  /** The data folder; it is there and initialised, or empty. */
  readonly folder: string;
  /** The PostGIS bundle to load; null: the whole one, which a new folder needs. */
  readonly bundle: string | null;
}

/** Where in the database's own file system the rows of the next COPY lie. */
export const ROWS_FILE = '/tmp/busguard-rows';
