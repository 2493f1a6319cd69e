import { App, Button, Checkbox } from 'antd';
import { useRef, useState } from 'react';
import type { AmendmentView, UploadView } from '../../../../services/api/contract.ts';
import type { Fault } from '../../api/client.ts';
import { faultText } from '../../api/fault-text.ts';
import { registersApi, upload } from '../../api/registers.ts';
import { useWords } from '../../i18n/language.ts';

/** A file is checked and shown as a difference before anything of it is in force; the plan goes out as a file. */
export function PlanFiles({ mayMovePlans, onChanged }: { mayMovePlans: boolean; onChanged: () => void }) {
  const { words } = useWords();
  const { message } = App.useApp();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [merge, setMerge] = useState(true);
  const [busy, setBusy] = useState(false);
  const [seen, setSeen] = useState<UploadView | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const text = words.registers.files;
  const send = async (chosen: File, merged: boolean, expected: string | null) => {
    setBusy(true);
    setFault(null);
    const answer = await upload(chosen, merged, expected);
    setBusy(false);
    if (!answer.ok) {
      setSeen(null);
      setFault(answer.fault);
      return;
    }
    if (!(answer.value.ok && answer.value.inForce)) {
      setSeen(answer.value);
      return;
    }
    void message.success(text.done);
    setSeen(null);
    setFile(null);
    onChanged();
  };
  return (
    <>
      <div className="card">
        <h3>{text.importTitle}</h3>
        <p className="page-intro">{text.importIntro}</p>
        <div className="buttons">
          <input
            ref={input}
            type="file"
            accept=".zip,.csv,.txt,.geojson"
            hidden
            data-testid="upload"
            onChange={(event) => {
              const chosen = event.target.files?.[0] ?? null;
              event.target.value = '';
              setFile(chosen);
              setSeen(null);
              if (chosen) void send(chosen, merge, null);
            }}
          />
          <Button type="primary" loading={busy} onClick={() => input.current?.click()}>
            {text.choose}
          </Button>
          <Checkbox
            checked={merge}
            onChange={({ target }) => {
              setMerge(target.checked);
              if (file) void send(file, target.checked, null);
            }}
          >
            {text.merge}
          </Checkbox>
          {file && <strong>{file.name}</strong>}
          {busy && <span role="status">{text.checking}</span>}
        </div>
        {fault && (
          <p className="page-fault" role="alert">
            {faultText(fault, words)}
          </p>
        )}
        {seen && !seen.ok && (
          <div role="alert">
            <p className="page-fault">{text.wrong}</p>
            <ul className="faults">
              {seen.problems.slice(0, 200).map((problem) => (
                <li key={`${problem.file} ${problem.line} ${problem.column} ${problem.reason}`}>
                  <strong>{text.where(problem.file, problem.line, problem.column)}</strong> {problem.reason}
                </li>
              ))}
            </ul>
          </div>
        )}
        {seen?.ok && seen.changes.length === 0 && <p className="page-empty">{text.same}</p>}
        {seen?.ok && seen.changes.length > 0 && (
          <div>
            <h3>{text.changes}</h3>
            {seen.changes.map((change) => (
              <details key={change.file} open={seen.changes.length < 4}>
                <summary>
                  <strong>{change.file}</strong> {text.counts(change.added, change.removed, change.changed)}
                </summary>
                <div className="history">
                  {change.goes.map((row) => (
                    <p key={`- ${row.id}`} className="history-removed">
                      − {said(row, words.registers.columns)}
                    </p>
                  ))}
                  {change.comes.map((row) => (
                    <p key={`+ ${row.id}`} className="history-added">
                      + {said(row, words.registers.columns)}
                    </p>
                  ))}
                </div>
              </details>
            ))}
            {seen.warnings.length > 0 && (
              <details>
                <summary>{text.warnings(seen.warnings.length)}</summary>
                <ul className="faults">
                  {seen.warnings.slice(0, 100).map((one) => (
                    <li key={`${one.file} ${one.line} ${one.column} ${one.reason}`}>
                      <strong>{text.where(one.file, one.line, one.column)}</strong> {one.reason}
                    </li>
                  ))}
                </ul>
              </details>
            )}
            <div className="buttons" style={{ marginTop: 12 }}>
              <Button
                type="primary"
                loading={busy}
                onClick={() => file && void send(file, merge, seen.version)}
              >
                {text.put}
              </Button>
            </div>
          </div>
        )}
      </div>
      {mayMovePlans && (
        <div className="card">
          <h3>{text.exportTitle}</h3>
          <p className="page-intro">{text.exportIntro}</p>
          <Button href={registersApi.planFile} download>
            {text.exportAll}
          </Button>
        </div>
      )}
    </>
  );
}

const LONGEST = 80;

const said = (row: AmendmentView, names: { readonly [column: string]: string }): string =>
  Object.entries(row)
    .filter(([field, value]) => value !== null && field !== 'id')
    .map(([field, value]) => `${names[field] ?? field} ${String(value).slice(0, LONGEST)}`)
    .join(' · ');
