import type { Migration } from './migration.ts';

/** Photos of the rear seat, taken at the end of a run to prove that nobody was left on the bus. */
export const walkThroughPhotos: Migration = {
  name: '0019-walk-through-photos',
  async up(knex) {
    await knex.raw(`
create table walk_through_photo (
  service_date text not null,
  trip text not null,
  event_id text not null,
  received_at timestamptz not null,
  said_by text not null,
  content_type text not null,
  bytes bytea not null,
  primary key (service_date, trip, event_id)
);
comment on column walk_through_photo.event_id is 'the walk_through in boarding_event that it proves';
`);
  },
};
