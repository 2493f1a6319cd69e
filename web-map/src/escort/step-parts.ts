import type { RunRecord } from '../../../geo/boardings/run-record.ts';
import type { BoardingsView } from '../../../services/api/contract.ts';

/** What every step of a run works with. */
export interface StepParts {
  readonly view: BoardingsView;
  readonly record: RunRecord;
  /** `person_id` of the escort on the roster. */
  readonly person: string;
}
