import './bus-commands.css';
import { SendOutlined } from '@ant-design/icons';
import { Button, Checkbox, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { TerminalCommandRequest } from '../../../services/api/contract.ts';
import { gbkSize } from '../commands/gbk.ts';
import { TEMPLATES } from '../commands/templates.ts';
import { useWords } from '../i18n/language.ts';
import { commands, sendCommand } from '../state/commands.ts';
import { useStore } from '../state/store.ts';
import { CommandLog } from './command-log.tsx';

/** As the service takes it. */
const MAX_CHARACTERS = 500;
/** How often and for how long the bus may be asked to report: seconds. */
const TRACKS = [
  { intervalS: 2, durationS: 300 },
  { intervalS: 5, durationS: 900 },
  { intervalS: 10, durationS: 3_600 },
] as const;

/** What may be said to the bus: a text for the crew, a question where it is, closer reports for a while. */
export function BusCommands({ vehicle, phone }: { vehicle: string; phone: string }) {
  const { words } = useWords();
  const sent = useStore(commands).filter((command) => command.vehicle === vehicle);
  const busy = sent.some((command) => command.state === 'pending');
  const send = (request: TerminalCommandRequest) => sendCommand(vehicle, phone, request);
  return (
    <section className="bus-part bus-commands" aria-label={words.commands.title}>
      <h3>{words.commands.title}</h3>
      <TextForm busy={busy} send={send} />
      <div className="command-row">
        <Button disabled={busy} onClick={() => void send({ type: 'locate' })}>
          {words.commands.locate}
        </Button>
        <TrackForm busy={busy} send={send} />
      </div>
      <CommandLog commands={sent} />
    </section>
  );
}

interface FormProps {
  busy: boolean;
  send(request: TerminalCommandRequest): Promise<unknown>;
}

function TextForm({ busy, send }: FormProps) {
  const { words } = useWords();
  const said = words.commands;
  const [text, setText] = useState('');
  const [urgent, setUrgent] = useState(false);
  const size = useMemo(() => gbkSize(text), [text]);
  const groups = (['zh', 'en'] as const).map((language) => ({
    label: words.language[language],
    options: TEMPLATES[language].map((value) => ({ value, label: value })),
  }));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send({ type: 'text', text: text.trim(), ...(urgent && { urgent }) }).then((state) => {
          if (state === 'done') setText('');
        });
      }}
    >
      <Select<string>
        className="command-templates"
        value={null}
        placeholder={said.templates}
        aria-label={said.templates}
        options={groups}
        onChange={setText}
        popupMatchSelectWidth={false}
      />
      <Input.TextArea
        value={text}
        onChange={(event) => setText(event.target.value)}
        maxLength={MAX_CHARACTERS}
        autoSize={{ minRows: 2, maxRows: 5 }}
        placeholder={said.textPlaceholder}
        aria-label={said.text}
        aria-describedby="command-size"
      />
      <div className="command-row">
        <Checkbox checked={urgent} onChange={(event) => setUrgent(event.target.checked)}>
          {said.urgent}
        </Checkbox>
        <span className="command-size" id="command-size">
          {said.size(size.bytes)}
        </span>
        <Button
          type="primary"
          htmlType="submit"
          icon={<SendOutlined />}
          disabled={busy || text.trim() === ''}
        >
          {said.send}
        </Button>
      </div>
      {size.unknown.length > 0 && (
        <p className="command-unknown" role="status">
          {said.unknown(size.unknown.join(' '))}
        </p>
      )}
    </form>
  );
}

function TrackForm({ busy, send }: FormProps) {
  const { words } = useWords();
  const said = words.commands;
  const [chosen, setChosen] = useState(1);
  const { intervalS, durationS } = TRACKS[chosen] ?? TRACKS[1];
  return (
    <span className="command-track">
      <Select
        value={chosen}
        aria-label={said.trackHow}
        onChange={setChosen}
        options={TRACKS.map((track, value) => ({
          value,
          label: said.trackEvery(track.intervalS, track.durationS / 60),
        }))}
      />
      <Button disabled={busy} onClick={() => void send({ type: 'track', intervalS, durationS })}>
        {said.track}
      </Button>
    </span>
  );
}
