import { positionsAndVehicles } from './0001-vehicles-and-positions.ts';
import { findings } from './0002-findings.ts';
import { registers } from './0003-registers.ts';
import { accounts } from './0004-accounts.ts';
import { newestPosition } from './0005-newest-position.ts';
import { terminalCommands } from './0006-terminal-commands.ts';
import { media } from './0007-media.ts';
import { reportEvents } from './0008-report-events.ts';
import { planChanges } from './0009-plan-changes.ts';
import { tenancy } from './0010-tenancy.ts';
import { signIn } from './0011-sign-in.ts';
import { alertDesk } from './0012-alert-desk.ts';
import { evidence } from './0013-evidence.ts';
import { sealedChanges } from './0014-sealed-changes.ts';
import { supervision } from './0015-supervision.ts';
import { notifications } from './0016-notifications.ts';
import { privacy } from './0017-privacy.ts';
import { boardings } from './0018-boardings.ts';
import { walkThroughPhotos } from './0019-walk-through-photos.ts';
import { learnedTimes } from './0020-learned-times.ts';
import type { Migration } from './migration.ts';

/** Every step, in order. */
export const migrations: readonly Migration[] = [
  positionsAndVehicles,
  findings,
  registers,
  accounts,
  terminalCommands,
  media,
  reportEvents,
  // Reads a column of the one before it.
  newestPosition,
  planChanges,
  tenancy,
  signIn,
  alertDesk,
  evidence,
  sealedChanges,
  supervision,
  notifications,
  privacy,
  boardings,
  walkThroughPhotos,
  learnedTimes,
];
