import './bus-commands.css';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { TerminalCommandRequest } from '../../../../services/api/contract.ts';
import { useWords } from '../../i18n/language.ts';
import { commands, sendCommand, watchCommands } from '../../state/commands.ts';
import { session } from '../../state/session.ts';
import { useStore } from '../../state/store.ts';
import { AreasForm } from './areas-form.tsx';
import { CallForm } from './call-form.tsx';
import { CommandLog } from './command-log.tsx';
import { MoreForm } from './more-form.tsx';
import { PhotoForm } from './photo-form.tsx';
import { PositionForm } from './position-form.tsx';
import { refusalText } from './refusal-text.ts';
import { SettingsForm } from './settings-form.tsx';
import { Tabs } from './tabs.tsx';
import { TextForm } from './text-form.tsx';

/** What every form is given: it says true where the command was taken. */
export type Send = (request: TerminalCommandRequest) => Promise<boolean>;

/** What may be asked of the bus, the most common first, and what became of it. */
export function BusCommands({ phone, plate }: { phone: string; plate: string }) {
  const { words } = useWords();
  const said = words.commands;
  const who = useStore(session);
  const mayConfigure = who.status === 'in' && who.view.can.configure;
  const [note, setNote] = useState<string | null>(null);
  useEffect(() => watchCommands(phone), [phone]);
  const send: Send = useCallback(
    async (request) => {
      const answer = await sendCommand(phone, request);
      setNote(
        !answer.ok
          ? refusalText(answer.fault, words)
          : answer.value.connected === false
            ? words.commands.offline
            : null,
      );
      return answer.ok;
    },
    [phone, words],
  );
  const forms: { readonly [tab in keyof typeof said.tabs]: ReactNode } = {
    text: <TextForm send={send} />,
    photo: <PhotoForm send={send} />,
    call: <CallForm send={send} />,
    position: <PositionForm send={send} />,
    settings: <SettingsForm phone={phone} send={send} mayConfigure={mayConfigure} />,
    areas: mayConfigure && <AreasForm phone={phone} send={send} />,
    more: <MoreForm phone={phone} plate={plate} send={send} />,
  };
  const tabs = (Object.keys(forms) as (keyof typeof forms)[]).filter((tab) => forms[tab]);
  return (
    <section className="bus-part bus-commands" aria-label={said.title}>
      <h3>{said.title}</h3>
      <Tabs
        label={said.title}
        tabs={tabs.map((key) => ({ key, label: said.tabs[key], form: forms[key] }))}
        onChange={() => setNote(null)}
      />
      <p className="command-note" role="status">
        {note}
      </p>
      <CommandLog list={useStore(commands)} plate={plate} />
    </section>
  );
}
