import type { Dictionary } from '../i18n/en.ts';
import type { Fault } from './client.ts';

/** What went wrong, in words for a person. */
export function faultText(fault: Fault, words: Dictionary): string {
  switch (fault.kind) {
    case 'offline':
      return words.error.offline;
    case 'server':
      return words.error.server;
    case 'expired':
      return words.signIn.expired;
    case 'forbidden':
      return words.error.forbidden;
    case 'missing':
      return words.error.missing;
    case 'tooMany':
      return words.signIn.tooMany;
    case 'refused':
      return fault.detail;
  }
}
