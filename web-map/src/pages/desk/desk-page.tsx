import './desk-page.css';
import { SoundOutlined } from '@ant-design/icons';
import { Button, Checkbox, Tooltip } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { sound, turnSound } from '../../alerts/alarm-sound.ts';
import { deskQueue, stageOf } from '../../alerts/desk-queue.ts';
import { deskApi } from '../../api/desk.ts';
import { useServerNow } from '../../clock.ts';
import { useWords } from '../../i18n/language.ts';
import { EmptyNote } from '../../parts/empty-note.tsx';
import { SeverityMark } from '../../parts/severity.tsx';
import type { PageProps } from '../../shell/page.ts';
import { PageLink } from '../../shell/page-link.tsx';
import { alerts, takeOlderAlerts } from '../../state/alerts.ts';
import { place } from '../../state/place.ts';
import { useStore } from '../../state/store.ts';
import { PageFrame } from '../page-frame.tsx';
import { DeskAlert } from './desk-alert.tsx';
import { ShiftHandover } from './shift-handover.tsx';

const SHOWN = 100;

/** What waits to be dealt with, gravest first, and one of it in full. Which one is in the address. */
export function DeskPage({ session }: PageProps) {
  const { words } = useWords();
  const { byId } = useStore(alerts);
  const { rest } = useStore(place);
  const [mine, setMine] = useState(false);
  const [shift, setShift] = useState(false);
  const queue = useMemo(() => deskQueue(byId, mine ? session.user.id : null), [byId, mine, session]);
  useEffect(() => {
    // The list of the map holds the newest; what waits may be older, and P1 must be there however many there are.
    for (const severity of ['P1', 'P2', 'P3']) {
      void deskApi
        .waiting(severity)
        .then((answer) => answer.ok && takeOlderAlerts(answer.value.items, alerts.get().next));
    }
  }, []);
  const chosen = rest[0];
  return (
    <PageFrame title={words.desk.title}>
      <div className="desk-bar">
        <Checkbox checked={mine} onChange={(event) => setMine(event.target.checked)}>
          {words.desk.mine}
        </Checkbox>
        <SoundSwitch />
        <Button aria-pressed={shift} onClick={() => setShift(!shift)} data-testid="shift">
          {words.desk.shift}
        </Button>
      </div>
      {shift && <ShiftHandover />}
      <div className={chosen === undefined ? 'desk' : 'desk desk-open'}>
        <section className="desk-queue" aria-label={words.desk.queue}>
          <h2>
            {words.desk.queue} <span className="count-badge">{queue.length}</span>
          </h2>
          {queue.length === 0 ? (
            <EmptyNote title={words.desk.empty} text={words.desk.emptyText} />
          ) : (
            <ul>
              {queue.slice(0, SHOWN).map((alert) => (
                <li key={alert.id}>
                  <PageLink
                    className={`desk-row alert-${alert.severity}`}
                    to={{ page: 'desk', rest: [alert.id] }}
                    aria-current={alert.id === chosen ? 'true' : undefined}
                    data-row={alert.id}
                  >
                    <span className="desk-row-head">
                      <SeverityMark severity={alert.severity} />
                      <span>{words.desk.stages[stageOf(alert)]}</span>
                    </span>
                    <strong>{words.rules[alert.rule]}</strong>
                    <span>
                      <b>{alert.plate ?? alert.vehicle}</b> {alert.routeShortName ?? ''}
                    </span>
                    {stageOf(alert) === 'new' ? (
                      <Waiting since={alert.raisedAt} />
                    ) : (
                      alert.desk?.assignee && <em>{words.desk.assignee(alert.desk.assignee.name)}</em>
                    )}
                    {(alert.desk?.level ?? 0) > 0 && (
                      <span className="chip chip-late">{words.desk.level(alert.desk?.level ?? 0)}</span>
                    )}
                  </PageLink>
                </li>
              ))}
            </ul>
          )}
        </section>
        <section className="desk-one" aria-live="off">
          {chosen === undefined ? (
            <p className="page-empty">{words.desk.choose}</p>
          ) : (
            <DeskAlert key={chosen} id={chosen} session={session} />
          )}
        </section>
      </div>
    </PageFrame>
  );
}

/** Minutes and seconds since nobody has taken it up. */
function Waiting({ since }: { since: string }) {
  const { words } = useWords();
  const seconds = Math.max(0, Math.floor((useServerNow() - Date.parse(since)) / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = String(Math.floor(seconds / 60) % 60).padStart(2, '0');
  const rest = String(seconds % 60).padStart(2, '0');
  return (
    <em className="desk-waits">
      {words.desk.waits(hours > 0 ? `${hours}:${minutes}:${rest}` : `${minutes}:${rest}`)}
    </em>
  );
}

function SoundSwitch() {
  const { words } = useWords();
  const now = useStore(sound);
  return (
    <Tooltip title={words.desk.sound[now]}>
      <Button
        icon={<SoundOutlined />}
        aria-label={words.desk.sound[now]}
        aria-pressed={now === 'on'}
        type={now === 'on' ? 'primary' : 'default'}
        onClick={() => void turnSound(now !== 'on')}
        data-testid="sound"
      />
    </Tooltip>
  );
}
