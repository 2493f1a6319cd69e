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
  position(position: PositionView): void;
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

/** The live connection. It comes back by itself for as long as the page is open. */
export function openLive(events: LiveEvents): Live {
  const socket = io({
    path: '/socket.io',
    transports: ['websocket'],
    reconnectionDelay: RETRY_FIRST_MS,
    reconnectionDelayMax: RETRY_LONGEST_MS,
  });
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
  socket.on('position', (position: PositionView) => events.position(position));
  socket.on('alert', (alert: AlertView) => events.alert(alert));
  socket.on('command', (change: CommandChangeView) => events.command(change));
  socket.on('media', (media: MediaView) => events.media(media));
  return {
    retryNow: () => {
      socket.disconnect();
      socket.connect();
    },
    close: () => {
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}
