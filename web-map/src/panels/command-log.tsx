import {
  CheckCircleFilled,
  ClockCircleOutlined,
  DisconnectOutlined,
  LoadingOutlined,
  StopOutlined,
  WarningFilled,
} from '@ant-design/icons';
import { faultText } from '../api/fault-text.ts';
import type { Dictionary } from '../i18n/en.ts';
import { useWords } from '../i18n/language.ts';
import type { CommandState, SentCommand } from '../state/commands.ts';
import { clockTimeWithSeconds } from '../text/time.ts';

const ICONS: { readonly [state in CommandState]: typeof CheckCircleFilled } = {
  pending: LoadingOutlined,
  done: CheckCircleFilled,
  silent: ClockCircleOutlined,
  offline: DisconnectOutlined,
  refused: StopOutlined,
  failed: WarningFilled,
};

/** What was sent to the bus and what became of it, read out as it changes. */
export function CommandLog({ commands }: { commands: readonly SentCommand[] }) {
  const { words, language } = useWords();
  return (
    <div className="command-log" role="log" aria-label={words.commands.log}>
      <ol>
        {commands.map((command) => {
          const { state, fault } = command;
          const Icon = ICONS[state];
          return (
            <li key={command.serial} className={`command command-${state}`}>
              <span className="command-what">
                <time>{clockTimeWithSeconds(language, command.sentAt)}</time> {whatOf(command, words)}
              </span>
              <span className="command-state">
                <Icon aria-hidden="true" /> {words.commands.states[state]}
                {state === 'refused' && fault?.kind === 'refused' && <small lang="en">{fault.detail}</small>}
                {state === 'failed' && fault && <small>{faultText(fault, words)}</small>}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function whatOf({ request }: SentCommand, words: Dictionary): string {
  if (request.type === 'text') return request.text;
  if (request.type !== 'track') return words.commands.locate;
  return `${words.commands.track}: ${words.commands.trackEvery(request.intervalS, request.durationS / 60)}`;
}
