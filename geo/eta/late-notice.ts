/** When a delay is told to the families of a stop (RULES R06, late). */
export interface LateSettings {
  /** Predicted so late at a stop that is not served yet ... RULES R06: 10 min. */
  readonly lateS: number;
  /** ... by two predictions at least so far apart. RULES R06: 60 s. */
  readonly confirmS: number;
  /** Told again only when it has changed by so much. RULES R06: 5 min. */
  readonly againS: number;
}

export const LATE: LateSettings = { lateS: 600, confirmS: 60, againS: 300 };

/** What is kept of one stop of one run between predictions. Plain JSON. */
export interface LateState {
  /** Since when every prediction has called it late, milliseconds since the epoch; null while not. */
  readonly since: number | null;
  /** The delay told last, seconds; null before. */
  readonly toldS: number | null;
}

export const NOT_LATE: LateState = { since: null, toldS: null };

export interface LateStep {
  readonly state: LateState;
  /** To be told now, seconds behind the timetable; null: nothing. */
  readonly tellS: number | null;
}

/** Takes one more prediction for a stop, made at `at`, due by the timetable at `planned`. Milliseconds since the epoch. */
export function stepLate(
  state: LateState,
  at: number,
  predicted: number,
  planned: number,
  set: LateSettings = LATE,
): LateStep {
  const lateS = Math.round((predicted - planned) / 1000);
  if (lateS < set.lateS)
    return { state: state.since === null ? state : { ...state, since: null }, tellS: null };
  if (state.since === null) return { state: { ...state, since: at }, tellS: null };
  const changed = state.toldS === null || Math.abs(lateS - state.toldS) >= set.againS;
  if (at - state.since < set.confirmS * 1000 || !changed) return { state, tellS: null };
  return { state: { ...state, toldS: lateS }, tellS: lateS };
}
