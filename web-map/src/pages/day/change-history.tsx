import { App, Button } from 'antd';
import { useEffect, useState } from 'react';
import type { AmendmentView, PlanChangeView } from '../../../../services/api/contract.ts';
import { amendmentsApi } from '../../api/amendments.ts';
import { faultText } from '../../api/fault-text.ts';
import { useWords } from '../../i18n/language.ts';
import { dayAndTime } from '../../text/time.ts';

/** Who changed what, newest first; what nobody touched since can be undone. */
export function ChangeHistory({ version, onChanged }: { version: string; onChanged: () => void }) {
  const { words, language } = useWords();
  const { message } = App.useApp();
  const [items, setItems] = useState<readonly PlanChangeView[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is what calls for another look
  useEffect(() => {
    void amendmentsApi.changes().then((answer) => answer.ok && setItems(answer.value.items));
  }, [version]);
  const undo = async (change: PlanChangeView) => {
    const answer = await amendmentsApi.undo(change.seq);
    if (answer.ok) void message.success(words.day.undone);
    else void message.error(`${words.day.failed} ${faultText(answer.fault, words)}`);
    onChanged();
  };
  if (items.length === 0) return <p className="page-empty">{words.day.noHistory}</p>;
  return (
    <ol className="history">
      {items.map((change) => (
        <li key={change.seq}>
          <span className="history-head">
            <time dateTime={change.at}>{dayAndTime(language, change.at)}</time>
            <strong>{words.day.by(change.by)}</strong>
            {change.diff.length > 0 && (
              <Button size="small" type="text" onClick={() => void undo(change)}>
                {words.day.undo}
              </Button>
            )}
          </span>
          {change.diff.length === 0 && <p>{words.day.imported(change.files.length)}</p>}
          {change.diff.map(({ resource, removed, added }) => (
            <div key={resource}>
              {removed.map((row) => (
                <p key={row.id} className="history-removed">
                  − {said(row)}
                </p>
              ))}
              {added.map((row) => (
                <p key={row.id} className="history-added">
                  + {said(row)}
                </p>
              ))}
            </div>
          ))}
        </li>
      ))}
    </ol>
  );

  function said(row: AmendmentView): string {
    return Object.entries(row)
      .filter(([field, value]) => value !== null && field !== 'id')
      .map(
        ([field, value]) =>
          `${words.registers.columns[field] ?? words.day.fields[field] ?? field} ${words.day.options[value ?? ''] ?? String(value).slice(0, LONGEST)}`,
      )
      .join(' · ');
  }
}

/** Of a cell; a line has thousands of points. */
const LONGEST = 120;
