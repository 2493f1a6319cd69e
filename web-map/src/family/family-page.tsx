import { lazy, Suspense, useEffect, useState } from 'react';
import { api } from '../api/client.ts';
import { useOnline } from '../pocket/online.ts';
import { LanguageButton, PocketSignIn, usePocketWords } from '../pocket/sign-in.tsx';
import { useStore } from '../state/store.ts';
import { clockTime } from '../text/time.ts';
import { useFamilyWords } from './family-language.ts';
import { family, forget, mainRun, recall, refresh, refreshTomorrow } from './family-state.ts';
import { RunCard } from './run-card.tsx';

const Settings = lazy(() =>
  import('./settings-page.tsx').then((module) => ({ default: module.SettingsPage })),
);

/** How often the page asks: while a bus is shown, and otherwise. */
const SHOWN_EVERY_MS = 10_000;
const IDLE_EVERY_MS = 60_000;

export function FamilyPage() {
  const { words, language } = useFamilyWords();
  const { words: common } = usePocketWords();
  const { today, tomorrow, heardAt, fault, signedOut } = useStore(family);
  const online = useOnline();
  const [day, setDay] = useState<'today' | 'tomorrow'>('today');
  const [child, setChild] = useState(0);
  const [settings, setSettings] = useState(false);
  const onWay = today?.children.some(({ runs }) => runs.some((run) => run.phase === 'on')) ?? false;

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = `${words.title} · ${common.product}`;
  }, [language, words, common]);

  useEffect(() => {
    recall();
    void refresh();
  }, []);

  useEffect(() => {
    if (signedOut) return;
    const ask = () => {
      if (document.visibilityState === 'visible') void refresh();
    };
    const timer = setInterval(ask, onWay ? SHOWN_EVERY_MS : IDLE_EVERY_MS);
    document.addEventListener('visibilitychange', ask);
    window.addEventListener('online', ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
      window.removeEventListener('online', ask);
    };
  }, [onWay, signedOut]);

  if (signedOut) return <PocketSignIn title={words.title} onIn={() => void refresh()} />;
  if (!today) {
    return (
      <main className="pocket-message" role="status">
        <h1>{words.title}</h1>
        <p>{fault ? (fault === 'offline' ? common.offline : common.unreachable) : common.loading}</p>
        {fault && (
          <button type="button" className="big-button primary" onClick={() => void refresh()}>
            {common.retry}
          </button>
        )}
      </main>
    );
  }
  if (settings) {
    return (
      <Suspense fallback={<p className="pocket-message">{common.loading}</p>}>
        <Settings
          childrenOf={today.children}
          onBack={() => setSettings(false)}
          onOut={() => void api.signOut().then(forget)}
        />
      </Suspense>
    );
  }
  const view = day === 'today' ? today : tomorrow;
  const shown = view?.children[Math.min(child, view.children.length - 1)];
  const runs = shown?.runs ?? [];
  const main = mainRun(runs);
  const others = runs.filter((run) => run !== main);
  return (
    <>
      <header className="bar">
        <h1>{words.title}</h1>
        <LanguageButton />
        <button type="button" className="plain-button" onClick={() => setSettings(true)}>
          {words.settings}
        </button>
      </header>
      <div role="status" className="net">
        {(!online || fault) && (
          <p className="notice warn" data-testid="offline">
            {words.offlineSince(clockTime(language, heardAt))}
          </p>
        )}
      </div>
      <main className="family">
        {(view?.children.length ?? 0) > 1 && (
          <nav className="tabs" aria-label={words.title}>
            {view?.children.map((one, i) => (
              <button key={one.rider} type="button" aria-pressed={i === child} onClick={() => setChild(i)}>
                {one.name}
              </button>
            ))}
          </nav>
        )}
        <nav className="tabs" aria-label={words.runs}>
          {(['today', 'tomorrow'] as const).map((which) => (
            <button
              key={which}
              type="button"
              aria-pressed={day === which}
              onClick={() => {
                setDay(which);
                if (which === 'tomorrow') void refreshTomorrow();
              }}
            >
              {words[which]}
            </button>
          ))}
        </nav>
        {view === null ? (
          <p className="quiet">{common.loading}</p>
        ) : !shown ? (
          <p className="quiet">{words.noChildren}</p>
        ) : (
          <section>
            <h2 className="child">
              {shown.name} <small>{shown.school}</small>
            </h2>
            {main ? (
              <RunCard key={`${main.serviceDate} ${main.trip}`} rider={shown.rider} run={main} main />
            ) : (
              <p className="quiet">{words.noRuns}</p>
            )}
            {others.length > 0 && (
              <details className="others">
                <summary>
                  {words.otherRuns} ({others.length})
                </summary>
                {others.map((run) => (
                  <RunCard key={run.trip} rider={shown.rider} run={run} main={false} />
                ))}
              </details>
            )}
          </section>
        )}
      </main>
    </>
  );
}
