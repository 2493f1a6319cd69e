import { isOpen } from '../alerts/alert-list.ts';
import { serverNow } from '../clock.ts';
import { LIVE_MS } from '../fleet/freshness.ts';
import { useWords } from '../i18n/language.ts';
import { alerts } from '../state/alerts.ts';
import { buses, fleetVersion } from '../state/fleet.ts';
import { useStore } from '../state/store.ts';

/** How many buses are live, and how many alerts wait. */
export function FleetCounts() {
  const { words } = useWords();
  useStore(fleetVersion);
  const { byId, permitted } = useStore(alerts);
  const now = serverNow();
  let live = 0;
  for (const bus of buses.values()) if (now - bus.timeMs <= LIVE_MS) live++;
  const open = [...byId.values()].filter(isOpen).length;
  return (
    <span className="fleet-counts">
      <span>{words.counts.live(live, buses.size)}</span>
      {permitted && (
        <span className={open > 0 ? 'fleet-counts-open' : ''}>{words.counts.openAlerts(open)}</span>
      )}
    </span>
  );
}
