import './console.css';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { SessionView } from '../../../services/api/contract.ts';
import { isOpen } from '../alerts/alert-list.ts';
import { useWords } from '../i18n/language.ts';
import type { Insets } from '../map/camera.ts';
import { alerts } from '../state/alerts.ts';
import { startMonitor } from '../state/monitor.ts';
import { selection, view as viewStore } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { useNarrow } from '../theme/theme.ts';
import { AlertAnnouncer } from './alert-announcer.tsx';
import { AlertPanel } from './alert-panel.tsx';
import { BusPanel } from './bus-panel.tsx';
import { BusTable } from './bus-table.tsx';
import { FleetNotice } from './fleet-notice.tsx';
import { LinkBanner } from './link-banner.tsx';
import { MapFailed } from './map-failed.tsx';
import { PhoneSheet } from './phone-sheet.tsx';
import { TopBar } from './top-bar.tsx';

const ExplainPage = lazy(() =>
  import('./explain-page.tsx').then((module) => ({ default: module.ExplainPage })),
);
const DayPage = lazy(() =>
  import('../pages/day/day-page.tsx').then((module) => ({ default: module.DayPage })),
);
const WhatIfPage = lazy(() =>
  import('../pages/what-if/what-if-page.tsx').then((module) => ({ default: module.WhatIfPage })),
);
const MapView = lazy(() => import('../map/map-view.tsx').then((module) => ({ default: module.MapView })));

const EDGE_PX = 60;
const ALERTS_PX = 400;
const BUS_PX = 440;
const SHEET_PX = 190;

/** The page behind the sign-in: the map or the list, with alerts beside and the chosen bus over it. */
export function Console({ view: sessionView }: { view: SessionView }) {
  const { words } = useWords();
  const narrow = useNarrow();
  const view = useStore(viewStore);
  const { bus } = useStore(selection);
  const { permitted } = useStore(alerts);
  const [mapFailed, setMapFailed] = useState(false);
  useEffect(() => startMonitor(), []);
  useTitle();
  const insets: Insets = narrow
    ? { top: EDGE_PX, right: EDGE_PX, bottom: SHEET_PX, left: 36 }
    : {
        top: EDGE_PX,
        right: bus === null ? EDGE_PX : BUS_PX,
        bottom: EDGE_PX,
        left: permitted ? ALERTS_PX : EDGE_PX,
      };
  const classes = [
    'console',
    narrow && 'console-narrow',
    !permitted && 'console-no-alerts',
    bus !== null && 'console-bus',
  ];
  const map = mapFailed ? (
    <MapFailed />
  ) : (
    <Suspense fallback={<div className="stage-wait">{words.loading.map}</div>}>
      <MapView insets={insets} onFail={() => setMapFailed(true)} />
    </Suspense>
  );
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      <button type="button" className="skip" onClick={() => viewStore.set('list')}>
        {words.view.skipToList}
      </button>
      <TopBar session={sessionView} narrow={narrow} />
      <LinkBanner />
      <main className="stage">
        {/* The map stays, so that its view is there again when the list closes. */}
        <div className="stage-map" inert={view !== 'map'}>
          {map}
          <FleetNotice role={sessionView.user.role} />
        </div>
        {view === 'list' && <BusTable />}
        {view !== 'map' && view !== 'list' ? (
          <Suspense fallback={<div className="stage-wait">{words.loading.page}</div>}>
            {view === 'explain' && <ExplainPage />}
            {view === 'day' && <DayPage resources={sessionView.can.amend} />}
            {view === 'what-if' && <WhatIfPage />}
          </Suspense>
        ) : narrow ? (
          <PhoneSheet can={sessionView.can} />
        ) : (
          <>
            {permitted && (
              <aside className="side side-alerts" aria-label={words.alerts.title}>
                <AlertPanel can={sessionView.can} />
              </aside>
            )}
            {bus !== null && (
              <aside className="side side-bus" aria-label={words.bus.panel(bus)}>
                <BusPanel key={bus} vehicle={bus} />
              </aside>
            )}
          </>
        )}
      </main>
      <AlertAnnouncer />
    </div>
  );
}

function useTitle(): void {
  const { words } = useWords();
  const { byId } = useStore(alerts);
  useEffect(() => {
    document.title = words.counts.title([...byId.values()].filter(isOpen).length);
  }, [byId, words]);
}
