import type { TerminalCommandRequest } from '../../../services/api/contract.ts';
import { api, type Fault } from '../api/client.ts';
import { createStore } from './store.ts';

/** What became of a command: the service waits for the terminal, so an answer says that it was done. */
export type CommandState = 'pending' | 'done' | 'silent' | 'offline' | 'refused' | 'failed';

export interface SentCommand {
  readonly serial: number;
  readonly vehicle: string;
  readonly request: TerminalCommandRequest;
  readonly sentAt: number;
  readonly state: CommandState;
  readonly fault: Fault | null;
}

/** Enough to see what was sent during an incident. */
const MAX_KEPT = 50;

/** Commands of this page, the newest first. They outlast the panel that sent them. */
export const commands = createStore<readonly SentCommand[]>([]);

let serial = 0;

export async function sendCommand(
  vehicle: string,
  phone: string,
  request: TerminalCommandRequest,
): Promise<CommandState> {
  const own = ++serial;
  const sent: SentCommand = {
    serial: own,
    vehicle,
    request,
    sentAt: Date.now(),
    state: 'pending',
    fault: null,
  };
  commands.update((now) => [sent, ...now].slice(0, MAX_KEPT));
  const answer = await api.command(phone, request);
  const fault = answer.ok ? null : answer.fault;
  const state = fault ? stateOf(fault) : 'done';
  commands.update((now) => now.map((one) => (one.serial === own ? { ...one, state, fault } : one)));
  return state;
}

export function forgetCommands(): void {
  commands.set([]);
}

function stateOf(fault: Fault): CommandState {
  if (fault.kind !== 'refused') return 'failed';
  switch (fault.problem) {
    case '/problems/terminal-silent':
      return 'silent';
    case '/problems/terminal-offline':
      return 'offline';
    case '/problems/terminal-refused':
      return 'refused';
    default:
      return 'failed';
  }
}
