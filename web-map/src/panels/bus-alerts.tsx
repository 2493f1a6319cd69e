import { useEffect, useState } from 'react';
import type { AlertView, SessionView } from '../../../services/api/contract.ts';
import { newestFirst, withAlerts } from '../alerts/alert-list.ts';
import { api } from '../api/client.ts';
import { useWords } from '../i18n/language.ts';
import { alerts } from '../state/alerts.ts';
import { session } from '../state/session.ts';
import { useStore } from '../state/store.ts';
import { AlertCard } from './alert-card.tsx';

const SHOWN = 5;
const NOTHING_ALLOWED: SessionView['can'] = {
  acknowledge: false,
  resolve: false,
  command: false,
  configure: false,
  control: false,
  seeSpeed: false,
  explain: false,
  seeMedia: false,
  hold: false,
  review: false,
  evidence: false,
  amend: [],
  whatIf: false,
  accounts: false,
  audit: false,
};

/** The last alerts of one bus: asked for once, then kept up by what the page hears anyway. */
export function BusAlerts({ vehicle }: { vehicle: string }) {
  const { words } = useWords();
  const { byId, permitted } = useStore(alerts);
  const signedIn = useStore(session);
  const [older, setOlder] = useState<readonly AlertView[]>([]);
  useEffect(() => {
    if (!permitted) return;
    let ended = false;
    void api.alerts({ vehicle, limit: SHOWN }).then((answer) => {
      if (!ended && answer.ok) setOlder(answer.value.items);
    });
    return () => {
      ended = true;
    };
  }, [vehicle, permitted]);
  if (!permitted) return null;
  const own = [...byId.values()].filter((alert) => alert.vehicle === vehicle);
  const shown = newestFirst(withAlerts(withAlerts(new Map(), older), own)).slice(0, SHOWN);
  const can = signedIn.status === 'in' ? signedIn.view.can : NOTHING_ALLOWED;
  return (
    <div className="bus-part">
      <h3>{words.bus.alerts}</h3>
      {shown.length === 0 ? (
        <p className="bus-quiet">{words.bus.noAlerts}</p>
      ) : (
        <ol className="bus-alerts">
          {shown.map((alert) => (
            <AlertCard key={alert.id} alert={alert} can={can} ofThisBus />
          ))}
        </ol>
      )}
    </div>
  );
}
