import { useEffect } from 'react';
import { useOnline } from '../pocket/online.ts';
import { LanguageButton, PocketSignIn, usePocketWords } from '../pocket/sign-in.tsx';
import { useStore } from '../state/store.ts';
import { clockTime } from '../text/time.ts';
import { useEscortWords } from './escort-language.ts';
import { begin, closeRun, enter, escort, leave, openRun, refreshRun, refreshRuns } from './escort-state.ts';
import { dismiss, keepSending, outbox, send, whenSent } from './outbox.ts';
import { watchPlace } from './phone-place.ts';
import { RunScreen } from './run-screen.tsx';

/** What another phone on the same run said comes with this. */
const REFRESH_EVERY_MS = 15_000;

export function EscortPage() {
  const { words, language } = useEscortWords();
  const { words: common } = usePocketWords();
  const { session, signedOut, open } = useStore(escort);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = `${words.title} · ${common.product}`;
  }, [language, words, common]);
  useEffect(() => {
    void begin();
    whenSent(() => void refreshRun());
    const stop = [keepSending(), watchPlace()];
    const timer = setInterval(() => void refreshRun(), REFRESH_EVERY_MS);
    return () => {
      for (const end of stop) end();
      clearInterval(timer);
    };
  }, []);
  if (signedOut) {
    return <PocketSignIn title={words.title} onIn={(view) => void enter(view).then(() => send())} />;
  }
  if (!session) return <p className="pocket-message">{common.loading}</p>;
  return (
    <>
      <header className="bar">
        {open ? (
          <button type="button" className="plain-button" onClick={closeRun} aria-label={words.myRuns}>
            ‹
          </button>
        ) : null}
        <h1>{open ? '' : words.myRuns}</h1>
        <SyncState />
        <LanguageButton />
      </header>
      <Refused />
      {open ? <RunScreen session={session} /> : <RunList onOut={() => void leave()} />}
    </>
  );
}

/** Always in sight: is what was tapped with the service? */
function SyncState() {
  const { words } = useEscortWords();
  const { waiting, refused, unreachable, signedOut } = useStore(outbox);
  const online = useOnline() && !unreachable;
  const n = waiting.length;
  const state = refused.length > 0 ? 'bad' : !online ? 'offline' : n > 0 ? 'waiting' : 'good';
  const says =
    refused.length > 0
      ? words.refusedSome(refused.length)
      : signedOut
        ? words.signInToSend
        : !online
          ? words.offlineWaiting(n)
          : n > 0
            ? words.waiting(n)
            : words.synced;
  return (
    <p className={`sync sync-${state}`} role="status" data-testid="sync" data-waiting={n}>
      {says}
    </p>
  );
}

function Refused() {
  const { words, language } = useEscortWords();
  const { refused } = useStore(outbox);
  if (refused.length === 0) return null;
  return (
    <section className="notice bad" aria-label={words.refusedTitle}>
      <h2>{words.refusedTitle}</h2>
      {refused.map(({ id, at, event, refused: why }) => (
        <p key={id}>
          {clockTime(language, at)} {event.kind} · {words.refusedWhy[why ?? ''] ?? why}{' '}
          <button type="button" className="plain-button" onClick={() => void dismiss(id)}>
            {words.dismiss}
          </button>
        </p>
      ))}
    </section>
  );
}

function RunList({ onOut }: { onOut(): void }) {
  const { words, language } = useEscortWords();
  const { words: common } = usePocketWords();
  const { runs, runsAt } = useStore(escort);
  const now = Date.now();
  const ahead = runs.filter((run) => Date.parse(run.end) > now - 30 * 60_000);
  const past = runs.filter((run) => !ahead.includes(run));
  return (
    <main className="escort">
      {runs.length === 0 && <p>{runsAt === 0 ? words.noRunsOffline : words.noRuns}</p>}
      <ul className="runs">
        {[...ahead, ...past].map((run, i) => (
          <li key={`${run.serviceDate} ${run.trip}`}>
            <button
              type="button"
              className={i === 0 && ahead.length > 0 ? 'run-button first' : 'run-button'}
              onClick={() => void openRun({ trip: run.trip, date: run.serviceDate })}
            >
              <b>
                {clockTime(language, run.start)}–{clockTime(language, run.end)}
              </b>
              <span>{run.headsign || run.routeName}</span>
              <small>{run.routeName}</small>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="big-button" onClick={() => void refreshRuns()}>
        {words.refresh}
      </button>
      <button type="button" className="plain-button" onClick={onOut}>
        {common.signOut}
      </button>
    </main>
  );
}
