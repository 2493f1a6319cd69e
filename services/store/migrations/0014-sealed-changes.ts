import type { Migration } from './migration.ts';

/** What a change took out of and put into files with people's names is encrypted, as those files are. */
export const sealedChanges: Migration = {
  name: '0014-sealed-changes',
  async up(knex) {
    await knex.raw(`
alter table plan_change add column sealed bytea, add column key_id text;
comment on column plan_change.sealed is
  'the part of diff that is about personal files: JSON, AES-256-GCM as nonce, tag, ciphertext, with key_id';
`);
  },
};
