import './alerts.css';
import { Button, Checkbox, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import type { Severity } from '../../../geo/finding.ts';
import type { SessionView } from '../../../services/api/contract.ts';
import { inOrderOfCare, isOpen, passes } from '../alerts/alert-list.ts';
import { api } from '../api/client.ts';
import { useWords } from '../i18n/language.ts';
import { EmptyNote } from '../parts/empty-note.tsx';
import { SeverityMark } from '../parts/severity.tsx';
import { alerts, takeOlderAlerts } from '../state/alerts.ts';
import { preferences, showOpenAlertsOnly } from '../state/preferences.ts';
import { selection } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { AlertCard } from './alert-card.tsx';

const SEVERITIES: readonly Severity[] = ['P1', 'P2', 'P3'];
const PAGE = 60;

/** The list of alerts, growing as they come. */
export function AlertPanel({ can }: { can: SessionView['can'] }) {
  const { words } = useWords();
  const { byId, fresh, next, loaded } = useStore(alerts);
  const { openAlertsOnly } = useStore(preferences);
  const { alert: chosen } = useStore(selection);
  const [severities, setSeverities] = useState<readonly Severity[]>(SEVERITIES);
  const [shownCount, setShownCount] = useState(PAGE);
  const all = useMemo(() => inOrderOfCare(byId), [byId]);
  const shown = all.filter((alert) => passes(alert, { severities, openOnly: openAlertsOnly }));
  const inScope = openAlertsOnly ? all.filter(isOpen) : all;
  const toggle = (severity: Severity) =>
    setSeverities((now) =>
      now.includes(severity) ? now.filter((each) => each !== severity) : [...now, severity],
    );
  const more = async () => {
    setShownCount(shownCount + PAGE);
    if (next === null || shown.length > shownCount + PAGE) return;
    const answer = await api.alerts({ limit: PAGE, before: next });
    if (answer.ok) takeOlderAlerts(answer.value.items, answer.value.next);
  };
  return (
    <section className="alert-panel" aria-labelledby="alerts-title">
      <header className="panel-head">
        <h2 id="alerts-title">{words.alerts.title}</h2>
        <span className="count-badge" data-testid="open-alerts">
          {all.filter(isOpen).length}
        </span>
        <span className="top-bar-gap" />
        <Checkbox checked={openAlertsOnly} onChange={(event) => showOpenAlertsOnly(event.target.checked)}>
          {words.alerts.openOnly}
        </Checkbox>
      </header>
      <fieldset className="severity-filter">
        <legend className="unseen">{words.alerts.severity}</legend>
        {SEVERITIES.map((severity) => (
          <button
            key={severity}
            type="button"
            className="severity-toggle"
            aria-pressed={severities.includes(severity)}
            onClick={() => toggle(severity)}
          >
            <SeverityMark severity={severity} quiet />
            <b>{inScope.filter((alert) => alert.severity === severity).length}</b>
          </button>
        ))}
      </fieldset>
      {!loaded ? (
        <div className="alert-list">
          {[1, 2, 3, 4].map((n) => (
            <div key={n} className="alert-card alert-skeleton">
              <Skeleton active title={{ width: '55%' }} paragraph={{ rows: 1, width: '80%' }} />
            </div>
          ))}
        </div>
      ) : shown.length === 0 ? (
        inScope.length === 0 ? (
          <EmptyNote title={words.empty.noAlertsTitle} text={words.empty.noAlertsText} />
        ) : (
          <EmptyNote title={words.empty.noMatchTitle} text={words.empty.noMatchText}>
            <Button onClick={() => setSeverities(SEVERITIES)}>{words.empty.clearFilters}</Button>
          </EmptyNote>
        )
      ) : (
        <ol className="alert-list">
          {shown.slice(0, shownCount).map((alert) => (
            <AlertCard
              key={alert.id}
              alert={alert}
              can={can}
              fresh={fresh.has(alert.id)}
              chosen={alert.id === chosen}
            />
          ))}
          {(next !== null || shown.length > shownCount) && (
            <li className="alert-more">
              <Button block onClick={more}>
                {words.alerts.more}
              </Button>
            </li>
          )}
        </ol>
      )}
    </section>
  );
}
