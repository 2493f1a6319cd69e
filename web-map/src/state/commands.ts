import type {
  CommandChangeView,
  CommandView,
  TerminalCommandRequest,
} from '../../../services/api/contract.ts';
import { type Answer, api, type Fault } from '../api/client.ts';
import { createStore } from './store.ts';

/** The commands of the terminal whose panel is open, newest first. */
export interface TerminalCommands {
  readonly phone: string | null;
  readonly items: readonly CommandView[];
  /** Given back for the page that follows; null where there is none, or nothing was read yet. */
  readonly next: string | null;
  readonly loaded: boolean;
  readonly fault: Fault | null;
}

const NOTHING: TerminalCommands = { phone: null, items: [], next: null, loaded: false, fault: null };

export const commands = createStore<TerminalCommands>(NOTHING);

/** Keeps the commands of one terminal up to date. Returns what ends it. */
export function watchCommands(phone: string): () => void {
  commands.set({ ...NOTHING, phone });
  void catchUpOnCommands();
  return () => {
    if (commands.get().phone === phone) commands.set(NOTHING);
  };
}

/** Reads the newest again: what changed while nobody could tell is among them. */
export async function catchUpOnCommands(): Promise<void> {
  const { phone } = commands.get();
  if (phone === null) return;
  const answer = await api.commands(phone);
  const now = commands.get();
  if (now.phone !== phone) return;
  if (!answer.ok) {
    commands.set({ ...now, loaded: true, fault: answer.fault });
    return;
  }
  const { items, next } = answer.value;
  commands.set({
    phone,
    items: merge(now.items, items),
    next: now.loaded ? now.next : next,
    loaded: true,
    fault: null,
  });
}

export async function loadOlderCommands(): Promise<void> {
  const { phone, next } = commands.get();
  if (phone === null || next === null) return;
  const answer = await api.commands(phone, next);
  const now = commands.get();
  if (now.phone !== phone || !answer.ok) return;
  commands.set({ ...now, items: merge(now.items, answer.value.items), next: answer.value.next });
}

/** The live event names what changed; how it stands is read. */
export async function takeCommandChange({
  id,
  phone,
}: Pick<CommandChangeView, 'id' | 'phone'>): Promise<void> {
  if (commands.get().phone !== phone) return;
  const answer = await api.commandOf(phone, id);
  if (answer.ok) take(answer.value);
}

export async function sendCommand(
  phone: string,
  request: TerminalCommandRequest,
): Promise<Answer<CommandView>> {
  const answer = await api.command(phone, request);
  if (answer.ok) take(answer.value);
  return answer;
}

export async function cancelCommand({ phone, id }: CommandView): Promise<Answer<CommandView>> {
  const answer = await api.cancelCommand(phone, id);
  if (answer.ok) take(answer.value);
  // It went out meanwhile, or is over.
  else await takeCommandChange({ id, phone });
  return answer;
}

export function forgetCommands(): void {
  commands.set(NOTHING);
}

const ORDER: { readonly [state in CommandView['state']]: number } = {
  queued: 0,
  sent: 1,
  failed: 2,
  expired: 2,
  cancelled: 2,
  answered: 3,
};

/** Answers may come out of order: a command never goes back to an earlier state, but for one that lost its line. */
function isNewer(known: CommandView, read: CommandView): boolean {
  if (read.attempts !== known.attempts) return read.attempts > known.attempts;
  if (read.step !== known.step) return read.step > known.step;
  return ORDER[read.state] >= ORDER[known.state] || known.state === 'sent';
}

function take(command: CommandView): void {
  commands.update((now) =>
    now.phone === command.phone ? { ...now, items: merge(now.items, [command]) } : now,
  );
}

function merge(known: readonly CommandView[], read: readonly CommandView[]): CommandView[] {
  const byId = new Map(known.map((command) => [command.id, command]));
  for (const command of read) {
    const before = byId.get(command.id);
    if (!before || isNewer(before, command)) byId.set(command.id, command);
  }
  return [...byId.values()].sort((a, b) => Date.parse(b.queuedAt) - Date.parse(a.queuedAt));
}
