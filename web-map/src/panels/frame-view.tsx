import { CheckCircleFilled, ExclamationCircleFilled, InfoCircleOutlined } from '@ant-design/icons';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { FrameView as Frame, FrameFieldView } from '../../../services/api/contract.ts';
import { type ByteRun, byteRuns } from '../frames/byte-runs.ts';
import { fieldInChinese, meaningInChinese, sourceInChinese, titleInChinese } from '../frames/frame-words.ts';
import { useWords } from '../i18n/language.ts';

const STEPS: { readonly [key: string]: number } = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** One frame: its bytes and its fields, each pointing out the other. */
export function FrameView({ frame }: { frame: Frame }) {
  const { words, language } = useWords();
  const said = words.explain;
  const [active, setActive] = useState<number | null>(null);
  const runs = useMemo(() => byteRuns(frame.bytes, frame.fields), [frame]);
  const title = language === 'zh' ? titleInChinese(frame.title) : frame.title;
  return (
    <article className="frame" aria-label={title}>
      <header className="frame-head">
        <h3>{title}</h3>
        {frame.source && (
          <span className="frame-source">
            {language === 'zh' ? sourceInChinese(frame.source) : frame.source}
          </span>
        )}
        <span className="frame-size">{said.size(frame.bytes.length / 2)}</span>
        {!frame.fault && (
          <span className="frame-good">
            <CheckCircleFilled aria-hidden="true" /> {said.good}
          </span>
        )}
      </header>
      {frame.fault && (
        <p className="frame-fault" role="alert">
          <ExclamationCircleFilled aria-hidden="true" /> {said.faults[frame.fault.code]}
          <small lang="en">{frame.fault.detail}</small>
        </p>
      )}
      {frame.warnings.map((warning) => (
        <p className="frame-warning" key={warning}>
          <InfoCircleOutlined aria-hidden="true" /> {said.warnings}: <span lang="en">{warning}</span>
        </p>
      ))}
      {frame.fields.length > 0 && (
        <div className="frame-parts">
          <Bytes frame={frame} runs={runs} active={active} onActive={setActive} />
          <Fields frame={frame} active={active} onActive={setActive} />
        </div>
      )}
    </article>
  );
}

interface PartProps {
  frame: Frame;
  active: number | null;
  onActive(field: number | null): void;
}

function Bytes({ frame, runs, active, onActive }: PartProps & { runs: readonly ByteRun[] }) {
  const { words } = useWords();
  const said = words.explain;
  const nameOf = useFieldName();
  const box = useRef<HTMLFieldSetElement>(null);
  const first = runs.findIndex((run) => run.field !== null && run.field === active);
  const tabStop = Math.max(0, first);
  return (
    <div className="frame-bytes-box">
      <h4>{said.bytes}</h4>
      <fieldset
        ref={box}
        className="frame-bytes"
        aria-label={said.bytes}
        onMouseLeave={() => onActive(null)}
        onKeyDown={(event) => step(event, box.current)}
      >
        {runs.map((run, index) => {
          const field = run.field === null ? undefined : frame.fields[run.field];
          return (
            <button
              type="button"
              key={run.start}
              tabIndex={index === tabStop ? 0 : -1}
              className={run.field !== null && run.field === active ? 'run run-active' : 'run'}
              aria-label={`${run.bytes.join(' ')} ${said.byteRun(run.start, run.bytes.length, field ? nameOf(field) : said.noField)}`}
              onMouseEnter={() => onActive(run.field)}
              onFocus={() => onActive(run.field)}
              onClick={() => run.field !== null && showField(box.current, run.field)}
            >
              {run.bytes.join(' ')}
            </button>
          );
        })}
      </fieldset>
      <p className="frame-hint">{said.bytesHint}</p>
    </div>
  );
}

function Fields({ frame, active, onActive }: PartProps) {
  const { words, language } = useWords();
  const { columns, noValue } = words.explain;
  const nameOf = useFieldName();
  const body = useRef<HTMLTableSectionElement>(null);
  return (
    <table className="frame-fields" onMouseLeave={() => onActive(null)}>
      <thead>
        <tr>
          <th scope="col">{columns.offset}</th>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.value}</th>
          <th scope="col">{columns.meaning}</th>
          <th scope="col">{columns.hex}</th>
          <th scope="col">{columns.source}</th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={(event) => step(event, body.current)}>
        {frame.fields.map((field, index) => (
          <tr
            // biome-ignore lint/suspicious/noArrayIndexKey: fields of a frame never move
            key={index}
            data-field={index}
            className={classOf(field, index === active)}
            onMouseEnter={() => onActive(index)}
          >
            <td className="field-offset">{field.offset}</td>
            <th scope="row">
              <button
                type="button"
                tabIndex={index === (active ?? 0) ? 0 : -1}
                onFocus={() => onActive(index)}
                onClick={() => onActive(index)}
              >
                {nameOf(field)}
              </button>
              {language === 'zh' && nameOf(field) !== field.path && <code>{field.path}</code>}
            </th>
            <td className="field-value">
              {valueText(field) ?? (field.path.startsWith('(') ? '' : noValue)}
              {field.unit && <small> {field.unit}</small>}
            </td>
            <td className="field-meaning">
              {language === 'zh' ? meaningInChinese(field.meaning, field.value) : field.meaning}
            </td>
            <td className="field-hex">{(field.hex.match(/../g) ?? []).join(' ')}</td>
            <td className="field-source">
              {language === 'zh' ? sourceInChinese(field.source) : field.source}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function useFieldName(): (field: FrameFieldView) => string {
  const { language } = useWords();
  return (field) => (language === 'zh' ? (fieldInChinese(field.path) ?? field.path) : field.path);
}

/** From one button to the next by arrow keys. */
function step(event: KeyboardEvent, within: HTMLElement | null): void {
  const by = STEPS[event.key];
  if (by === undefined || !within) return;
  const buttons = [...within.querySelectorAll('button')];
  const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function showField(from: HTMLElement | null, field: number): void {
  const row = from?.closest('.frame')?.querySelector(`[data-field="${field}"]`);
  row?.scrollIntoView({ block: 'nearest' });
}

function classOf(field: FrameFieldView, active: boolean): string {
  const wireOnly = field.path.startsWith('(') ? 'field-wire' : '';
  const wrong = field.meaning.startsWith('wrong') ? 'field-wrong' : '';
  return `${wireOnly} ${wrong} ${active ? 'field-active' : ''}`;
}

function valueText({ value }: FrameFieldView): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
