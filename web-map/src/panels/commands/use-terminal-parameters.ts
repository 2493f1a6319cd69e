import { useEffect, useState } from 'react';
import type { TerminalParametersView } from '../../../../services/api/contract.ts';
import { api } from '../../api/client.ts';
import { commands } from '../../state/commands.ts';
import { useStore } from '../../state/store.ts';

const TELL_OF_PARAMETERS: ReadonlySet<string> = new Set(['read_parameters', 'write_parameters']);

/** What is recommended and what the terminal has, read again whenever it has told of its parameters. */
export function useTerminalParameters(phone: string): TerminalParametersView | null {
  const { items } = useStore(commands);
  const [view, setView] = useState<TerminalParametersView | null>(null);
  const told = items
    .filter(({ type, state }) => TELL_OF_PARAMETERS.has(type) && state === 'answered')
    .map(({ id }) => id)
    .join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another answer is what there is to read again
  useEffect(() => {
    let ended = false;
    void api.terminalParameters(phone).then((answer) => {
      if (!ended && answer.ok) setView(answer.value);
    });
    return () => {
      ended = true;
    };
  }, [phone, told]);
  return view;
}
