import { CheckCircleFilled } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import type { TerminalParametersView } from '../../../../services/api/contract.ts';
import { useWords } from '../../i18n/language.ts';
import type { Send } from './bus-commands.tsx';
import { useTerminalParameters } from './use-terminal-parameters.ts';

type Parameter = TerminalParametersView['parameters'][number];

/** What the terminal is set to, beside what is recommended; one click makes them the same. */
export function SettingsForm({
  phone,
  send,
  mayConfigure,
}: {
  phone: string;
  send: Send;
  mayConfigure: boolean;
}) {
  const { words } = useWords();
  const said = words.commands;
  const view = useTerminalParameters(phone);
  if (!view) return <Skeleton active paragraph={{ rows: 3 }} title={false} />;
  const { parameters } = view;
  const differing = parameters.filter(({ differs }) => differs);
  const unread = parameters.filter(({ reported }) => reported === null);
  const wanted = [...differing, ...unread];
  const read = () => void send({ type: 'read_parameters', ids: parameters.map(({ id }) => id) });
  const apply = () =>
    void send({
      type: 'write_parameters',
      params: wanted.map(({ id, recommended }) => ({ id, value: recommended })),
    });
  return (
    <div className="command-form">
      <p className="command-hint">{said.settingsHint}</p>
      <table className="settings">
        <thead>
          <tr>
            <th scope="col">{said.setting}</th>
            <th scope="col">{said.recommended}</th>
            <th scope="col">{said.onTerminal}</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map((parameter) => (
            <tr key={parameter.id} className={parameter.differs ? 'setting-differs' : ''}>
              <th scope="row">
                {said.parameters[parameter.name] ?? parameter.name} <small>{parameter.id}</small>
              </th>
              <td>{withUnit(parameter.recommended, parameter.unit)}</td>
              <td>{reportedText(parameter, said.notReported)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={differing.length > 0 ? 'command-warning' : 'command-hint'}>
        {differing.length > 0 ? (
          said.settingsDiffer(differing.length)
        ) : unread.length > 0 ? (
          said.settingsUnread
        ) : (
          <span className="settings-right">
            <CheckCircleFilled aria-hidden="true" /> {said.settingsRight}
          </span>
        )}
      </p>
      <div className="command-row">
        <Button onClick={read}>{said.readSettings}</Button>
        {mayConfigure && wanted.length > 0 && (
          <Button type="primary" onClick={apply}>
            {said.applySettings(wanted.length)}
          </Button>
        )}
      </div>
    </div>
  );
}

const withUnit = (value: unknown, unit: string): string => `${String(value)}${unit === '' ? '' : ` ${unit}`}`;

const reportedText = ({ reported, unit }: Parameter, none: string): string =>
  reported === null ? none : withUnit(reported, unit);
