import { App, Button, Popconfirm } from 'antd';
import type { AmendmentView } from '../../../../services/api/contract.ts';
import { type AmendmentResource, type Answer, amendmentsApi } from '../../api/amendments.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';
import { END_FIELD, FIELDS } from './fields.ts';

/** The rows in force, newest first, each with what can be done to it. */
export function AmendmentList(props: {
  resource: AmendmentResource;
  items: readonly AmendmentView[];
  nameOf: (field: string, value: string) => string;
  onChanged: () => void;
}) {
  const { resource, items, nameOf, onChanged } = props;
  const { words } = useWords();
  const { message } = App.useApp();
  const end = END_FIELD[resource];
  const fields = FIELDS[resource]
    .map((field) => field.name)
    .filter((name) => items.some((item) => item[name]));
  const told = async (answer: Promise<Answer<unknown>>, done: string) => {
    const given = await answer;
    if (given.ok) void message.success(done);
    else void message.error(`${words.day.failed} ${faultText(given.fault, words)}`);
    onChanged();
  };
  if (items.length === 0) return <p className="page-empty">{words.day.none}</p>;
  return (
    <div className="rows-scroll">
      <table className="rows">
        <thead>
          <tr>
            {fields.map((field) => (
              <th key={field}>{words.day.fields[field]}</th>
            ))}
            <th aria-label={words.day.fields.action} />
          </tr>
        </thead>
        <tbody>
          {items.toReversed().map((item) => {
            const over = isOver(end === undefined ? null : item[end]);
            return (
              <tr key={item.id} className={over ? 'row-over' : ''}>
                {fields.map((field) => (
                  <td
                    key={field}
                    data-label={words.day.fields[field]}
                    className={item[field] ? 'clip' : 'blank'}
                  >
                    {item[field] && (
                      <span title={item[field]}>
                        {words.day.options[item[field]] ?? nameOf(field, item[field])}
                      </span>
                    )}
                  </td>
                ))}
                <td className="acts">
                  {over && words.day.expired}
                  {end !== undefined && !over && (
                    <Button
                      size="small"
                      onClick={() =>
                        void told(amendmentsApi.put(resource, { ...item, [end]: nowText() }), words.day.ended)
                      }
                    >
                      {words.day.endNow}
                    </Button>
                  )}
                  <Popconfirm
                    title={words.day.takeOut}
                    onConfirm={() => void told(amendmentsApi.drop(resource, item.id), words.day.takenOut)}
                    okText={words.day.takeOut}
                    cancelText={words.alerts.cancel}
                  >
                    <Button size="small" type="text">
                      {words.day.takeOut}
                    </Button>
                  </Popconfirm>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const CHINA_OFFSET_MS = 8 * 3_600_000;
const nowText = (): string => `${new Date(Date.now() + CHINA_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;

/** An end without a zone is by China's clock. */
function isOver(end: string | null | undefined): boolean {
  if (!end) return false;
  const compact = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(end);
  const iso = compact ? `${compact[1]}-${compact[2]}-${compact[3]}T24:00` : end.replace(' ', 'T');
  const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}+08:00`);
  return !Number.isNaN(time) && time <= Date.now();
}
