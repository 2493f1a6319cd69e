import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { PlanFiles } from '../../geo/plan/plan.ts';
import { storableText } from './column-types.ts';
import type { Database } from './database.ts';
import { type DataCipher, PERSONAL_FILES } from './personal-files.ts';
import type { PlanStore, PlanVersion } from './store.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** A file larger than this when compressed is kept in several rows. */
const PART_BYTES = 4 * 1024 * 1024;
/** Importing or reading a city's whole feed takes its time. */
const PLAN_TIMEOUT_MS = 300_000;

/** Imported once more, a version becomes the current one again. */
const NEW_VERSION = `
insert into plan_version (version, note) values ($1, $2)
on conflict (version) do update set note = excluded.note, imported_at = excluded.imported_at,
  seq = default`;
const CLEAR = 'delete from plan_file where version = $1';
const ADD = 'insert into plan_file (version, name, part, key_id, content) values ($1, $2, $3, $4, $5)';
const CURRENT = 'select version from plan_version order by seq desc limit 1';
const FILES = 'select name, key_id as "keyId", content from plan_file where version = $1 order by name, part';
const VERSIONS = 'select version, imported_at as "importedAt", note from plan_version order by seq desc';

interface FilePart {
  readonly name: string;
  readonly keyId: string | null;
  readonly content: Buffer;
}

export function makePlanStore(database: Database, cipher: DataCipher): PlanStore {
  return {
    async save(version, files, note) {
      const packed = await Promise.all([...files].map((file) => pack(file, version, cipher)));
      await database.transaction(async (session) => {
        await session.run(NEW_VERSION, [version, storableText(note)]);
        await session.run(CLEAR, [version]);
        for (const { name, keyId, content } of packed) {
          for (let part = 0; part === 0 || part * PART_BYTES < content.length; part++) {
            const bytes = content.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
            await session.run(ADD, [version, name, part, keyId, bytes]);
          }
        }
      }, PLAN_TIMEOUT_MS);
    },

    async currentVersion() {
      return (await database.rows<{ version: string }>(CURRENT, []))[0]?.version ?? null;
    },

    async current() {
      const found = await database.transaction(async (session) => {
        const row = (await session.rows<{ version: string }>(CURRENT, []))[0];
        return row && { version: row.version, parts: await session.rows<FilePart>(FILES, [row.version]) };
      }, PLAN_TIMEOUT_MS);
      if (!found) return null;
      return { version: found.version, files: await unpack(found.parts, found.version, cipher) };
    },

    versions: () => database.rows<PlanVersion>(VERSIONS, []),
  };
}

async function pack([name, text]: [string, string], version: string, cipher: DataCipher): Promise<FilePart> {
  const zipped = await compress(text);
  if (!PERSONAL_FILES.has(name)) return { name, keyId: null, content: zipped };
  return { name, keyId: cipher.keyId, content: cipher.seal(zipped, `${version}/${name}`) };
}

async function unpack(parts: readonly FilePart[], version: string, cipher: DataCipher): Promise<PlanFiles> {
  const partsOf = new Map<string, FilePart[]>();
  for (const part of parts) {
    const before = partsOf.get(part.name);
    if (before) before.push(part);
    else partsOf.set(part.name, [part]);
  }
  const files = new Map<string, string>();
  for (const [name, ofFile] of partsOf) {
    const whole = Buffer.concat(ofFile.map((part) => part.content));
    const keyId = ofFile[0]!.keyId;
    const zipped = keyId === null ? whole : cipher.open(whole, `${version}/${name}`, keyId);
    files.set(name, (await decompress(zipped)).toString('utf8'));
  }
  return files;
}
