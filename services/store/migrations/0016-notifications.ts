import type { Migration } from './migration.ts';

/**
 * What is to be said to whom, and how it went. `outbox` holds what happened, written with it; a notifier makes rows of
 * `notification` of it, one for each person, whose key is what makes them come once. In day partitions by the day of
 * service, so that retention drops whole days. Addresses and subscriptions are sealed (AES-256-GCM).
 */
export const notifications: Migration = {
  name: '0016-notifications',
  async up(knex) {
    await knex.raw(`
create index outbox_topic on outbox (topic, id);
create index account_riders on account using gin (rider_ids);

create table notify_settings (
  user_id text primary key,
  settings jsonb not null,
  updated_at timestamptz not null default now()
);

create table notify_address (
  user_id text not null,
  channel text not null,
  key_id text not null,
  sealed bytea not null,
  updated_at timestamptz not null default now(),
  primary key (user_id, channel)
);

create table push_subscription (
  id text primary key,
  user_id text not null,
  key_id text not null,
  sealed bytea not null,
  created_at timestamptz not null default now()
);
create index push_subscription_user on push_subscription (user_id);
comment on column push_subscription.id is 'SHA-256 of the endpoint';

create table notify_run (
  trip text not null,
  service_date text not null,
  told jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (service_date, trip)
);
comment on table notify_run is 'what families were told of a run: its delay, its bus, that it does not run';

create table notify_absence (
  service_date text not null,
  trip text not null,
  rider text not null,
  primary key (service_date, trip, rider)
);
comment on table notify_absence is 'children who do not ride: nothing is said of the bus to their families';

create sequence notification_seq;
create table notification (
  day date not null,
  key text not null,
  seq int8 not null default nextval('notification_seq'),
  person text not null,
  rider text,
  run text,
  kind text not null,
  safety boolean not null,
  payload jsonb not null,
  caused_at timestamptz not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  state text not null check (state in ('due', 'sending', 'accepted', 'delivered', 'opened', 'failed', 'expired',
    'superseded', 'limited', 'quiet', 'unreachable')),
  channels text[] not null,
  channel text,
  attempts int not null default 0,
  next_try_at timestamptz not null,
  claimed_until timestamptz,
  provider_id text,
  reason text,
  handed_at timestamptz,
  accepted_at timestamptz,
  delivered_at timestamptz,
  opened_at timestamptz,
  primary key (day, key)
) partition by range (day);
create index notification_due on notification (next_try_at, seq) where state in ('due', 'sending');
create index notification_waiting on notification (person, seq) where state in ('due', 'sending');
create index notification_person on notification (person, created_at);
create index notification_rider on notification (rider, day);
create index notification_receipt on notification (provider_id) where provider_id is not null;

comment on column notification.key is 'what makes it the same notice: run, stop, kind, child, person';
comment on column notification.person is 'account, or phone:<keyed hash> of a number that has none';
comment on column notification.payload is 'ids, numbers and times; no name';
comment on column notification.caused_at is 'when what it tells of was committed';
comment on column notification.channels is 'those still to be tried, in order';
`);
  },
};
