import type { Registry } from '@platformatic/prom-client';
import type { Logger } from 'pino';
import type { Plan } from '../../geo/plan/plan.ts';
import { startAttachments } from '../attachments/start-attachments.ts';
import type { Bus } from '../bus/bus.ts';
import type { AttachmentOrders } from '../ingest/ask-for-attachments.ts';
import type { Store } from '../store/store.ts';
import { MediaKeeper } from './keep-media.ts';
import { mediaCounts } from './media-counts.ts';
import type { MediaFiles } from './media-files.ts';
import { spoolFolder } from './open-media-files.ts';
import { Spool } from './spool.ts';

export interface MediaOptions {
  readonly store: Store;
  readonly bus: Bus;
  readonly plan: { readonly plan: Plan | null };
  readonly files: MediaFiles;
  readonly dataDir: string;
  /** Under which alarm numbers prove themselves; the same in every process. */
  readonly key: Uint8Array;
  /** Of the attachments; 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** As terminals are told it. */
  readonly address: { readonly host: string; readonly port: number | null } | undefined;
  readonly log: Logger;
  readonly metrics: Registry;
}

/** How long the end of the process waits for media that are whole and being stored. */
const SHUTDOWN_MS = 8_000;

/** What takes media in: the spool, the way into the store, and the port for the files of alarms. */
export async function startMedia(options: MediaOptions): Promise<{
  readonly keeper: MediaKeeper;
  readonly orders: AttachmentOrders;
  readonly port: number;
  close(): Promise<void>;
}> {
  const { store, bus, plan, files, dataDir, key, host, address, metrics } = options;
  const log = options.log.child({ part: 'media' });
  const spool = await Spool.open(spoolFolder(dataDir));
  const counts = mediaCounts(metrics, () => spool.openFiles);
  const keeper = new MediaKeeper({ store: store.media, files, spool, bus, plan, counts, log });
  const attachments = await startAttachments({
    port: options.port,
    host,
    keeper,
    terminals: store.terminals,
    plan,
    key,
    log: options.log,
  });
  // Terminals keep what is not acknowledged: a store that is away now is no reason not to start.
  files.check().catch((error: unknown) => log.error({ err: error }, 'media cannot be stored at the moment'));
  return {
    keeper,
    orders: { key, address: address?.host, port: address?.port ?? attachments.port },
    port: attachments.port,
    async close() {
      await attachments.close();
      await keeper.close(SHUTDOWN_MS);
    },
  };
}
