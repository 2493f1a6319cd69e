import { expect, it } from 'vitest';
import type { LearnedRow } from '../../../geo/eta/learned.ts';
import { describeStores } from './backends.ts';

const row = (more: Partial<LearnedRow> = {}): LearnedRow => ({
  part: 'segment',
  key: 'A>B',
  kind: 0,
  slot: 14,
  week: 20_412,
  weight: 1,
  run: 100.5,
  stay: 12,
  ...more,
});

describeStores('what was learned of travel times', (opened) => {
  it('is summed, whoever adds to it, read from a week on, and forgotten by weeks', async () => {
    const { eta } = opened.store;
    const other = row({ part: 'error', key: '3', slot: 95, week: 20_405, run: 0, stay: 0 });
    await Promise.all([eta.add([row(), other]), eta.add([other, row({ run: 99.5, stay: 8 })])]);
    await eta.add([]);
    expect(await eta.learned(0)).toEqual([{ ...other, weight: 2 }, row({ weight: 2, run: 200, stay: 20 })]);
    expect(await eta.learned(20_406)).toEqual([row({ weight: 2, run: 200, stay: 20 })]);
    await eta.forget(20_412);
    expect((await eta.learned(0)).map(({ part }) => part)).toEqual(['segment']);
  });
});
