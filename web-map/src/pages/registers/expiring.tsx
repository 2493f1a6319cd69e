import { Button, Segmented } from 'antd';
import { useEffect, useState } from 'react';
import type { ExpiringView } from '../../../../services/api/contract.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { registersApi } from '../../api/registers.ts';
import { useWords } from '../../i18n/language.ts';
import { go } from '../../state/place.ts';
import { dashed } from './cells.ts';

const SPANS = [60, 15, 0];
const MOST_DAYS = 60;

/** What runs out in 60 days, in 15, and what has. */
export function Expiring() {
  const { words } = useWords();
  const [items, setItems] = useState<readonly ExpiringView[] | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [days, setDays] = useState(MOST_DAYS);
  useEffect(() => {
    void registersApi.expiring(MOST_DAYS).then((answer) => {
      setFault(answer.ok ? null : answer.fault);
      if (answer.ok) setItems(answer.value.items);
    });
  }, []);
  // Of 0 days: what has run out, its last day being over.
  const within = (span: number) =>
    (items ?? []).filter((one) => (span === 0 ? one.daysLeft < 0 : one.daysLeft <= span));
  const text = words.registers.expiring;
  return (
    <div className="card">
      <p className="page-intro">{text.intro}</p>
      <Segmented
        value={days}
        onChange={setDays}
        options={SPANS.map((span) => ({
          value: span,
          label: `${span === 0 ? text.over : text.within(span)} (${within(span).length})`,
        }))}
      />
      {fault && (
        <p className="page-fault" role="alert">
          {faultText(fault, words)}
        </p>
      )}
      {!items && !fault && <p className="page-empty">{words.loading.page}</p>}
      {items && within(days).length === 0 && <p className="page-empty">{text.none}</p>}
      {items && within(days).length > 0 && (
        <div className="rows-scroll">
          <table className="rows">
            <thead>
              <tr>
                <th>{text.columns.kind}</th>
                <th>{text.columns.whose}</th>
                <th>{text.columns.operator}</th>
                <th>{text.columns.lastDay}</th>
                <th>{text.columns.left}</th>
                <th aria-label={text.open} />
              </tr>
            </thead>
            <tbody>
              {within(days).map((one) => (
                <tr key={`${one.kind} ${one.key}`}>
                  <td data-label={text.columns.kind}>{text.kinds[one.kind]}</td>
                  <td data-label={text.columns.whose}>{one.plate ?? one.person ?? one.vehicle}</td>
                  <td data-label={text.columns.operator} className={one.operator ? '' : 'blank'}>
                    {one.operator}
                  </td>
                  <td data-label={text.columns.lastDay}>{dashed(one.lastDay)}</td>
                  <td data-label={text.columns.left} className={one.daysLeft < 0 ? 'row-late' : ''}>
                    {text.left(one.daysLeft)}
                  </td>
                  <td className="acts">
                    <Button
                      size="small"
                      aria-label={`${text.open} ${one.key}`}
                      onClick={() => go({ page: 'registers', rest: [tabOf(one)], query: { row: one.key } })}
                    >
                      {text.open}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

const tabOf = ({ register }: ExpiringView): string => (register === 'people' ? 'drivers' : register);
