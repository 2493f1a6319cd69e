import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { checkKey, type MediaFiles, MediaFilesFault } from './media-files.ts';

/** Half-written files begin so, in the folder that they end in. */
const PARTIAL = '.partial-';

/**
 * Media as files under one folder. A file is written beside its place, flushed to the disk, and renamed into it, and
 * then its folder is flushed: it is there whole or not at all.
 */
export function folderFiles(root: string): MediaFiles {
  const pathOf = (key: string): string => {
    checkKey(key);
    return join(root, key);
  };
  return {
    async put(key, { bytes, sha256, open: read }) {
      const path = pathOf(key);
      const folder = dirname(path);
      const partial = join(folder, `${PARTIAL}${randomUUID()}`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeDurably(partial, read(), { bytes, sha256 });
        await rename(partial, path);
        await flushFolders(folder, root);
      } catch (error) {
        await rm(partial, { force: true }).catch(() => undefined);
        throw asFault(error);
      }
    },
    async get(key, range) {
      const handle = await open(pathOf(key), 'r').catch(missingAsNull);
      if (!handle) return null;
      return createReadStream('', { fd: handle, ...(range ?? {}) }) as Readable;
    },
    async delete(key) {
      const path = pathOf(key);
      try {
        await rm(path, { force: true });
        // Of a day that is empty now nothing stays; a folder that is not empty refuses.
        await rmdir(dirname(path));
        await rmdir(dirname(dirname(path)));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw asFault(error);
      }
    },
    async check() {
      const probe = join(root, `${PARTIAL}${randomUUID()}`);
      try {
        await mkdir(root, { recursive: true, mode: 0o700 });
        await (await open(probe, 'wx', 0o600)).close();
        await rm(probe);
      } catch (error) {
        throw asFault(error);
      }
    },
  };
}

async function writeDurably(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  expected: { readonly bytes: number; readonly sha256: string },
): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let at = 0;
    for await (const chunk of chunks) {
      hash.update(chunk);
      await handle.writeFile(chunk);
      at += chunk.length;
    }
    if (at !== expected.bytes || hash.digest('hex') !== expected.sha256)
      throw new MediaFilesFault(`${at} bytes were to be stored that are not the ${expected.bytes} announced`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name in a folder is durable once the folder itself is flushed; those made for it are flushed too. */
async function flushFolders(folder: string, root: string): Promise<void> {
  for (let at = folder; at.length >= root.length; at = dirname(at)) {
    const handle = await open(at, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

function missingAsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw asFault(error);
}

function asFault(error: unknown): Error {
  if (error instanceof MediaFilesFault) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? (error as Error) : new MediaFilesFault(message, { cause: error });
}
