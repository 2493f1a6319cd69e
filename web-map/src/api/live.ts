import { io } from 'socket.io-client';
import type {
  AlertView,
  CommandChangeView,
  MediaView,
  PositionView,
} from '../../../services/api/contract.ts';

export interface LiveEvents {
  /** Connected, for the first time or again: whatever was missed meanwhile has to be fetched. */
  up(): void;
  down(): void;
  /** The service would not have this session. */
  refused(): void;
  positions(positions: readonly PositionView[]): void;
  alert(alert: AlertView): void;
  command(change: CommandChangeView): void;
  media(media: MediaView): void;
}

export interface Live {
  retryNow(): void;
  close(): void;
}

const RETRY_FIRST_MS = 500;
const RETRY_LONGEST_MS = 5_000;
const ANSWER_AFTER_MS = 60;

/** The live connection. It comes back by itself for as long as the page is open. */
export function openLive(events: LiveEvents): Live {
  const socket = io({
    path: '/socket.io',
    transports: ['websocket'],
    // By the hundred, and each hundred answered, so that the service sends no more than this page takes.
    auth: { batches: true },
    reconnectionDelay: RETRY_FIRST_MS,
    reconnectionDelayMax: RETRY_LONGEST_MS,
  });
  /** One answer is good for all that came before it. */
  let taken = 0;
  let answer: ReturnType<typeof setTimeout> | undefined;
  socket.on('connect', () => events.up());
  socket.on('connect_error', () => {
    events.down();
    // An error after the transport was up is the service's own no; socket.io does not try again by itself then.
    if (!socket.active) events.refused();
  });
  socket.on('disconnect', (reason) => {
    events.down();
    if (reason === 'io server disconnect') events.refused();
  });
  socket.on('positions', (positions: PositionView[], batch: number) => {
    events.positions(positions);
    taken = batch;
    answer ??= setTimeout(() => {
      answer = undefined;
      socket.emit('taken', taken);
    }, ANSWER_AFTER_MS);
  });
  socket.on('position', (position: PositionView) => events.positions([position]));
  socket.on('alert', (alert: AlertView) => events.alert(alert));
  socket.on('command', (change: CommandChangeView) => events.command(change));
  socket.on('media', (media: MediaView) => events.media(media));
  return {
    retryNow: () => {
      socket.disconnect();
      socket.connect();
    },
    close: () => {
      clearTimeout(answer);
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}
