import './console.css';
import '../shell/shell.css';
import { Button } from 'antd';
import { Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SessionView } from '../../../services/api/contract.ts';
import { isOpen } from '../alerts/alert-list.ts';
import { useWords } from '../i18n/language.ts';
import { PAGES } from '../pages/registry.tsx';
import { EmptyNote } from '../parts/empty-note.tsx';
import type { Page } from '../shell/page.ts';
import { PageBoundary } from '../shell/page-boundary.tsx';
import { PageRail } from '../shell/page-rail.tsx';
import { pageAt, pagesOf } from '../shell/pages-of.ts';
import { alerts } from '../state/alerts.ts';
import { startMonitor } from '../state/monitor.ts';
import { openPage, place, shownPage } from '../state/place.ts';
import { useStore } from '../state/store.ts';
import { useNarrow } from '../theme/theme.ts';
import { AlertAnnouncer } from './alert-announcer.tsx';
import { LinkBanner } from './link-banner.tsx';
import { TopBar } from './top-bar.tsx';

/** Everything behind the sign-in: the frame that stays, and in it the page that the address names. */
export function Console({ view: session }: { view: SessionView }) {
  const { words } = useWords();
  const narrow = useNarrow();
  const { page: id } = useStore(place);
  const { permitted } = useStore(alerts);
  const pages = pagesOf(PAGES, session);
  const page = pageAt(id, PAGES, session);
  const title = page?.title(words) ?? words.shell.missingTitle;
  const shown = page?.id ?? '';
  useLayoutEffect(() => shownPage.set(shown), [shown]);
  useEffect(() => startMonitor(), []);
  useTitle(title);
  const stage = useFocusOnChange(shown);
  const kept = useKept(page);
  const classes = ['console', narrow && 'console-narrow', !permitted && 'console-no-alerts'];
  const waiting = <div className="stage-wait">{words.loading.page}</div>;
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      <button type="button" className="skip" onClick={() => stage.current?.focus()}>
        {words.shell.skip}
      </button>
      <TopBar session={session} narrow={narrow} pages={pages} current={shown} />
      <LinkBanner />
      <div className="console-body">
        {!narrow && pages.length > 1 && <PageRail pages={pages} current={shown} />}
        <main ref={stage} className="stage" tabIndex={-1} aria-label={title}>
          {kept.map(({ stays, View }) => (
            <div key={stays} className="stage-kept" inert={stays !== page?.stays}>
              <PageBoundary words={words}>
                <Suspense fallback={waiting}>
                  <View session={session} shown={shown} />
                </Suspense>
              </PageBoundary>
            </div>
          ))}
          {page && page.stays === undefined && (
            <PageBoundary key={page.id} words={words}>
              <Suspense fallback={waiting}>
                <page.View session={session} shown={shown} />
              </Suspense>
            </PageBoundary>
          )}
          {!page && (
            <div className="stage-note">
              <EmptyNote title={words.shell.missingTitle} text={words.shell.missingText}>
                <Button type="primary" onClick={() => openPage('')}>
                  {words.shell.toHome}
                </Button>
              </EmptyNote>
            </div>
          )}
        </main>
      </div>
      <AlertAnnouncer />
    </div>
  );
}

/** How many alerts wait, and what page this is: among many tabs both are looked for. */
function useTitle(title: string): void {
  const { words } = useWords();
  const { byId } = useStore(alerts);
  useEffect(() => {
    document.title = words.shell.windowTitle([...byId.values()].filter(isOpen).length, title);
  }, [byId, words, title]);
}

/** Takes the keyboard and the screen reader along to a page that was opened, as a browser does with whole pages. */
function useFocusOnChange(page: string) {
  const stage = useRef<HTMLElement>(null);
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    stage.current?.focus();
  }, [page]);
  return stage;
}

/** Pages that stay mounted once they were opened. */
function useKept(page: Page | null): readonly Page[] {
  const [kept, setKept] = useState<readonly Page[]>([]);
  if (page?.stays === undefined || kept.some(({ stays }) => stays === page.stays)) return kept;
  const more = [...kept, page];
  setKept(more);
  return more;
}
