import {
  CheckCircleFilled,
  ClockCircleOutlined,
  HistoryOutlined,
  LoadingOutlined,
  MinusCircleOutlined,
  WarningFilled,
} from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import type { CommandState, CommandView } from '../../../../services/api/contract.ts';
import { api } from '../../api/client.ts';
import { answerText, commandText } from '../../commands/command-text.ts';
import { useWords } from '../../i18n/language.ts';
import { cancelCommand, loadOlderCommands, type TerminalCommands } from '../../state/commands.ts';
import { clockTimeWithSeconds, dayAndTime } from '../../text/time.ts';

const ICONS: { readonly [state in CommandState]: typeof CheckCircleFilled } = {
  queued: ClockCircleOutlined,
  sent: LoadingOutlined,
  answered: CheckCircleFilled,
  failed: WarningFilled,
  expired: HistoryOutlined,
  cancelled: MinusCircleOutlined,
};

/** What was sent to the bus, by whoever, and what became of it; read out as it changes. */
export function CommandLog({ list, plate }: { list: TerminalCommands; plate: string }) {
  const { words } = useWords();
  const said = words.commands;
  return (
    <div className="command-log">
      <h4>{said.log}</h4>
      <div role="log" aria-label={said.log}>
        {list.loaded && list.items.length === 0 && <p className="command-hint">{said.empty}</p>}
        <ol>
          {list.items.map((command) => (
            <CommandItem key={command.id} command={command} plate={plate} />
          ))}
        </ol>
      </div>
      {list.next !== null && (
        <Button type="link" size="small" onClick={() => void loadOlderCommands()}>
          {said.older}
        </Button>
      )}
    </div>
  );
}

function CommandItem({ command, plate }: { command: CommandView; plate: string }) {
  const { words, language } = useWords();
  const said = words.commands;
  const { state, reason, step, steps } = command;
  const Icon = ICONS[state];
  const answered = answerText(command, words);
  return (
    <li className={`command command-${state}`}>
      <span className="command-what">
        <time dateTime={command.queuedAt}>{dayAndTime(language, command.queuedAt)}</time>{' '}
        {commandText(command, words)}
      </span>
      <span className="command-state">
        <Icon aria-hidden="true" /> {said.states[state]}
        {reason !== null && <small>{said.reasons[reason] ?? reason}</small>}
        {state === 'queued' && <small>{said.until(dayAndTime(language, command.expiresAt))}</small>}
        {state === 'sent' && steps !== null && steps > 1 && <small>{said.steps(step, steps)}</small>}
        {answered !== null && <small className="command-answer">{answered}</small>}
      </span>
      {state === 'queued' && (
        <Button
          size="small"
          aria-label={`${said.cancel}: ${commandText(command, words)} ${plate}`}
          onClick={() => void cancelCommand(command)}
        >
          {said.cancel}
        </Button>
      )}
      <Details command={command} />
    </li>
  );
}

/** Who, when, each sending and the answer in full: read when somebody opens it. */
function Details({ command }: { command: CommandView }) {
  const { words, language } = useWords();
  const said = words.commands;
  const [events, setEvents] = useState<CommandView['events']>();
  const load = async () => {
    const answer = await api.commandOf(command.phone, command.id);
    if (answer.ok) setEvents(answer.value.events);
  };
  return (
    <details
      className="command-details"
      onToggle={(event) => {
        if (event.currentTarget.open) void load();
      }}
    >
      <summary>{said.details}</summary>
      <p>
        {said.by(command.by)} · {said.attempts(command.attempts)}
      </p>
      <ol>
        {(events ?? []).map(({ at, event, detail }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the history only grows at its end
          <li key={i}>
            <time dateTime={at}>{clockTimeWithSeconds(language, at)}</time> {said.events[event] ?? event}{' '}
            {typeof detail.message === 'string' && <code>{detail.message}</code>}
            {typeof detail.user === 'string' && detail.user}
          </li>
        ))}
      </ol>
      {command.answers.some(({ body }) => body !== undefined) && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
        <section className="command-body" aria-label={said.answer} tabIndex={0}>
          <pre>
            {JSON.stringify(
              command.answers.flatMap(({ body }) => body ?? []),
              null,
              1,
            )}
          </pre>
        </section>
      )}
    </details>
  );
}
