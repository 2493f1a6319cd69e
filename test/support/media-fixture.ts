import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Registry } from '@platformatic/prom-client';
import { pino } from 'pino';
import type { Plan } from '../../geo/plan/plan.ts';
import type { Bus } from '../../services/bus/bus.ts';
import { type KeeperLimits, MediaKeeper } from '../../services/media/keep-media.ts';
import { type MediaCounts, mediaCounts } from '../../services/media/media-counts.ts';
import { type MediaFiles, MediaFilesFault } from '../../services/media/media-files.ts';
import { Spool, type SpoolLimits } from '../../services/media/spool.ts';
import type { MediaDraft, MediaFile, MediaStore, StoredMedia } from '../../services/store/media-store.ts';
import { StoreUnavailable } from '../../services/store/store.ts';

/** Files in memory, that fail when the test says so. */
export interface MemoryFiles extends MediaFiles {
  readonly held: Map<string, Buffer>;
  /** While set, nothing is stored: the disk is full. */
  fault: string | null;
  /** While set every `put` waits for it, after the bytes were taken and before they are there. */
  hold: Promise<void> | null;
  puts: number;
}

export function memoryFiles(): MemoryFiles {
  const files: MemoryFiles = {
    held: new Map(),
    fault: null,
    hold: null,
    puts: 0,
    async put(key, content) {
      files.puts += 1;
      const chunks: Uint8Array[] = [];
      for await (const chunk of content.open()) chunks.push(chunk);
      if (files.hold) await files.hold;
      if (files.fault !== null) throw new MediaFilesFault(files.fault);
      const bytes = Buffer.concat(chunks);
      if (sha256(bytes) !== content.sha256 || bytes.length !== content.bytes) throw new Error('other bytes');
      files.held.set(key, bytes);
    },
    async get(key, range) {
      const bytes = files.held.get(key);
      return bytes ? Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes]) : null;
    },
    async delete(key) {
      files.held.delete(key);
    },
    async check() {
      if (files.fault !== null) throw new MediaFilesFault(files.fault);
    },
  };
  return files;
}

export interface MemoryMedia extends MediaStore {
  readonly rows: Map<
    string,
    StoredMedia & { state: 'announced' | 'storing' | 'stored'; begun: MediaFile | null }
  >;
  down: boolean;
}

/** The table of media in memory; the real one is held to its own tests. */
export function memoryMedia(): MemoryMedia {
  const seen = (row: (StoredMedia & { state: string }) | undefined): StoredMedia | null =>
    row && row.state !== 'storing' ? row : null;
  const add = (draft: MediaDraft, state: 'announced' | 'storing', begun: MediaFile | null) =>
    media.rows.set(draft.id, { ...draft, state, begun, file: null, findingId: null, legalHold: false });
  const up = (): void => {
    if (media.down) throw new StoreUnavailable('the test says so');
  };
  const media: MemoryMedia = {
    rows: new Map(),
    down: false,
    async announce(draft) {
      up();
      if (!media.rows.has(draft.id)) add(draft, 'announced', null);
    },
    async begin(draft, file) {
      up();
      const known = media.rows.get(draft.id);
      if (!known) add(draft, 'storing', file);
      return known?.state === 'stored' ? null : (known?.begun ?? file).key;
    },
    async finish(id) {
      up();
      const row = media.rows.get(id);
      if (!row) return null;
      media.rows.set(id, { ...row, state: 'stored', file: row.begun });
      return media.get(id);
    },
    async get(id) {
      up();
      return seen(media.rows.get(id));
    },
    async list(query) {
      up();
      return [...media.rows.values()]
        .filter((row) => seen(row) && (query.vehicles?.includes(row.vehicle) ?? true))
        .filter((row) => query.finding === undefined || row.findingId === query.finding)
        .filter((row) => row.time >= (query.from ?? 0) && row.time <= (query.to ?? Number.POSITIVE_INFINITY))
        .sort((a, b) => b.time - a.time || (a.id < b.id ? -1 : 1))
        .filter((row) => {
          const { before } = query;
          return !before || row.time < before.time || (row.time === before.time && row.id > before.id);
        })
        .slice(0, query.limit);
    },
    async hold(id, legalHold) {
      up();
      const row = media.rows.get(id);
      if (row) media.rows.set(id, { ...row, legalHold });
      return media.get(id);
    },
    async expired() {
      return [];
    },
    async remove(id) {
      media.rows.delete(id);
    },
  };
  return media;
}

export interface MediaFixture {
  readonly keeper: MediaKeeper;
  readonly media: MemoryMedia;
  readonly files: MemoryFiles;
  readonly spool: Spool;
  readonly spoolFolder: string;
  readonly counts: MediaCounts;
  /** The bytes of all stored media, by the terminal's number or name. */
  stored(): Map<number | string, Buffer>;
  close(): Promise<void>;
}

export async function mediaFixture(
  options: {
    readonly bus?: Bus;
    readonly plan?: Plan | null;
    readonly files?: MediaFiles;
    readonly media?: MediaStore;
    readonly limits?: Partial<KeeperLimits>;
    readonly spool?: Partial<SpoolLimits>;
  } = {},
): Promise<MediaFixture> {
  const files = memoryFiles();
  const media = memoryMedia();
  const spoolFolder = mkdtempSync(join(tmpdir(), 'busguard-spool-'));
  const spool = await Spool.open(spoolFolder, options.spool);
  const counts = mediaCounts(new Registry(), () => spool.openFiles);
  const bus = options.bus ?? ({ publish: () => undefined } as unknown as Bus);
  const keeper = new MediaKeeper({
    store: options.media ?? media,
    files: options.files ?? files,
    spool,
    bus,
    plan: { plan: options.plan ?? null },
    counts,
    log: pino({ level: 'silent' }),
    limits: { retryFirstMs: 5, retryLongestMs: 10, ...options.limits },
  });
  return {
    keeper,
    media,
    files,
    spool,
    spoolFolder,
    counts,
    stored() {
      const found = new Map<number | string, Buffer>();
      for (const { file, name, terminalMediaId } of media.rows.values())
        if (file) found.set(name ?? terminalMediaId ?? '', files.held.get(file.key) as Buffer);
      return found;
    },
    async close() {
      await keeper.close(0);
      rmSync(spoolFolder, { recursive: true, force: true });
    },
  };
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that begin as a JPEG does and go on without a pattern, the same for the same seed. */
export function pictureBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  bytes.set([0xff, 0xd8, 0xff, 0xe0].slice(0, length));
  return bytes;
}
