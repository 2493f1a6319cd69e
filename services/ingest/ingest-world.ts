import type { Decrypt } from '../../protocol/jt808/index.ts';
import type { Bus } from '../bus/bus.ts';
import type { MediaKeeper } from '../media/keep-media.ts';
import type { TerminalStore } from '../store/store.ts';
import type { AttachmentOrders } from './ask-for-attachments.ts';
import type { Batchers } from './batchers.ts';
import type { CommandDesk } from './command-desk.ts';
import type { IngestCounts } from './counts.ts';
import type { CrewEventDesk } from './crew-event-desk.ts';
import type { Lanes } from './lanes.ts';
import type { IngestLimits } from './limits.ts';
import type { Outbox } from './outbox.ts';
import type { Pressure } from './pressure.ts';
import type { QuietLog } from './quiet-log.ts';
import type { RulesInForce } from './rules-in-force.ts';
import type { Session } from './session.ts';

/** What every connection of one ingest shares. */
export interface IngestWorld {
  readonly bus: Bus;
  readonly terminals: TerminalStore;
  readonly limits: IngestLimits;
  readonly unknownTerminals: 'refuse' | 'hold';
  readonly rules: RulesInForce;
  readonly lanes: Lanes;
  readonly batchers: Batchers;
  readonly commands: CommandDesk;
  readonly crewEvents: CrewEventDesk;
  readonly pressure: Pressure;
  readonly outbox: Outbox;
  /** Where photos and recordings go; null where this process takes none. */
  readonly media: MediaKeeper | null;
  /** Asks for the files of alarms; null where there is no port to upload them to. */
  readonly attachments: AttachmentOrders | null;
  /** Takes the encryption off bodies; null where no key is configured. */
  readonly decryptBody: Decrypt | null;
  readonly counts: IngestCounts;
  readonly log: QuietLog;
  readonly ending: AbortSignal;
  /** Receive time, milliseconds since the epoch. */
  readonly now: () => number;
  /** A session has ended; its lane is left. */
  readonly sessionClosed: (session: Session) => void;
}
