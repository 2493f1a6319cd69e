import type { Finding } from '../../geo/finding.ts';
import type { RunProgress } from '../../geo/judge.ts';
import type { Report } from '../../geo/report.ts';

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

/** Request on `commandSubject(phone)`; `body` holds the message's fields as the codec names them. */
export interface TerminalCommand {
  readonly msgId: number;
  readonly body: { readonly [field: string]: unknown };
  readonly timeoutMs: number;
}

/** Its answer. `result` is that of 0x0001 (0 done, 1 failed, 2 message error, 3 unsupported), 0 for a dedicated reply. */
export type TerminalCommandResult =
  | { readonly ok: true; readonly result: number }
  | { readonly ok: false; readonly error: 'timeout' | 'closed' | 'unsupported' | 'bad_request' | 'busy' };
