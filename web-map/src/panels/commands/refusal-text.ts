import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import type { Dictionary } from '../../i18n/en.ts';

/** Why a command was not even queued. */
export function refusalText(fault: Fault, words: Dictionary): string {
  if (fault.kind === 'missing') return words.commands.notFound;
  const known = fault.kind === 'refused' ? words.commands.refusals[fault.problem] : undefined;
  return known ?? faultText(fault, words);
}
