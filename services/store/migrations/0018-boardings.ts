import type { Migration } from './migration.ts';

/**
 * What was said of the runs of each day. An event is never changed; it goes with its retention, or where a family has
 * its child's data erased. What is true of a child is worked out of them whenever it is asked for.
 */
export const boardings: Migration = {
  name: '0018-boardings',
  async up(knex) {
    await knex.raw(`
create table boarding_event (
  service_date text not null,
  trip text not null,
  id text not null,
  rider text,
  kind text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  source text not null,
  said_by text not null,
  vehicle text,
  detail jsonb not null,
  primary key (service_date, trip, id)
);
create index boarding_event_rider on boarding_event (rider, service_date) where rider is not null;
create index boarding_event_absent on boarding_event (service_date, trip) where kind in ('absent', 'taken_back');
comment on column boarding_event.id is 'made by whoever says it, so that what is sent again is stored once';
comment on column boarding_event.at is 'when it happened; received_at is when the platform had it';
create trigger boarding_event_unchanged before update or truncate on boarding_event
  for each statement execute function refuse_change();
`);
  },
};
