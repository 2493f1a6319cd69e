import { useEffect, useState } from 'react';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { registersApi, type TerminalView } from '../../api/registers.ts';
import { useWords } from '../../i18n/language.ts';
import { dayAndTime } from '../../text/time.ts';

/** Terminals as they registered themselves; which bus one belongs to is said by the vehicle's own row. */
export function Terminals() {
  const { words, language } = useWords();
  const [items, setItems] = useState<readonly TerminalView[] | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  useEffect(() => {
    void registersApi.terminals().then((answer) => {
      setFault(answer.ok ? null : answer.fault);
      if (answer.ok) setItems(answer.value.items);
    });
  }, []);
  const { columns, yes, no } = words.registers.terminals;
  return (
    <div className="card">
      {fault && (
        <p className="page-fault" role="alert">
          {faultText(fault, words)}
        </p>
      )}
      {!items && !fault && <p className="page-empty">{words.loading.page}</p>}
      {items && items.length === 0 && <p className="page-empty">{words.registers.none}</p>}
      {items && items.length > 0 && (
        <div className="rows-scroll">
          <table className="rows">
            <thead>
              <tr>
                {Object.entries(columns).map(([name, title]) => (
                  <th key={name}>{title}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.phone}>
                  <td data-label={columns.phone}>{one.phone}</td>
                  <td data-label={columns.plate} className={one.plate ? '' : 'blank'}>
                    {one.plate}
                  </td>
                  <td data-label={columns.model}>
                    {one.manufacturer} {one.model}
                  </td>
                  <td data-label={columns.version}>{one.version}</td>
                  <td data-label={columns.approved}>{one.approved ? yes : no}</td>
                  <td data-label={columns.seen} className={one.lastSeenAt ? '' : 'blank'}>
                    {one.lastSeenAt && dayAndTime(language, one.lastSeenAt)}
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
