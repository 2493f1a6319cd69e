import type { Finding } from '../../geo/finding.ts';
import type { Act, Deed, Reason, Stage, Verdict } from './codes.ts';

/** Somebody of the desk. */
export interface Person {
  readonly id: string;
  readonly login: string;
  readonly name: string;
}

/** One thing that was done about an alert; never changed afterwards. */
export interface AlertStep {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Null: nobody did it, time did. */
  readonly by: Person | null;
  readonly act: Act;
  readonly detail: StepDetail;
}

export type NewStep = Omit<AlertStep, 'seq'>;

/** What an act says beside itself; only what belongs to it is there. */
export interface StepDetail {
  readonly note?: string;
  readonly to?: Person | null;
  readonly reason?: string;
  readonly deed?: Deed | null;
  readonly verdict?: Verdict;
  readonly level?: number;
  /** Who is told at that level. */
  readonly told?: readonly string[];
  readonly who?: string;
  readonly outcome?: string;
  readonly command?: string;
  readonly text?: string;
  readonly channel?: number;
  readonly excuse?: { readonly kind: string; readonly row: string; readonly proof: string };
  readonly office?: string;
  readonly caseNo?: string;
  readonly pack?: string;
  readonly head?: string;
  /** `seq` of the step that is taken back. */
  readonly undoes?: number;
}

/** How an alert stands: nothing but its steps, folded. */
export interface DeskState {
  readonly stage: Stage;
  readonly assignee: Person | null;
  readonly acknowledged: Stamp | null;
  readonly handled: (Stamp & { readonly reason: string; readonly deed: Deed | null }) | null;
  readonly reviewed: (Stamp & { readonly verdict: Verdict }) | null;
  readonly closed: Stamp | null;
  /** The level that it has been escalated to; 0 is the desk itself. */
  readonly level: number;
  readonly excuse: string | null;
  readonly handedOver: { readonly at: number; readonly office: string; readonly pack: string } | null;
  readonly note: string | null;
  readonly steps: number;
}

interface Stamp {
  readonly at: number;
  readonly by: Person;
}

export const UNTOUCHED: DeskState = {
  stage: 'new',
  assignee: null,
  acknowledged: null,
  handled: null,
  reviewed: null,
  closed: null,
  level: 0,
  excuse: null,
  handedOver: null,
  note: null,
  steps: 0,
};

/** Why something cannot be done with an alert as it stands. */
export class DeskRefusal extends Error {
  override readonly name = 'DeskRefusal';
  readonly why: 'stage' | 'second-person' | 'proof-needed' | 'note-needed' | 'not-undoable';

  constructor(why: DeskRefusal['why'], message: string) {
    super(message);
    this.why = why;
  }
}

/** Steps that were not taken back, in order. */
export function standing(steps: readonly AlertStep[]): AlertStep[] {
  const undone = new Set(steps.flatMap(({ detail }) => detail.undoes ?? []));
  return steps.filter(({ seq, act }) => act !== 'undo' && !undone.has(seq));
}

export function foldSteps(steps: readonly AlertStep[], from: DeskState = UNTOUCHED): DeskState {
  const folded = standing(steps).reduce(after, from);
  return { ...folded, steps: steps.length };
}

function after(state: DeskState, { at, by, act, detail }: AlertStep): DeskState {
  const next = detail.note === undefined ? state : { ...state, note: detail.note };
  const stamp = by && { at, by };
  switch (act) {
    case 'acknowledge':
      return stamp ? { ...next, stage: 'acknowledged', acknowledged: stamp } : next;
    case 'assign':
      return { ...next, assignee: detail.to ?? null };
    case 'escalate':
    case 'escalated':
      return { ...next, level: Math.max(state.level, detail.level ?? 0) };
    case 'excuse':
      return { ...next, excuse: detail.excuse?.kind ?? null };
    case 'hand_over':
      return { ...next, handedOver: { at, office: detail.office ?? '', pack: detail.pack ?? '' } };
    case 'handle':
      if (!stamp) return next;
      return {
        ...next,
        stage: 'handled',
        handled: { ...stamp, reason: detail.reason ?? '', deed: detail.deed ?? null },
      };
    case 'review':
      if (!stamp || !detail.verdict) return next;
      return { ...next, stage: 'reviewed', reviewed: { ...stamp, verdict: detail.verdict } };
    case 'close':
      return stamp ? { ...next, stage: 'closed', closed: stamp } : next;
    default:
      return next;
  }
}

/** Somebody, at a moment. */
export interface Doing {
  readonly by: Person;
  readonly at: number;
}

type Judged = Pick<Finding, 'rule' | 'severity'>;

/** Takes it up. Nothing, where somebody has: doing it again changes nothing. */
export function acknowledge(state: DeskState, { by, at }: Doing, note: string | null): NewStep[] {
  if (state.stage !== 'new') return [];
  return [{ at, by, act: 'acknowledge', detail: note === null ? {} : { note } }];
}

/** What it came to. Whoever handles what nobody took up has taken it up too. */
export function handle(
  state: DeskState,
  doing: Doing,
  alert: Judged,
  said: { readonly reason: Reason; readonly deed: Deed | null; readonly note: string | null },
): NewStep[] {
  if (state.stage !== 'new' && state.stage !== 'acknowledged')
    throw new DeskRefusal('stage', 'It has been handled already.');
  if (alert.rule === 'child_left_behind' && said.deed !== 'on_site_check') {
    throw new DeskRefusal(
      'proof-needed',
      'Only a check of the bus on the spot ends an alert of a child left behind.',
    );
  }
  const needsNote = said.reason === 'other' || (alert.rule === 'sos' && said.reason === 'false_alarm');
  if (needsNote && said.note === null)
    throw new DeskRefusal('note-needed', 'Say in a note why: the reason alone does not.');
  return [
    ...acknowledge(state, doing, null),
    {
      ...doing,
      act: 'handle',
      detail: { reason: said.reason, deed: said.deed, ...(said.note === null ? {} : { note: said.note }) },
    },
  ];
}

/** The plain end of older callers: any reason in words. Nothing, where it has been handled. */
export function resolve(state: DeskState, doing: Doing, resolution: string, note: string | null): NewStep[] {
  if (state.stage !== 'new' && state.stage !== 'acknowledged') return [];
  const detail = { reason: resolution, deed: null, ...(note === null ? {} : { note }) };
  return [...acknowledge(state, doing, null), { ...doing, act: 'handle', detail }];
}

/** A second person reviews P1: whoever handled it has said their word. RULES 1, handling. */
export function review(
  state: DeskState,
  doing: Doing,
  alert: Judged,
  said: { readonly verdict: Verdict; readonly note: string | null; readonly close: boolean },
): NewStep[] {
  if (state.stage !== 'handled') throw new DeskRefusal('stage', 'It is reviewed once it has been handled.');
  if (alert.severity === 'P1' && state.handled?.by.id === doing.by.id)
    throw new DeskRefusal('second-person', 'A P1 alert is reviewed by somebody else than handled it.');
  const detail = { verdict: said.verdict, ...(said.note === null ? {} : { note: said.note }) };
  return [
    { ...doing, act: 'review', detail },
    ...(said.close ? [{ ...doing, act: 'close' as const, detail: {} }] : []),
  ];
}

export function close(state: DeskState, doing: Doing): NewStep[] {
  if (state.stage !== 'reviewed') throw new DeskRefusal('stage', 'It is closed once it has been reviewed.');
  return [{ ...doing, act: 'close', detail: {} }];
}

/** To a level above the one that it has reached. */
export function escalate(
  state: DeskState,
  doing: Doing,
  said: { readonly level: number; readonly told: readonly string[]; readonly note: string | null },
): NewStep[] {
  if (state.stage !== 'new' && state.stage !== 'acknowledged')
    throw new DeskRefusal('stage', 'It has been handled already.');
  if (said.level <= state.level)
    throw new DeskRefusal('stage', `It has reached level ${state.level} already.`);
  const detail = { level: said.level, told: said.told, ...(said.note === null ? {} : { note: said.note }) };
  return [{ ...doing, act: 'escalate', detail }];
}

/** What time does to an alert that nobody has taken up. Nothing where somebody did meanwhile. */
export function escalateByTime(
  state: DeskState,
  at: number,
  level: number,
  told: readonly string[],
): NewStep[] {
  if (state.stage !== 'new' || level <= state.level) return [];
  return [{ at, by: null, act: 'escalated', detail: { level, told } }];
}

/** What was told to somebody outside cannot be untold; the rest its own doer takes back, soon. */
const UNDOABLE: readonly Act[] = ['acknowledge', 'assign', 'excuse', 'handle', 'review', 'close'];
export const UNDO_WITHIN_MS = 10 * 60_000;

/** The step that the person may take back: the last that still stands, if it is theirs, of such a kind, and fresh. */
export function undoable(steps: readonly AlertStep[], by: Pick<Person, 'id'>, at: number): AlertStep | null {
  const last = standing(steps).findLast(({ act }) => act !== 'escalated');
  if (!last || last.by?.id !== by.id || !UNDOABLE.includes(last.act)) return null;
  return at - last.at <= UNDO_WITHIN_MS ? last : null;
}

export function undo(steps: readonly AlertStep[], { by, at }: Doing): NewStep[] {
  const step = undoable(steps, by, at);
  if (!step)
    throw new DeskRefusal('not-undoable', 'Only your own last step is taken back, within ten minutes of it.');
  return [{ at, by, act: 'undo', detail: { undoes: step.seq } }];
}
