import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketFiles, objectUrl } from '../../../services/media/bucket-files.ts';
import { folderFiles } from '../../../services/media/folder-files.ts';
import { type MediaFiles, MediaFilesFault, mediaKey } from '../../../services/media/media-files.ts';
import { pictureBytes, sha256 } from '../../support/media-fixture.ts';
import { OBJECT_STORE, type ObjectStore, startObjectStore } from '../../support/object-store.ts';

const KEY = mediaKey('0123456789abcdef0123456789abcdef', Date.UTC(2026, 10, 23, 16, 30), 'jpg');

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 70_000) yield bytes.subarray(at, at + 70_000);
}
const contentOf = (bytes: Buffer) => ({
  bytes: bytes.length,
  sha256: sha256(bytes),
  contentType: 'image/jpeg',
  open: () => inPieces(bytes),
});
async function all(stream: Readable | null): Promise<Buffer | null> {
  if (!stream) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

it('keys are days of the clock in China, and the id', () => {
  expect(KEY).toBe('2026/11/24/01/0123456789abcdef0123456789abcdef.jpg');
});

const folder = mkdtempSync(join(tmpdir(), 'busguard-files-'));
let objects: ObjectStore;
beforeAll(async () => {
  objects = await startObjectStore();
});
afterAll(async () => {
  await objects.close();
  rmSync(folder, { recursive: true });
});

const bucket = (more: Partial<Parameters<typeof bucketFiles>[0]> = {}): MediaFiles =>
  bucketFiles({
    ...OBJECT_STORE,
    prefix: 'photos/2026',
    endpoint: objects.endpoint,
    addressing: 'path',
    ...more,
  });

describe.each([
  ['a folder', () => folderFiles(folder)],
  ['a bucket', () => bucket()],
] as const)('media in %s', (_where, open) => {
  const bytes = pictureBytes(300_000);

  it('are there as they were put, whole and in parts, and are gone when deleted', async () => {
    const files = open();
    await files.check();
    expect(await files.get(KEY)).toBeNull();
    await files.put(KEY, contentOf(bytes));
    expect((await all(await files.get(KEY)))?.equals(bytes)).toBe(true);
    const part = await all(await files.get(KEY, { start: 100, end: 199 }));
    expect(part?.equals(bytes.subarray(100, 200))).toBe(true);
    await files.put(KEY, contentOf(bytes));
    await files.delete(KEY);
    expect(await files.get(KEY)).toBeNull();
    await files.delete(KEY);
  });

  it('are never others than was said', async () => {
    const files = open();
    const other = { ...contentOf(bytes), sha256: sha256(Buffer.from('another')) };
    await expect(files.put(KEY, other)).rejects.toThrow(MediaFilesFault);
    expect(await files.get(KEY)).toBeNull();
  });

  it('have no keys but ours', async () => {
    const files = open();
    for (const key of [
      '../etc/passwd',
      '/etc/passwd',
      'a/../b',
      'a//b',
      'A/b',
      'a\0',
      '',
      '.partial',
      'a/./b',
    ])
      await expect(files.put(key, contentOf(bytes)), key).rejects.toThrow('no key of a medium');
  });

  it('are put by many at once', async () => {
    const files = open();
    const keys = Array.from({ length: 30 }, (_, i) =>
      mediaKey(sha256(Buffer.from([i])).slice(0, 32), 0, 'jpg'),
    );
    await Promise.all(
      keys.flatMap((key) => [files.put(key, contentOf(bytes)), files.put(key, contentOf(bytes))]),
    );
    for (const key of keys) {
      expect((await all(await files.get(key)))?.length).toBe(bytes.length);
      await files.delete(key);
    }
  });
});

describe('a folder of media', () => {
  it('has nothing half-written, and nobody else may read it', async () => {
    const files = folderFiles(folder);
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield pictureBytes(1_000);
      throw new Error('the source broke');
    }
    const content = { ...contentOf(pictureBytes(2_000)), open: broken };
    await expect(files.put(KEY, content)).rejects.toThrow('the source broke');
    const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(left).toEqual([]);
    await files.put(KEY, contentOf(pictureBytes(2_000)));
    expect(statSync(join(folder, KEY)).mode & 0o077).toBe(0);
    await files.delete(KEY);
    expect(existsSync(join(folder, '2026/11/24/01'))).toBe(false);
  });

  it('says when it cannot be written', async () => {
    const occupied = join(folder, 'occupied');
    writeFileSync(occupied, '');
    const files = folderFiles(join(occupied, 'media'));
    await expect(files.check()).rejects.toThrow(MediaFilesFault);
    await expect(files.put(KEY, contentOf(pictureBytes(10)))).rejects.toThrow(MediaFilesFault);
  });
});

describe('a bucket', () => {
  it('gets a type, and a folder of its own', async () => {
    await bucket().put(KEY, contentOf(pictureBytes(10)));
    expect(objects.objects.get(`photos/2026/${KEY}`)?.contentType).toBe('image/jpeg');
    await bucket({ prefix: '' }).put(KEY, contentOf(pictureBytes(10)));
    expect(objects.objects.has(KEY)).toBe(true);
  });

  it('that refuses, is away or says nothing is a fault that can be tried again', async () => {
    const content = contentOf(pictureBytes(200_000));
    const wrongKey = bucket({ secretAccessKey: 'another' });
    await expect(wrongKey.put(KEY, content)).rejects.toThrow('PUT was answered 403 SignatureDoesNotMatch');
    objects.refusal = { status: 503, code: 'SlowDown' };
    await expect(bucket().put(KEY, content)).rejects.toThrow(/PUT was answered 503|EPIPE|ECONNRESET/);
    await expect(bucket().get(KEY)).rejects.toThrow('GET was answered 503 SlowDown');
    await expect(bucket().check()).rejects.toThrow('HEAD was answered 503');
    objects.refusal = null;
    objects.silent = true;
    await expect(bucket({ idleMs: 50 }).get(KEY)).rejects.toThrow('says nothing');
    objects.silent = false;
    const nobody = bucket({ endpoint: 'http://127.0.0.1:1' });
    await expect(nobody.put(KEY, content)).rejects.toThrow(MediaFilesFault);
    await expect(nobody.get(KEY)).rejects.toThrow(MediaFilesFault);
  });

  it('is addressed by path or by host', () => {
    const options = { ...OBJECT_STORE, prefix: '', endpoint: 'https://oss.example.cn/base' };
    expect(objectUrl({ ...options, addressing: 'path' }, 'a/b.jpg').href).toBe(
      'https://oss.example.cn/base/buses/a/b.jpg',
    );
    expect(objectUrl({ ...options, addressing: 'host' }, 'a/b.jpg').href).toBe(
      'https://buses.oss.example.cn/base/a/b.jpg',
    );
  });
});
