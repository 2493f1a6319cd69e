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

  it('share the files that a change leaves as they are', async () => {
    const { plans } = opened.store;
    await plans.save('v1', files(), 'first');
    const have = await plans.currentSince(null);
    const dispatch = new Map([['dispatch.csv', 'trip_id\nT1\n']]);
    expect(await plans.amend('v2', dispatch, 'swap', { expected: 'v1', by: 'li' })).toBe(true);
    expect(await plans.current()).toEqual({
      version: 'v2',
      files: files({ 'dispatch.csv': 'trip_id\nT1\n' }),
    });
    expect(await opened.database.rows("select name from plan_file where version = 'v2'")).toEqual([
      { name: 'dispatch.csv' },
    ]);
    await opened.database.run("update plan_file set content = '' where name = 'stops.txt'");
    const read = await plans.currentSince(have);
    expect(read?.files.get('stops.txt')).toBe(have?.files.get('stops.txt'));
    expect([...(read?.heldBy ?? [])]).toEqual([
      ['dispatch.csv', 'v2'],
      ['riders.csv', 'v1'],
      ['stops.txt', 'v1'],
    ]);
  });

  it('are taken back to a version that was there, and on from it', async () => {
    const { plans } = opened.store;
    await plans.save('v1', files(), '');
    await plans.amend('v2', new Map([['orders.csv', 'x']]), '', { expected: 'v1' });
    await plans.amend('v1', new Map([['orders.csv', null]]), 'undone', { expected: 'v2' });
    expect(await plans.current()).toEqual({ version: 'v1', files: files() });
    await plans.amend('v2', new Map([['orders.csv', 'x']]), 'again', { expected: 'v1' });
    expect((await plans.current())?.files.get('orders.csv')).toBe('x');
  });

  it('are changed by one of many writers at a time, each from what it read', async () => {
    const { plans } = opened.store;
    await plans.save('v1', files(), '');
    const changed = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        plans.amend(`w${i}`, new Map([['orders.csv', String(i)]]), '', { expected: 'v1' }),
      ),
    );
    expect(changed.filter(Boolean)).toHaveLength(1);
    expect(await plans.save('late', files(), '', { expected: 'v1' })).toBe(false);
    expect(await plans.currentVersion()).toBe(`w${changed.indexOf(true)}`);
  });

  it('tell who put what in force, for good', async () => {
    const { plans } = opened.store;
    await plans.save('v1', files(), 'first', { by: 'admin' });
    const diff = [{ file: 'orders.csv', removed: [], added: [{ id: 'o1', kind: 'ice' }] }];
    await plans.amend('v2', new Map([['orders.csv', 'x']]), 'ice', { expected: 'v1', by: 'li', diff });
    const [second, first] = await plans.changes(2);
    expect(second).toMatchObject({
      version: 'v2',
      parent: 'v1',
      by: 'li',
      note: 'ice',
      files: ['orders.csv'],
      diff,
    });
    expect(first).toMatchObject({ version: 'v1', by: 'admin', files: ['stops.txt', 'riders.csv'], diff: [] });
    expect(await plans.change(second?.seq ?? 0)).toEqual(second);
    expect((await plans.changes(1, second?.seq))[0]?.version).toBe('v1');
    await expect(opened.database.run('delete from plan_change')).rejects.toThrow(/append-only/);
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
