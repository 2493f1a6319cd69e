import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanFiles } from '../../../geo/plan/plan.ts';
import {
  PLAN_FILE_LIMITS,
  PlanFilesError,
  planVersion,
  readPlanFiles,
  writePlanFiles,
} from '../../../services/plan/plan-files.ts';
import { demoPlanFiles } from '../../../services/simulator/demo-plan.ts';
import { smallFiles } from '../../geo/plan/small-plan.ts';

let root: string;
let made = 0;
const fresh = (ending = '') => join(root, `plan-${made++}${ending}`);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'busguard-plan-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const problemsOf = async (reading: Promise<unknown>) => {
  const error = await reading.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof PlanFilesError)) throw new Error(`not refused: ${String(error)}`);
  return error.problems;
};

describe('files of a plan', () => {
  it.each(['', '.zip'])('are read back as they were written (folder%s)', async (ending) => {
    for (const files of [smallFiles(), demoPlanFiles()]) {
      const path = fresh(ending);
      await writePlanFiles(path, files);
      const read = await readPlanFiles(path);
      expect(new Map([...read].sort())).toEqual(new Map([...files].sort()));
      expect(planVersion(read)).toBe(planVersion(files));
    }
  });

  it('may lie in one folder of an archive, beside what no plan needs', async () => {
    const path = fresh('.zip');
    const entries = [...smallFiles()].map(([name, text]) => [`feed/${name}`, strToU8(text)]);
    const others = {
      '__MACOSX/feed/stops.txt': strToU8('x'),
      'feed/fare_rules.txt': strToU8('x'),
      'feed/': strToU8(''),
    };
    await writeFile(path, zipSync({ ...Object.fromEntries(entries), ...others }));
    expect(planVersion(await readPlanFiles(path))).toBe(planVersion(smallFiles()));
  });

  it('lose their byte order mark', async () => {
    const folder = fresh();
    await writePlanFiles(folder, smallFiles({ 'stops.txt': (text) => `\ufeff${text}` }));
    expect(planVersion(await readPlanFiles(folder))).toBe(planVersion(smallFiles()));
  });

  it('are refused, with the line, where they are not UTF-8', async () => {
    const folder = fresh();
    await writePlanFiles(folder, smallFiles());
    await writeFile(
      join(folder, 'people.csv'),
      Buffer.from('person_id,role,name\nD1,driver,\xc0\xee\xe1\xb0\n', 'latin1'),
    );
    expect(await problemsOf(readPlanFiles(folder))).toMatchObject([
      { file: 'people.csv', line: 2, reason: expect.stringContaining('CSV UTF-8') },
    ]);
  });

  it('are refused where they are larger than a plan may be', async () => {
    for (const ending of ['', '.zip']) {
      const path = fresh(ending);
      await writePlanFiles(path, smallFiles());
      for (const limit of [{ fileBytes: 100 }, { totalBytes: 1000 }]) {
        const problems = await problemsOf(readPlanFiles(path, { ...PLAN_FILE_LIMITS, ...limit }));
        expect(problems[0]!.reason).toContain('larger');
      }
    }
    const archive = fresh('.zip');
    await writePlanFiles(archive, smallFiles());
    expect(await problemsOf(readPlanFiles(archive, { ...PLAN_FILE_LIMITS, archiveBytes: 100 }))).toHaveLength(
      1,
    );
  });

  it('are not mixed with those of another plan', async () => {
    const folder = fresh();
    await writePlanFiles(folder, smallFiles());
    const gtfsAlone = smallFiles({ 'permits.csv': null, 'riders.csv': null });
    expect(await problemsOf(writePlanFiles(folder, gtfsAlone))).toMatchObject([
      { file: 'permits.csv' },
      { file: 'riders.csv' },
    ]);
    await writePlanFiles(
      folder,
      smallFiles({ 'agency.txt': (text) => text.replace('校车公司', '客运公司') }),
    );
    expect((await readPlanFiles(folder)).get('agency.txt')).toContain('客运公司');
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('that are not there reject as the file system does', async () => {
    await expect(readPlanFiles(fresh())).rejects.toMatchObject({ code: 'ENOENT' });
    const folder = await mkdtemp(join(root, 'empty-'));
    expect(await readPlanFiles(folder)).toEqual(new Map());
  });
});

describe('the version of a plan', () => {
  const versionOf = (files: PlanFiles) => planVersion(files);

  it('depends on what the files say and on nothing else', () => {
    const backwards = new Map([...smallFiles()].reverse());
    expect(versionOf(backwards)).toBe(versionOf(smallFiles()));
    expect(versionOf(new Map([...smallFiles(), ['notes.txt', 'x']]))).toBe(versionOf(smallFiles()));
    expect(versionOf(smallFiles())).toMatch(/^[0-9a-f]{16}$/);
  });

  it('changes with any character of any file', () => {
    const version = versionOf(smallFiles());
    fc.assert(
      fc.property(fc.constantFrom(...smallFiles().keys()), fc.nat(), (file, at) => {
        const changed = smallFiles({
          [file]: (text) => text.slice(0, at % text.length) + text.slice((at % text.length) + 1),
        });
        expect(versionOf(changed)).not.toBe(version);
      }),
    );
    expect(versionOf(smallFiles({ 'riders.csv': null }))).not.toBe(version);
    expect(versionOf(smallFiles({ 'base.geojson': '' }))).not.toBe(version);
  });
});
