import type { Knex } from 'knex';

/** One step of the schema. Steps go forward only: a step that is out in the world is never changed. */
export interface Migration {
  /** Sorts in the order of the steps; kept in the database for ever. */
  readonly name: string;
  up(knex: Knex): Promise<void>;
}
