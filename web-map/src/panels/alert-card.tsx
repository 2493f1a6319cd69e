import { CheckOutlined, ClockCircleOutlined, UndoOutlined } from '@ant-design/icons';
import { App, Button, Tooltip } from 'antd';
import { useState } from 'react';
import type { AlertView, SessionView } from '../../../services/api/contract.ts';
import { isOpen } from '../alerts/alert-list.ts';
import { evidenceFacts, evidenceSentence } from '../alerts/evidence.ts';
import { api } from '../api/client.ts';
import { faultText } from '../api/fault-text.ts';
import { useServerNow } from '../clock.ts';
import { useWords } from '../i18n/language.ts';
import { TimeAgo } from '../parts/age.tsx';
import { SeverityMark } from '../parts/severity.tsx';
import { takeAlerts } from '../state/alerts.ts';
import { openAlert } from '../state/open-bus.ts';
import { ageOf } from '../text/age.ts';
import { clockTime } from '../text/time.ts';
import { MediaStrip } from './media-strip.tsx';
import { ResolveDialog } from './resolve-dialog.tsx';

interface AlertCardProps {
  alert: AlertView;
  can: SessionView['can'];
  fresh?: boolean;
  chosen?: boolean;
  /** In the panel of its own bus, where plate and route need no repeating. */
  ofThisBus?: boolean;
}

export function AlertCard({ alert, can, fresh, chosen, ofThisBus }: AlertCardProps) {
  const { words, language } = useWords();
  const facts = evidenceFacts(alert, words, language);
  const why = evidenceSentence(alert, language);
  const name = alert.plate ?? alert.vehicle;
  const classes = ['alert-card', `alert-${alert.severity}`];
  if (!isOpen(alert)) classes.push('alert-done');
  if (fresh) classes.push('alert-fresh');
  if (chosen) classes.push('alert-chosen');
  return (
    <li className={classes.join(' ')} data-alert={alert.id}>
      <button type="button" className="alert-open" onClick={() => openAlert(alert)}>
        <span className="alert-line">
          <SeverityMark severity={alert.severity} />
          <span className="alert-age">
            <TimeAgo time={alert.start} />
          </span>
        </span>
        <strong className="alert-rule">{words.rules[alert.rule]}</strong>
        {!ofThisBus && (
          <span className="alert-bus">
            <b>{name}</b>
            <span title={alert.routeName ?? ''}>{alert.routeShortName ?? words.alerts.noRoute}</span>
          </span>
        )}
        {facts.length > 0 && <span className="alert-facts">{facts.join(' · ')}</span>}
      </button>
      {why !== null && (chosen || ofThisBus) && <p className="alert-why">{why}</p>}
      {(chosen || ofThisBus) && <MediaStrip scope={{ kind: 'alert', alert }} quiet />}
      <div className="alert-foot">
        <AlertState alert={alert} />
        <AlertActions alert={alert} can={can} />
      </div>
      {alert.state === 'resolved' && alert.resolvedBy && alert.resolvedAt && (
        <p className="alert-note">
          {words.alerts.resolvedBy(alert.resolvedBy, clockTime(language, alert.resolvedAt))}
          {alert.resolution && ` · ${words.alerts.resolutions[alert.resolution] ?? alert.resolution}`}
          {alert.note && ` · ${alert.note}`}
        </p>
      )}
      {alert.state === 'acknowledged' && alert.acknowledgedBy && alert.acknowledgedAt && (
        <p className="alert-note">
          {words.alerts.acknowledgedBy(alert.acknowledgedBy, clockTime(language, alert.acknowledgedAt))}
        </p>
      )}
    </li>
  );
}

function AlertState({ alert }: { alert: AlertView }) {
  const { words } = useWords();
  const now = useServerNow();
  const start = Date.parse(alert.start);
  if (alert.retracted) {
    return (
      <Tooltip title={words.alerts.retractedHint}>
        <span className="chip chip-retracted">
          <UndoOutlined aria-hidden="true" /> {words.alerts.retracted}
        </span>
      </Tooltip>
    );
  }
  return (
    <span className="chips">
      {alert.end === null ? (
        <span className="chip chip-ongoing">
          <i aria-hidden="true" />
          {words.alerts.ongoing}
        </span>
      ) : (
        <span className="chip" title={words.alerts.ended}>
          {words.age.lasted(ageOf(Date.parse(alert.end) - start))}
        </span>
      )}
      {alert.state !== 'new' && (
        <span className="chip chip-handled">
          <CheckOutlined aria-hidden="true" /> {words.alerts.states[alert.state]}
        </span>
      )}
      {alert.late && (
        <Tooltip title={words.alerts.lateHint}>
          <span className="chip chip-late">
            <ClockCircleOutlined aria-hidden="true" /> {words.alerts.lateMark}
          </span>
        </Tooltip>
      )}
      {alert.end === null && now - start > 60_000 && (
        <span className="unseen">{words.age.lasting(ageOf(now - start))}</span>
      )}
    </span>
  );
}

function AlertActions({ alert, can }: { alert: AlertView; can: SessionView['can'] }) {
  const { words } = useWords();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const [resolving, setResolving] = useState(false);
  if (!isOpen(alert)) return null;
  const acknowledge = async () => {
    setBusy(true);
    const answer = await api.acknowledge(alert.id);
    setBusy(false);
    if (answer.ok) takeAlerts([answer.value]);
    else void message.error(`${words.alerts.failed} ${faultText(answer.fault, words)}`);
  };
  return (
    <span className="alert-actions">
      {can.acknowledge && alert.state === 'new' && (
        <Button size="small" loading={busy} onClick={acknowledge}>
          {words.alerts.acknowledge}
        </Button>
      )}
      {can.resolve && (
        <Button size="small" type="text" onClick={() => setResolving(true)}>
          {words.alerts.resolve}
        </Button>
      )}
      {resolving && <ResolveDialog alert={alert} onClose={() => setResolving(false)} />}
    </span>
  );
}
