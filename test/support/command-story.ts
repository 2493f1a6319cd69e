import { randomUUID } from 'node:crypto';
import type { Bus } from '../../services/bus/bus.ts';
import { BusNoAnswer } from '../../services/bus/bus.ts';
import { commandSubject } from '../../services/bus/subjects.ts';
import type {
  CommandEvent,
  CommandRow,
  CommandState,
  CommandStore,
} from '../../services/store/command-store.ts';
import type { PlatformFrame } from './terminal-bytes.ts';
import type { TestTerminal } from './test-terminal.ts';

/** Queues a command as the API does; the terminal is told of it by whoever has the bus. */
export async function queue(
  store: CommandStore,
  bus: Bus | null,
  phone: string,
  type: string,
  request: object = {},
  expiresInMs = 600_000,
): Promise<CommandRow> {
  const at = Date.now();
  const row = await store.queue({
    id: randomUUID(),
    phone,
    vehicle: 'V',
    type,
    request,
    userId: 'u1',
    userName: 'somebody',
    queuedAt: at,
    expiresAt: at + expiresInMs,
    remote: '127.0.0.1',
  });
  if (!row) throw new Error('too many wait');
  await bus?.request(commandSubject(phone), {}, 2_000).catch((error: unknown) => {
    if (!(error instanceof BusNoAnswer)) throw error;
  });
  return row;
}

/** The command once it is in one of the states. */
export async function until(
  store: CommandStore,
  { id }: { readonly id: string },
  ...states: readonly CommandState[]
): Promise<CommandRow> {
  for (;;) {
    const row = await store.get(id);
    if (row && states.includes(row.state)) return row;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Once it is written down of the command that something happened. */
export async function happened(
  store: CommandStore,
  { id }: { readonly id: string },
  event: string,
): Promise<CommandEvent> {
  for (;;) {
    const found = (await store.events(id)).find((one) => one.event === event);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const eventNames = async (store: CommandStore, { id }: { readonly id: string }): Promise<string[]> =>
  (await store.events(id)).map(({ event }) => event);

/** The next frame of the message that the terminal gets, `n` of them after the first. */
export async function got(terminal: TestTerminal, msgId: number, n = 0): Promise<PlatformFrame> {
  await terminal.answer(() => terminal.received.filter((f) => f.msgId === msgId).length > n);
  return terminal.received.filter((f) => f.msgId === msgId)[n] as PlatformFrame;
}

const word = (n: number): number[] => [(n >> 8) & 0xff, n & 0xff];

/** 0x0001. */
export function reply(terminal: TestTerminal, to: Pick<PlatformFrame, 'serial' | 'msgId'>, result = 0): void {
  terminal.send(0x0001, [...word(to.serial), ...word(to.msgId), result]);
}
