import type { AlertView, CommandChangeView, EtaView, MediaView, PositionView } from '../api/contract.ts';

/** What goes to a viewer. `text` is the JSON of `data`, made once however many viewers there are. */
export interface Message<T extends string, D> {
  readonly type: T;
  readonly data: D;
  text(): string;
}

export type LiveMessage =
  | Message<'position', PositionView>
  | Message<'eta', EtaView>
  | Message<'alert', AlertView>
  | Message<'command', CommandChangeView>
  | Message<'media', MediaView>;

export const positionMessage = <D extends PositionView>(data: D): Message<'position', D> => ({
  type: 'position',
  data,
  text: once(() => JSON.stringify(data)),
});

export const etaMessage = (data: EtaView): Message<'eta', EtaView> => ({
  type: 'eta',
  data,
  text: once(() => JSON.stringify(data)),
});

export const alertMessage = (data: AlertView): Message<'alert', AlertView> => ({
  type: 'alert',
  data,
  text: once(() => JSON.stringify(data)),
});

export const commandMessage = (data: CommandChangeView): Message<'command', CommandChangeView> => ({
  type: 'command',
  data,
  text: once(() => JSON.stringify(data)),
});

export const mediaMessage = (data: MediaView): Message<'media', MediaView> => ({
  type: 'media',
  data,
  text: once(() => JSON.stringify(data)),
});

function once(make: () => string): () => string {
  let made: string | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * Why a viewer is let go. After `signed-out` it shall not come back by itself; after the others it reconnects and
 * reads the present state anew.
 */
export type Farewell = 'signed-out' | 'user-changed' | 'too-slow' | 'resync' | 'closing';

/** Whether a viewer can follow is asked after each so many positions. */
export const POSITIONS_AT_ONCE = 100;

/** One connection to one viewer, whatever it speaks. */
export interface Transport {
  send(message: LiveMessage): void;
  /** Positions that are owed at the same moment, at most `POSITIONS_AT_ONCE` of them. */
  sendPositions(messages: readonly LiveMessage[]): void;
  /** Has the viewer not yet taken what was sent before? Then only the newest of each vehicle is kept for it. */
  isCongested(): boolean;
  /** Calls back when it may no longer be congested. */
  onRoom(listener: () => void): void;
  close(why: Farewell): void;
}
