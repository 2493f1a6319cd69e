import type { FindingChange } from '../finding.ts';
import type { TerminalOffline } from '../rules/terminal-offline.ts';

/** `terminal_offline` is told, or recorded in shadow, or finds nothing new; what it had found before comes to its end. */
export function offlineInMode(offline: TerminalOffline, mode: 'live' | 'shadow' | 'off'): TerminalOffline {
  if (mode === 'live') return offline;
  type Step = ReturnType<TerminalOffline['silence']>;
  const muted = (wasSilent: boolean, step: Step): Step => {
    if (mode === 'shadow') return { ...step, changes: step.changes.map(shadowed) };
    if (wasSilent) return step;
    return step.state.silence === null
      ? { ...step, changes: NONE }
      : { state: { ...step.state, silence: null }, changes: NONE };
  };
  return {
    contact: (was, report, bearing, deafUntil) =>
      muted(was?.silence != null, offline.contact(was, report, bearing, deafUntil)),
    silence: (was, now, deafUntil) => muted(was.silence !== null, offline.silence(was, now, deafUntil)),
  };
}

const NONE: readonly FindingChange[] = [];

const shadowed = (change: FindingChange): FindingChange => ({
  ...change,
  finding: { ...change.finding, shadow: true },
});
