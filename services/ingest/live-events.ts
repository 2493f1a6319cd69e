import type { Finding } from '../../geo/finding.ts';
import type { RunProgress } from '../../geo/judge.ts';
import type { Report } from '../../geo/report.ts';
import type { CommandState } from '../store/command-store.ts';

/** Published on `liveSubject(district, school, vehicle)` after the commit; one for each school of the run. */
export interface LivePosition {
  readonly vehicle: string;
  /** The newest report by event time, so late uploads never move a bus backwards. */
  readonly report: Report;
  readonly progress: RunProgress | null;
  readonly schoolIds: readonly string[];
  readonly district: string | null;
}

/** Published on `alertSubject(district, vehicle)` after the commit, once for each finding that changed. */
export interface LiveAlert {
  readonly finding: Finding;
  readonly district: string | null;
  readonly schoolIds: readonly string[];
  /** The id this episode went by before late reports moved its start. */
  readonly replaces: string | null;
  /** Late reports showed that it never was. */
  readonly retracted: boolean;
}

/** Published on `commandedSubject(phone)` after the change is committed; the command itself is read from the store. */
export interface CommandChange {
  readonly id: string;
  readonly phone: string;
  readonly vehicle: string;
  readonly type: string;
  readonly state: CommandState;
}
