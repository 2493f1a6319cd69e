/**
 * What a viewer's query may do with each table, and to which of its rows: the second wall behind the policy of the
 * API, so that a check that was forgotten there shows nobody another's rows. A viewer is the database role
 * `busguard_viewer` with the tenants of whoever asks; ingest, upkeep and sign-in are the owner, whom no wall stops and
 * no policy slows. `rows` is SQL that is true for a row in reach; left out, all rows are alike to everybody.
 */
export interface Wall {
  readonly may: readonly ('select' | 'insert' | 'update' | 'delete')[];
  readonly rows?: string;
  /** What is inserted is not looked at: a row of it shows nobody anything, or comes with its parent in one statement. */
  readonly insertsAnything?: true;
}

/** True for whoever sees the whole plan; asked once for each query. */
const ALL = '(select sees_all())';

const owned = (subject: string) =>
  `exists (select 1 from tenant_of t where t.subject = ${subject} and t.tenant = any (own_tenants()))`;

/** A column that names a vehicle. */
export const byVehicle = (column = 'vehicle') => `${ALL} or ${owned(column)}`;

/** A column that names a terminal, with or without leading zeros. */
export const byPhone = (column = 'phone') => `${ALL} or ${owned(`'phone:' || ltrim(${column}, '0')`)}`;

/** A column that names a school, or a trip. */
export const bySchool = (column: string) => `${ALL} or ${owned(`'school:' || ${column}`)}`;
export const byTrip = (column: string) => `${ALL} or ${owned(`'trip:' || ${column}`)}`;

/** Rows that belong to a row of another table, which has a wall of its own. */
export const byParent = (table: string, condition: string) =>
  `${ALL} or exists (select 1 from ${table} parent where ${condition})`;

/** Rows of a vehicle, by its number. */
const byKey = (table: string) => byParent('vehicle_state', `parent.vehicle_key = ${table}.vehicle_key`);

/** A finding belongs to the district and schools of its own time, and to whoever has its vehicle. */
const FINDING = `${ALL}
  or 'district:' || finding.district = any (own_tenants())
  or exists (select 1 from unnest(finding.school_ids) s where 'school:' || s = any (own_tenants()))
  or exists (select 1 from tenant_of t where t.subject = finding.vehicle and t.tenant = any (own_tenants())
    and (t.tenant like 'provider:%' or t.tenant like 'escort:%' or t.tenant like 'trip:%'))`;

export const WALLS: { readonly [table: string]: Wall | 'closed' } = {
  tenant_of: { may: ['select'], rows: `${ALL} or tenant = any (own_tenants())` },
  vehicle_state: { may: ['select'], rows: byVehicle('vehicle_state.vehicle') },
  positions: { may: ['select'], rows: byKey('positions') },
  finding: { may: ['select', 'update'], rows: FINDING },
  finding_alias: { may: ['select'], rows: byParent('finding', 'parent.id = finding_alias.id') },
  finding_history: { may: ['select'], rows: byParent('finding', 'parent.id = finding_history.id') },
  terminal: { may: ['select'], rows: byPhone('terminal.phone') },
  terminal_command: { may: ['select', 'insert', 'update'], rows: byPhone('terminal_command.phone') },
  terminal_command_event: {
    may: ['select', 'insert'],
    rows: byParent('terminal_command', 'parent.id = terminal_command_event.command_id'),
    insertsAnything: true,
  },
  media: { may: ['select', 'update'], rows: byVehicle('media.vehicle') },
  // A step goes with its alert, under whichever id that had then.
  alert_step: {
    may: ['select', 'insert'],
    rows: byParent(
      'finding',
      `parent.id = alert_step.alert_id
        or parent.id = (select a.id from finding_alias a where a.old_id = alert_step.alert_id)`,
    ),
  },
  // A desk is a tenant of its own name.
  shift_handover: { may: ['select', 'insert'], rows: `${ALL} or shift_handover.desk = any (own_tenants())` },
  evidence_pack: { may: ['select', 'insert'], rows: byVehicle('evidence_pack.vehicle') },
  position_hold: { may: ['select', 'insert', 'update'], rows: byVehicle('position_hold.vehicle') },
  held_position: { may: ['select'], rows: byKey('held_position') },
  boarding_event: { may: ['select', 'insert'], rows: byTrip('boarding_event.trip') },
  walk_through_photo: { may: ['select', 'insert'], rows: byTrip('walk_through_photo.trip') },
  vehicle_day: { may: ['select'], rows: byKey('vehicle_day') },
  gate_visit: { may: ['select'], rows: bySchool('gate_visit.school_id') },
  rolled_day: { may: ['select'] },
  // Who escalates an alert has others told of it; what waits there is read by nobody.
  outbox: { may: ['insert'] },
  // Whoever acts is written down; only those who see everything may read what.
  audit_log: { may: ['select', 'insert'], rows: ALL, insertsAnything: true },

  // The service's own: no query of a viewer reaches them.
  account: 'closed',
  session: 'closed',
  recovery_code: 'closed',
  sign_in_failure: 'closed',
  api_key: 'closed',
  judge_state: 'closed',
  checkpoint: 'closed',
  quarantine: 'closed',
  lease: 'closed',
  plan_version: 'closed',
  plan_file: 'closed',
  plan_holding: 'closed',
  plan_change: 'closed',
  tenancy_state: 'closed',
  // Of one person each, and asked for by that person's id or by the notifier.
  notify_settings: 'closed',
  notify_address: 'closed',
  notify_run: 'closed',
  notify_absence: 'closed',
  push_subscription: 'closed',
  notification: 'closed',
  consent_record: 'closed',
  privacy_request: 'closed',
  learned_time: 'closed',
  migration: 'closed',
  migration_lock: 'closed',
  spatial_ref_sys: { may: ['select'] },
};
