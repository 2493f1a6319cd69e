import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { verb as exportVerb } from '../../../services/cli/export.ts';
import { verb as importVerb } from '../../../services/cli/import.ts';
import type { Verb } from '../../../services/cli/verb.ts';
import { planVersion, readPlanFiles, writePlanFiles } from '../../../services/plan/plan-files.ts';
import { smallFiles } from '../../geo/plan/small-plan.ts';
import { describeWith } from '../../support/needs.ts';
import { freePort, type PostgresServer, startPostgres } from '../../support/postgres.ts';

let root: string;
let made = 0;
const fresh = (ending = '') => join(root, `plan-${made++}${ending}`);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'busguard-verbs-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Runs a verb in this process; stdout as the objects of its lines. */
async function run(verb: Verb, ...args: string[]) {
  const printed = { out: '', err: '' };
  const keep = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    printed[stream] += text;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
  const code = await verb.run(args);
  vi.restoreAllMocks();
  const lines: { [field: string]: unknown }[] = printed.out
    .split('\n')
    .filter(Boolean)
    .map((l) => JSON.parse(l));
  return { code, lines, err: printed.err };
}

describe('import without a database', () => {
  it('checks a plan, and says on stderr what is worth a look', async () => {
    const folder = fresh();
    await writePlanFiles(folder, smallFiles({ 'duties.csv': (text) => text.replace(',E1', ',') }));
    const { code, lines, err } = await run(importVerb, '--plan', folder, '--check');
    expect(code).toBe(0);
    expect(lines).toMatchObject([{ ok: true, counts: { trips: 1 } }]);
    expect(err).toContain('duties.csv:2: escort_id');
  });

  it('prints a line for each bad cell and exits with 1', async () => {
    const folder = fresh();
    await writePlanFiles(
      folder,
      smallFiles({ 'permits.csv': (text) => text.replace('P1,V1,R1', 'P1,V8,R8'), 'people.csv': 'x\n' }),
    );
    const first = await run(importVerb, '--plan', folder);
    expect(first.code).toBe(1);
    expect(first.lines).toEqual([
      { ok: false, file: 'people.csv', line: 1, column: 'person_id', reason: expect.any(String) },
      { ok: false, file: 'people.csv', line: 1, column: 'role', reason: expect.any(String) },
    ]);
  });

  it('refuses what is no plan at all, and what it was not told', async () => {
    expect(await run(importVerb)).toMatchObject({
      code: 2,
      lines: [],
      err: expect.stringContaining('--plan'),
    });
    expect(await run(importVerb, '--plain', 'x')).toMatchObject({ code: 2, lines: [] });
    expect(await run(importVerb, '--plan', fresh())).toMatchObject({
      code: 1,
      err: expect.stringContaining('ENOENT'),
    });
    const archive = fresh('.zip');
    await writeFile(archive, 'not a zip');
    expect(await run(importVerb, '--plan', archive)).toMatchObject({
      code: 1,
      lines: [{ ok: false, line: 0 }],
    });
    expect(await run(exportVerb)).toMatchObject({ code: 2, lines: [] });
  });
});

describe('a database that cannot be reached', () => {
  it('is said in one line', async () => {
    vi.stubEnv('DATABASE_URL', `postgres://nobody@127.0.0.1:${await freePort()}/none`);
    vi.stubEnv('DATA_DIR', fresh());
    vi.stubEnv('LOG_LEVEL', 'silent');
    const folder = fresh();
    await writePlanFiles(folder, smallFiles());
    const imported = await run(importVerb, '--plan', folder);
    expect(imported).toMatchObject({ code: 1, lines: [] });
    expect(imported.err).toMatch(/^busguard import: the database cannot be reached: .*\n$/);
    expect(await run(exportVerb, '--plan', fresh())).toMatchObject({ code: 1, lines: [{ ok: false }] });
  });
});

describeWith('PostgreSQL with PostGIS', 'import and export', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  async function withEmptyDatabase() {
    vi.stubEnv('DATABASE_URL', await server.createDatabase());
    vi.stubEnv('DATA_DIR', fresh());
    vi.stubEnv('NATS_URL', '');
    vi.stubEnv('LOG_LEVEL', 'silent');
  }

  it('bring a plan into the database and out again as the same version', async () => {
    await withEmptyDatabase();
    const folder = fresh();
    await writePlanFiles(folder, smallFiles());
    const version = planVersion(smallFiles());
    expect(await run(importVerb, '--plan', folder, '--note', 'term 1')).toMatchObject({
      code: 0,
      lines: [{ ok: true, version, counts: { stops: 5 } }],
    });
    for (const path of [fresh(), fresh('.zip')]) {
      const exported = await run(exportVerb, '--plan', path);
      expect(exported).toMatchObject({ code: 0, lines: [{ ok: true, version }] });
      expect(planVersion(await readPlanFiles(path))).toBe(version);
    }
  });

  it('change nothing where there is a bad cell', async () => {
    await withEmptyDatabase();
    const [good, bad] = [fresh(), fresh()];
    await writePlanFiles(good, smallFiles());
    await writePlanFiles(bad, smallFiles({ 'riders.csv': (text) => text.replace('T1', 'T9') }));
    await run(importVerb, '--plan', good);
    expect(await run(importVerb, '--plan', bad)).toMatchObject({
      code: 1,
      lines: [{ ok: false, file: 'riders.csv', line: 2, column: 'trip_id' }],
    });
    expect(await run(exportVerb, '--plan', fresh())).toMatchObject({
      lines: [{ version: planVersion(smallFiles()) }],
    });
  });

  it('say so where there is nothing to export, or no place for it', async () => {
    await withEmptyDatabase();
    expect(await run(exportVerb, '--plan', fresh())).toMatchObject({ code: 1, lines: [{ ok: false }] });
    const folder = fresh();
    await writePlanFiles(folder, smallFiles({ 'riders.csv': null }));
    await run(importVerb, '--plan', folder);
    const other = fresh();
    await writePlanFiles(other, smallFiles());
    expect(await run(exportVerb, '--plan', other)).toMatchObject({
      code: 1,
      lines: [{ ok: false, file: 'riders.csv', reason: expect.stringContaining('another plan') }],
    });
    const file = fresh();
    await writeFile(file, '');
    expect(await run(exportVerb, '--plan', join(file, 'below'))).toMatchObject({
      code: 1,
      lines: [{ ok: false }],
    });
  });
});
