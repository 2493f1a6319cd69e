import type { ReactNode } from 'react';
import type { AlertView, WhatIfResultView } from '../../../../services/api/contract.ts';
import { useWords } from '../../i18n/language.ts';
import { SeverityMark } from '../../parts/severity.tsx';
import { dayAndTime, wholeNumber } from '../../text/time.ts';

const SHOWN = 100;

/** How many of each rule, and each finding that differs. */
export function Differences({ result }: { result: WhatIfResultView }) {
  const { words, language } = useWords();
  const rules = Object.entries(result.counts);
  const differs = result.totals.onlyNow + result.totals.onlyTried + result.totals.regraded > 0;
  return (
    <>
      <h3>{words.whatIf.result(wholeNumber(language, result.judged))}</h3>
      {rules.length > 0 && (
        <table className="rows rows-small">
          <thead>
            <tr>
              <th>{words.whatIf.columns.rule}</th>
              <th className="number">{words.whatIf.columns.now}</th>
              <th className="number">{words.whatIf.columns.tried}</th>
              <th className="number">{words.whatIf.columns.change}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map(([rule, { now, tried }]) => (
              <tr key={rule} data-testid={`count-${rule}`}>
                <td data-label={words.whatIf.columns.rule}>{words.rules[rule as AlertView['rule']]}</td>
                <td data-label={words.whatIf.columns.now} className="number">
                  {now}
                </td>
                <td data-label={words.whatIf.columns.tried} className="number">
                  {tried}
                </td>
                <td data-label={words.whatIf.columns.change} className="number">
                  <ChangeOf by={tried - now} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!differs && <p className="page-empty">{words.whatIf.nothing}</p>}
      <Listed kind="onlyTried" total={result.totals.onlyTried} alerts={result.onlyTried} />
      <Listed kind="onlyNow" total={result.totals.onlyNow} alerts={result.onlyNow} />
      <Listed
        kind="regraded"
        total={result.totals.regraded}
        alerts={result.regraded.map((pair) => pair.tried)}
        before={(i) => <SeverityMark severity={result.regraded[i]!.now.severity} />}
      />
      <p className="page-empty">{words.whatIf.same(result.same)}</p>
    </>
  );
}

function ChangeOf({ by }: { by: number }) {
  const text = by > 0 ? `+${by}` : String(by).replace('-', '−');
  return <span className={by > 0 ? 'change-more' : by < 0 ? 'change-less' : ''}>{text}</span>;
}

function Listed(props: {
  kind: 'onlyTried' | 'onlyNow' | 'regraded';
  total: number;
  alerts: readonly AlertView[];
  before?: (i: number) => ReactNode;
}) {
  const { kind, total, alerts, before } = props;
  const { words } = useWords();
  if (total === 0) return null;
  return (
    <details className="listed" open>
      <summary>
        <span className={`dot dot-${kind}`} aria-hidden="true" /> {words.whatIf.lists[kind]} · {total}
      </summary>
      <AlertRows alerts={alerts.slice(0, SHOWN)} {...(before ? { before } : {})} />
      {total > SHOWN && <p className="page-empty">{words.whatIf.more(total - SHOWN)}</p>}
    </details>
  );
}

/** Findings as rows, with why in the reader's language. */
export function AlertRows({
  alerts,
  before,
}: {
  alerts: readonly AlertView[];
  before?: (i: number) => ReactNode;
}) {
  const { words, language } = useWords();
  return (
    <table className="rows">
      <thead>
        <tr>
          <th>{words.whatIf.list.time}</th>
          <th>{words.whatIf.list.bus}</th>
          <th>{words.whatIf.list.rule}</th>
          <th>{words.whatIf.list.grade}</th>
          <th>{words.whatIf.list.why}</th>
        </tr>
      </thead>
      <tbody>
        {alerts.map((alert, i) => (
          <tr key={alert.id}>
            <td data-label={words.whatIf.list.time}>{dayAndTime(language, alert.start)}</td>
            <td data-label={words.whatIf.list.bus}>{alert.plate ?? alert.vehicle}</td>
            <td data-label={words.whatIf.list.rule}>{words.rules[alert.rule]}</td>
            <td data-label={words.whatIf.list.grade}>
              {before && <>{before(i)} → </>}
              <SeverityMark severity={alert.severity} />
            </td>
            <td data-label={words.whatIf.list.why}>{explained(alert, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function explained(alert: AlertView, language: 'zh' | 'en'): string {
  const explain = alert.evidence.explain as { readonly zh?: string; readonly en?: string } | undefined;
  return explain?.[language] ?? '';
}
