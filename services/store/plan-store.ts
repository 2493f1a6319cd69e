import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { storableJson, storableText } from './column-types.ts';
import type { Database, Session } from './database.ts';
import { type DataCipher, PERSONAL_FILES } from './personal-files.ts';
import type { FileDiff, HeldPlan, PlanChange, PlanSaving, PlanStore, PlanVersion } from './store.ts';

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
const FILES = `
select name, key_id as "keyId", content from plan_file where version = $1 and name = $2 order by part`;
const VERSIONS = 'select version, imported_at as "importedAt", note from plan_version order by seq desc';
const HOLDINGS = 'select name, held_by as "heldBy" from plan_holding where version = $1 order by name';
const LET_GO = 'delete from plan_holding where version = $1';
const HOLD = 'insert into plan_holding (version, name, held_by) values ($1, $2, $3)';
/** One version is put in force after the other. The number is nobody else's. */
const ONE_AT_A_TIME = 'select pg_advisory_xact_lock(730809)';
const NOTE_CHANGE = `
insert into plan_change (version, parent, changed_by, note, files, diff, sealed, key_id)
values ($1, $2, $3, $4, $5, $6, $7, $8)`;
const TELL_CHANGE = `insert into outbox (topic, key, payload) values ('notify.plan', $1, $2)`;
const CHANGE_COLUMNS =
  'seq, at, version, parent, changed_by as "by", note, files, diff, sealed, key_id as "keyId"';

interface FilePart {
  readonly name: string;
  readonly keyId: string | null;
  readonly content: Buffer;
}

export function makePlanStore(database: Database, cipher: DataCipher): PlanStore {
  /** Checks and writes under one lock; false where another version came in between. */
  const putInForce = (
    version: string,
    note: string,
    saving: PlanSaving,
    write: (session: Session, parent: string | null) => Promise<readonly string[]>,
  ): Promise<boolean> =>
    database.transaction(async (session) => {
      await session.run(ONE_AT_A_TIME, []);
      const parent = (await session.rows<{ version: string }>(CURRENT, []))[0]?.version ?? null;
      if (saving.expected !== undefined && saving.expected !== parent) return false;
      await session.run(NEW_VERSION, [version, storableText(note)]);
      const files = await write(session, parent);
      const by = saving.by ?? null;
      const diff = saving.diff ?? [];
      const open = diff.filter(({ file }) => !PERSONAL_FILES.has(file));
      const personal = diff.filter(({ file }) => PERSONAL_FILES.has(file));
      const sealed =
        personal.length === 0 ? null : cipher.seal(Buffer.from(JSON.stringify(personal)), sealedAs(version));
      const values = [version, parent, by, storableText(note), files, storableJson(open)];
      await session.run(NOTE_CHANGE, [...values, sealed, sealed && cipher.keyId]);
      await session.run(TELL_CHANGE, [version, storableJson({ version, files })]);
      return true;
    }, PLAN_TIMEOUT_MS);

  const addFiles = async (session: Session, version: string, packed: readonly FilePart[]): Promise<void> => {
    for (const { name, keyId, content } of packed) {
      for (let part = 0; part === 0 || part * PART_BYTES < content.length; part++) {
        const bytes = content.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
        await session.run(ADD, [version, name, part, keyId, bytes]);
      }
    }
  };

  const hold = async (session: Session, version: string, holdings: readonly Holding[]): Promise<void> => {
    await session.run(LET_GO, [version]);
    for (const { name, heldBy } of holdings) await session.run(HOLD, [version, name, heldBy]);
  };

  const currentSince = async (have: HeldPlan | null): Promise<HeldPlan | null> => {
    const found = await database.transaction(async (session) => {
      const version = (await session.rows<{ version: string }>(CURRENT, []))[0]?.version;
      if (version === undefined) return null;
      const holdings = await session.rows<Holding>(HOLDINGS, [version]);
      const parts = new Map<string, FilePart[]>();
      for (const { name, heldBy } of holdings) {
        if (have?.heldBy.get(name) === heldBy) continue;
        parts.set(name, await session.rows<FilePart>(FILES, [heldBy, name]));
      }
      return { version, holdings, parts };
    }, PLAN_TIMEOUT_MS);
    if (!found) return null;
    const files = new Map<string, string>();
    for (const { name, heldBy } of found.holdings) {
      const parts = found.parts.get(name);
      files.set(name, parts ? await unpack(parts, `${heldBy}/${name}`, cipher) : have!.files.get(name)!);
    }
    const heldBy = new Map(found.holdings.map((holding) => [holding.name, holding.heldBy]));
    return { version: found.version, files, heldBy };
  };

  return {
    async save(version, files, note, saving = {}) {
      const packed = await Promise.all([...files].map((file) => pack(file, version, cipher)));
      return putInForce(version, note, saving, async (session) => {
        await session.run(CLEAR, [version]);
        await addFiles(session, version, packed);
        await hold(
          session,
          version,
          packed.map(({ name }) => ({ name, heldBy: version })),
        );
        return [...files.keys()];
      });
    },

    async amend(version, changed, note, saving) {
      const kept = [...changed].filter((file): file is [string, string] => file[1] !== null);
      const packed = await Promise.all(kept.map((file) => pack(file, version, cipher)));
      return putInForce(version, note, saving, async (session, parent) => {
        // Back to a version that was there before: what it held itself is still there.
        const known = await session.rows<Holding>(HOLDINGS, [version]);
        if (known.length > 0) return [...changed.keys()];
        const before = await session.rows<Holding>(HOLDINGS, [parent]);
        await addFiles(session, version, packed);
        await hold(session, version, [
          ...before.filter(({ name }) => !changed.has(name)),
          ...packed.map(({ name }) => ({ name, heldBy: version })),
        ]);
        return [...changed.keys()];
      });
    },

    async currentVersion() {
      return (await database.rows<{ version: string }>(CURRENT, []))[0]?.version ?? null;
    },

    async current() {
      const found = await currentSince(null);
      return found && { version: found.version, files: found.files };
    },

    currentSince,

    versions: () => database.rows<PlanVersion>(VERSIONS, []),

    async changes(limit, before = Number.MAX_SAFE_INTEGER) {
      const sql = `select ${CHANGE_COLUMNS} from plan_change where seq < $1 order by seq desc limit $2`;
      return (await database.rows<ChangeRow>(sql, [before, limit])).map((row) => opened(row, cipher));
    },

    async change(seq) {
      const sql = `select ${CHANGE_COLUMNS} from plan_change where seq = $1`;
      const row = (await database.rows<ChangeRow>(sql, [seq]))[0];
      return row ? opened(row, cipher) : null;
    },
  };
}

interface Holding {
  readonly name: string;
  readonly heldBy: string;
}

interface ChangeRow extends PlanChange {
  readonly sealed: Buffer | null;
  readonly keyId: string | null;
}

const sealedAs = (version: string): string => `${version}/change`;

function opened({ sealed, keyId, ...change }: ChangeRow, cipher: DataCipher): PlanChange {
  if (sealed === null || keyId === null) return change;
  const personal = cipher.open(sealed, sealedAs(change.version), keyId).toString('utf8');
  return { ...change, diff: [...change.diff, ...(JSON.parse(personal) as FileDiff[])] };
}

async function pack([name, text]: [string, string], version: string, cipher: DataCipher): Promise<FilePart> {
  const zipped = await compress(text);
  if (!PERSONAL_FILES.has(name)) return { name, keyId: null, content: zipped };
  return { name, keyId: cipher.keyId, content: cipher.seal(zipped, `${version}/${name}`) };
}

async function unpack(parts: readonly FilePart[], sealedAs: string, cipher: DataCipher): Promise<string> {
  const whole = Buffer.concat(parts.map((part) => part.content));
  const keyId = parts[0]!.keyId;
  const zipped = keyId === null ? whole : cipher.open(whole, sealedAs, keyId);
  return (await decompress(zipped)).toString('utf8');
}
