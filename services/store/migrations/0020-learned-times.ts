import type { Migration } from './migration.ts';

/**
 * What arrival prediction has learned from past runs, summed by week. Sums only, so that several processes add to one
 * row without reading it, and nothing of any child or driver.
 */
export const learnedTimes: Migration = {
  name: '0020-learned-times',
  async up(knex) {
    await knex.raw(`
create table learned_time (
  part text not null check (part in ('segment', 'pace', 'hold', 'error')),
  key text not null,
  kind int2 not null,
  slot int2 not null,
  week int4 not null,
  weight float8 not null,
  run float8 not null,
  stay float8 not null,
  primary key (week, part, key, kind, slot)
);
comment on table learned_time is 'travel times, paces, waits and errors of predictions, summed by week; see geo/eta/learned.ts';
comment on column learned_time.kind is 'of day: 0 Monday to Friday, 1 Saturday, 2 Sunday and holidays';
comment on column learned_time.week is 'days since 1970-01-01 of its first day';
comment on column learned_time.run is 'sum of seconds of driving times weight; of a hold the share waited';
`);
  },
};
