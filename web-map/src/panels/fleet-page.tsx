import { lazy, Suspense, useState } from 'react';
import { useWords } from '../i18n/language.ts';
import type { Insets } from '../map/camera.ts';
import type { PageProps } from '../shell/page.ts';
import { alerts } from '../state/alerts.ts';
import { openPage } from '../state/place.ts';
import { selection } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { useNarrow } from '../theme/theme.ts';
import { AlertPanel } from './alert-panel.tsx';
import { BusPanel } from './bus-panel.tsx';
import { FleetFilterButton } from './fleet-filter.tsx';
import { FleetNotice } from './fleet-notice.tsx';
import { MapFailed } from './map-failed.tsx';
import { PhoneSheet } from './phone-sheet.tsx';

const MapView = lazy(() => import('../map/map-view.tsx').then((module) => ({ default: module.MapView })));
const BusTable = lazy(() => import('./bus-table.tsx').then((module) => ({ default: module.BusTable })));

const EDGE_PX = 60;
const ALERTS_PX = 400;
const BUS_PX = 440;
const SHEET_PX = 190;

/** The map, or the same buses as a list, with alerts beside and the chosen bus over it. */
export function FleetPage({ session, shown }: PageProps) {
  const { words } = useWords();
  const narrow = useNarrow();
  const { bus } = useStore(selection);
  const { permitted } = useStore(alerts);
  const [mapFailed, setMapFailed] = useState(false);
  // Made when it is first looked at, and kept: its view is there again when the list or another page closes.
  const [mapWanted, setMapWanted] = useState(shown === 'map');
  if (shown === 'map' && !mapWanted) setMapWanted(true);
  const insets: Insets = narrow
    ? { top: EDGE_PX, right: EDGE_PX, bottom: SHEET_PX, left: 36 }
    : {
        top: EDGE_PX,
        right: bus === null ? EDGE_PX : BUS_PX,
        bottom: EDGE_PX,
        left: permitted ? ALERTS_PX : EDGE_PX,
      };
  return (
    <div className={bus === null ? 'fleet' : 'fleet with-bus'}>
      {shown === 'map' && (
        <button type="button" className="skip" onClick={() => openPage('list')}>
          {words.view.skipToList}
        </button>
      )}
      {mapWanted && (
        <div className="stage-map" inert={shown !== 'map'}>
          {mapFailed ? (
            <MapFailed />
          ) : (
            <Suspense fallback={<div className="stage-wait">{words.loading.map}</div>}>
              <MapView insets={insets} onFail={() => setMapFailed(true)} />
            </Suspense>
          )}
          <FleetFilterButton />
          <FleetNotice role={session.user.role} />
        </div>
      )}
      {shown === 'list' && (
        <Suspense fallback={<div className="stage-wait">{words.loading.page}</div>}>
          <BusTable />
        </Suspense>
      )}
      {(shown === 'map' || shown === 'list') &&
        (narrow ? (
          <PhoneSheet can={session.can} />
        ) : (
          <>
            {permitted && (
              <aside className="side side-alerts" aria-label={words.alerts.title}>
                <AlertPanel can={session.can} />
              </aside>
            )}
            {bus !== null && (
              <aside className="side side-bus" aria-label={words.bus.panel(bus)}>
                <BusPanel key={bus} vehicle={bus} />
              </aside>
            )}
          </>
        ))}
    </div>
  );
}
