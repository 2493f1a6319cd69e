import { expect, it } from 'vitest';
import { makeDataCipher } from '../../../services/store/personal-files.ts';
import { makePlanStore } from '../../../services/store/plan-store.ts';
import { describeStores } from './backends.ts';

const files = (over: Record<string, string> = {}) =>
  new Map(
    Object.entries({
      'stops.txt': 'stop_id,stop_name\nS1,学校\n',
      'riders.csv': 'rider_id,name\nR1,张三\n',
      ...over,
    }),
  );

describeStores('plans', (opened) => {
  it('are kept by version, the last one saved in force', async () => {
    const { plans } = opened.store;
    expect(await plans.current()).toBeNull();
    expect(await plans.currentVersion()).toBeNull();
    await plans.save('v1', files(), 'first');
    await plans.save('v2', files({ 'empty.txt': '' }), 'second');
    expect(await plans.current()).toEqual({ version: 'v2', files: files({ 'empty.txt': '' }) });
    await plans.save('v1', files(), 'back to the first');
    expect(await plans.current()).toEqual({ version: 'v1', files: files() });
    expect(await plans.currentVersion()).toBe('v1');
    expect((await plans.versions()).map(({ version, note }) => [version, note])).toEqual([
      ['v1', 'back to the first'],
      ['v2', 'second'],
    ]);
  });

  it('of a whole city go in and out', async () => {
    // Digits of a sine compress badly: the file takes several parts.
    const rows = Array.from({ length: 400_000 }, (_, i) => `${i},${Math.sin(i)},${Math.cos(i * i)}`);
    const large = files({ 'shapes.txt': rows.join('\n') });
    await opened.store.plans.save('large', large, '');
    expect(
      await opened.database.rows("select count(*) > 1 as many from plan_file where name = 'shapes.txt'"),
    ).toEqual([{ many: true }]);
    const read = await opened.store.plans.current();
    expect(read?.files.get('shapes.txt') === large.get('shapes.txt')).toBe(true);
  });

  it('hold nothing of a pupil that can be read without the key', async () => {
    await opened.store.plans.save('v1', files(), '');
    const kept = await opened.database.rows<{ name: string; keyId: string | null; content: Buffer }>(
      'select name, key_id as "keyId", content from plan_file order by name',
    );
    expect(kept.map((file) => [file.name, file.keyId !== null])).toEqual([
      ['riders.csv', true],
      ['stops.txt', false],
    ]);
    const GZIP_MAGIC = '1f8b';
    expect(kept[0]!.content.subarray(0, 2).toString('hex')).not.toBe(GZIP_MAGIC);
    const other = makePlanStore(opened.database, makeDataCipher(new Uint8Array(32).fill(1)));
    await expect(other.current()).rejects.toThrow(/riders\.csv was encrypted with data key/);
    await opened.database.run(
      "update plan_file set content = set_byte(content, 40, 0) where name = 'riders.csv'",
    );
    await opened.database.run(
      "update plan_file set content = set_byte(content, 41, 0) where name = 'riders.csv'",
    );
    await expect(opened.store.plans.current()).rejects.toThrow();
  });
});
