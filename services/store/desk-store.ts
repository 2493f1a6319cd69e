import type { RuleName, Severity } from '../../geo/finding.ts';
import { asHandled, deskState } from '../desk/as-handled.ts';
import type { Act } from '../desk/codes.ts';
import { ESCALATION, type EscalationLevel, LATE_P1_WITHIN_MS, raisedBefore } from '../desk/escalation.ts';
import type { AlertStep, DeskState, NewStep, StepDetail } from '../desk/handling.ts';
import { storableJson, storableText, timestamp } from './column-types.ts';
import { writeOutbox } from './commit-others.ts';
import type { Database, Session } from './database.ts';
import { FINDING_COLUMNS, type FindingRow, readStoredFinding } from './finding-rows.ts';
import type { OutboxWrite, StoredFinding } from './store.ts';

/** An alert that nobody has taken up, as far as the clock of escalation asks. */
export interface WaitingAlert {
  readonly id: string;
  readonly rule: RuleName;
  readonly severity: Severity;
  readonly raisedAt: number;
  readonly level: number;
}

/** What one act does: its steps, and what others are to hear of it. */
export interface DeskAct {
  readonly steps: readonly NewStep[];
  readonly outbox?: readonly OutboxWrite[];
}

export interface StepOfAlert extends AlertStep {
  readonly alertId: string;
}

export interface ShiftHandover {
  readonly seq: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly userId: string;
  readonly userName: string;
  readonly desk: string;
  readonly note: string;
  readonly summary: unknown;
}

export interface DeskStore {
  /**
   * Does something about an alert: `work` sees it as it stands, with nobody else at it, and says what is done; what it
   * throws undoes all. Null where there is no such alert.
   */
  act(
    id: string,
    work: (stored: StoredFinding, state: DeskState, steps: readonly AlertStep[]) => DeskAct,
  ): Promise<StoredFinding | null>;
  /** In order, under whatever id the alert went by. */
  steps(id: string): Promise<AlertStep[]>;
  /** Those that are due to go a level up, at most `limit`. */
  due(now: number, limit: number): Promise<WaitingAlert[]>;
  /** Steps of a span of time, in order; at most `limit`. */
  stepsBetween(from: number, to: number, limit: number): Promise<StepOfAlert[]>;
  saveHandover(handover: Omit<ShiftHandover, 'seq'>): Promise<ShiftHandover>;
  /** Newest first; of any desk where `desk` is null. */
  handovers(desk: string | null, limit: number): Promise<ShiftHandover[]>;
}

const LOCK = `
select ${FINDING_COLUMNS} from finding
where id = coalesce((select a.id from finding_alias a where a.old_id = $1), $1) for update`;

const STEP = `s.seq, s.alert_id as "alertId", s.at, s.user_id as "userId", s.user_login as "userLogin",
  s.user_name as "userName", s.act, s.detail`;

const STEPS = `
select ${STEP} from alert_step s
where s.alert_id = any(array(select a.old_id from finding_alias a where a.id = $1) || $1::text)
order by s.seq`;

const CURRENT_ID = 'select coalesce((select a.id from finding_alias a where a.old_id = $1), $1) as id';

const ADD = `
insert into alert_step (alert_id, at, user_id, user_login, user_name, act, detail)
values ($1, $2, $3, $4, $5, $6, $7) returning seq`;

/** The columns of the public contract beside those of the desk. */
const KEEP = `
update finding set stage = $2, escalation = $3, desk = $4, state = $5, acknowledged_at = $6, acknowledged_by = $7,
  resolved_at = $8, resolved_by = $9, resolution = $10, note = $11
where id = $1`;

interface StepRow {
  readonly seq: number;
  readonly alertId: string;
  readonly at: number;
  readonly userId: string | null;
  readonly userLogin: string | null;
  readonly userName: string | null;
  readonly act: Act;
  readonly detail: StepDetail;
}

export function makeDeskStore(database: Database): DeskStore {
  const add = async (session: Session, id: string, step: NewStep): Promise<AlertStep> => {
    const [row] = await session.rows<{ seq: number }>(ADD, [
      id,
      timestamp(step.at),
      step.by?.id ?? null,
      step.by?.login ?? null,
      step.by && storableText(step.by.name),
      step.act,
      storableJson(step.detail),
    ]);
    return { ...step, seq: row!.seq };
  };

  return {
    act: (id, work) =>
      database.transaction(async (session) => {
        const [row] = await session.rows<FindingRow>(LOCK, [id]);
        if (!row) return null;
        const before = (await session.rows<StepRow>(STEPS, [row.id])).map(readStep);
        const stored = readStoredFinding(row);
        const { steps, outbox = [] } = work(stored, deskState(stored, before), before);
        if (steps.length === 0) return stored;
        const made: AlertStep[] = [];
        for (const step of steps) made.push(await add(session, row.id, step));
        await writeOutbox(session, outbox);
        const desk = deskState(stored, [...before, ...made]);
        const handled = asHandled(stored, desk);
        await session.run(KEEP, [row.id, ...keptColumns(desk, handled)]);
        return handled;
      }),

    async steps(id) {
      const current = (await database.rows<{ id: string }>(CURRENT_ID, [id]))[0]!.id;
      return (await database.rows<StepRow>(STEPS, [current])).map(readStep);
    },

    due(now, limit) {
      const { sql, bindings } = dueQuery(now, limit);
      return database.rows<WaitingAlert>(sql, bindings);
    },

    async stepsBetween(from, to, limit) {
      const rows = await database.rows<StepRow>(
        `select ${STEP} from alert_step s where s.at >= $1 and s.at < $2 order by s.seq limit $3`,
        [timestamp(from), timestamp(to), limit],
      );
      return rows.map((row) => ({ ...readStep(row), alertId: row.alertId }));
    },

    async saveHandover({ at, from, to, userId, userName, desk, note, summary }) {
      const [row] = await database.rows<{ seq: number }>(
        `insert into shift_handover (at, from_at, to_at, user_id, user_name, desk, note, summary)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning seq`,
        [
          timestamp(at),
          timestamp(from),
          timestamp(to),
          userId,
          storableText(userName),
          desk,
          storableText(note),
          storableJson(summary),
        ],
      );
      return { seq: row!.seq, at, from, to, userId, userName, desk, note, summary };
    },

    handovers: (desk, limit) =>
      database.rows<ShiftHandover>(
        `select seq, at, from_at as "from", to_at as "to", user_id as "userId", user_name as "userName", desk, note,
           summary
         from shift_handover where $1::text is null or desk = $1 order by seq desc limit $2`,
        [desk, limit],
      ),
  };
}

function keptColumns(desk: DeskState, handled: StoredFinding): unknown[] {
  const at = (time: number | null) => time && timestamp(time);
  const text = (words: string | null) => words && storableText(words);
  return [
    desk.stage,
    desk.level,
    storableJson(desk),
    handled.state,
    at(handled.acknowledgedAt),
    handled.acknowledgedBy,
    at(handled.resolvedAt),
    handled.resolvedBy,
    text(handled.resolution),
    text(handled.note),
  ];
}

const readStep = (row: StepRow): AlertStep => ({
  seq: row.seq,
  at: row.at,
  by:
    row.userId === null
      ? null
      : { id: row.userId, login: row.userLogin ?? '', name: row.userName ?? row.userLogin ?? '' },
  act: row.act,
  detail: row.detail,
});

/** One condition for each line of the table of escalation, so that nothing is read that is not due. */
function dueQuery(now: number, limit: number, table: readonly EscalationLevel[] = ESCALATION) {
  const bindings: unknown[] = [];
  const bind = (value: unknown): string => `$${bindings.push(value)}`;
  const lines = table.map((line) => {
    const owned = table.filter((one) => one.severity === line.severity && one.rule !== null);
    const rule =
      line.rule === null
        ? `rule <> all(${bind(owned.map((one) => one.rule))}::text[])`
        : `rule = ${bind(line.rule)}`;
    return `(severity = ${bind(line.severity)} and ${rule} and escalation < ${bind(line.level)}
      and raised_at <= ${bind(timestamp(raisedBefore(line, now)))})`;
  });
  const sql = `
select id, rule, severity, raised_at as "raisedAt", escalation as level from finding
where stage = 'new' and retracted_at is null and severity <> 'P3' and not shadow and incident is null
  and (not late or (severity = 'P1' and raised_at - start_at <= ${bind(LATE_P1_WITHIN_MS)} * interval '1 millisecond'))
  and (${lines.join(' or ')})
order by severity, raised_at limit ${bind(limit)}`;
  return { sql, bindings };
}
