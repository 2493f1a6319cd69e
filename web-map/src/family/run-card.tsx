import { lazy, Suspense, useState } from 'react';
import type { FamilyRunView } from '../../../services/api/contract.ts';
import { freshnessOf } from '../fleet/freshness.ts';
import { useNow } from '../pocket/now.ts';
import { clockTime } from '../text/time.ts';
import { familyApi } from './family-api.ts';
import { useFamilyWords } from './family-language.ts';
import { refresh, refreshTomorrow } from './family-state.ts';
import { minutesUntil } from './minutes.ts';

/** The map and its library come after the first screen, and only while there is a bus to show. */
const FamilyMap = lazy(() => import('./family-map.tsx').then((module) => ({ default: module.FamilyMap })));

/** One run of one child: minutes, marks, the bus, and the excuse. */
export function RunCard({ rider, run, main }: { rider: string; run: FamilyRunView; main: boolean }) {
  const { words, language } = useFamilyWords();
  const clock = (time: string) => clockTime(language, time);
  const heading = `${run.toSchool ? words.toSchool : words.fromSchool} · ${clock(run.stop.planned)}`;
  const onWay = run.phase === 'on' && run.state !== 'absent';
  return (
    <article
      className={main ? 'run main' : 'run'}
      data-testid={main ? 'main-run' : undefined}
      data-trip={run.trip}
    >
      <h3>{heading}</h3>
      {run.phase === 'cancelled' && (
        <div className="notice bad">
          <strong>{words.cancelled}</strong>
          <p>{words.cancelledText}</p>
        </div>
      )}
      {run.substitute && run.plate !== null && (
        <p className="notice warn" data-testid="substitute">
          <strong>{words.substitute(run.plate)}</strong>
        </p>
      )}
      {run.phase !== 'cancelled' && <Marks run={run} />}
      {main && onWay && <Minutes run={run} />}
      {main && run.phase === 'soon' && run.state !== 'absent' && (
        <p className="quiet">{words.soon(clock(run.shownFrom))}</p>
      )}
      {main && run.phase === 'over' && <p className="quiet">{words.over}</p>}
      {run.plate !== null && !run.substitute && run.phase !== 'over' && (
        <p className="plate">
          {words.bus} <b>{run.plate}</b>
        </p>
      )}
      {main && onWay && run.position !== null && (
        <section aria-label={words.map} className="map-box">
          <Suspense fallback={<p className="map-wait">{words.mapLoading}</p>}>
            <FamilyMap run={run} />
          </Suspense>
        </section>
      )}
      <Excuse rider={rider} run={run} />
    </article>
  );
}

function Marks({ run }: { run: FamilyRunView }) {
  const { words, language } = useFamilyWords();
  const at = run.state === 'boarded' ? run.boardedAt : run.state === 'alighted' ? run.alightedAt : null;
  return (
    <p className={`mark mark-${run.state}`} data-testid="mark">
      <Tick state={run.state} />
      <span>
        <strong>{words.state[run.state]}</strong>
        {at !== null && <span> {words.since(clockTime(language, at))}</span>}
        {run.state === 'alighted' && run.boardedAt !== null && (
          <span className="quiet">
            {' '}
            ({words.state.boarded} {clockTime(language, run.boardedAt)})
          </span>
        )}
        {run.warnings.includes('other_stop') && <em> {words.otherStop}</em>}
      </span>
    </p>
  );
}

function Tick({ state }: { state: FamilyRunView['state'] }) {
  return (
    <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
      <circle cx="12" cy="12" r="11" className="tick-ring" />
      {state === 'expected' ? (
        <path d="M12 6v6l4 2" className="tick-line" />
      ) : state === 'absent' ? (
        <path d="M7 12h10" className="tick-line" />
      ) : (
        <path d="m6.500 12.500 3.500 3.500 7-8" className="tick-line" />
      )}
    </svg>
  );
}

function Minutes({ run }: { run: FamilyRunView }) {
  const { words, language } = useFamilyWords();
  const now = useNow(1_000);
  const ageMs = run.position === null ? null : Math.max(0, now - Date.parse(run.position.time));
  const freshness = ageMs === null ? null : freshnessOf(ageMs);
  const age = ageMs === null ? '' : words.ago(Math.floor(ageMs / 1_000));
  const arrival = freshness === 'stale' ? null : run.arrival;
  const minutes = arrival && minutesUntil(arrival, now);
  const lateMin = Math.round((run.delayS ?? 0) / 60);
  return (
    <div className="arrival">
      {run.passed ? (
        <p className="passed">{words.passed}</p>
      ) : minutes && arrival ? (
        <>
          <p className="minutes" data-testid="minutes">
            {minutes.to === 0 ? (
              <b>{words.arriving}</b>
            ) : (
              <>
                <b>{words.minutes(minutes.from, minutes.to)}</b> {words.minutesUnit}
              </>
            )}{' '}
            <span>{words.atOurStop}</span>
          </p>
          <p className="quiet">
            {words.between(clockTime(language, arrival.from), clockTime(language, arrival.to))} ·{' '}
            {run.stop.name}
          </p>
        </>
      ) : (
        <p className="no-basis" data-testid="no-minutes">
          {freshness === 'stale' ? words.staleEta : words.noBasis}{' '}
          {words.planned(clockTime(language, run.stop.planned))}
        </p>
      )}
      <p className="standing">
        {run.delayS !== null && lateMin >= 2 ? (
          <span className="late">{words.late(lateMin)}</span>
        ) : run.delayS !== null ? (
          <span className="good">{words.onTime}</span>
        ) : null}
        <span className={`age age-${freshness ?? 'none'}`} data-testid="age">
          {freshness === null ? words.noPosition : words[freshness](age)}
        </span>
      </p>
    </div>
  );
}

function Excuse({ rider, run }: { rider: string; run: FamilyRunView }) {
  const { words } = useFamilyWords();
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle');
  const say = async (kind: 'absent' | 'taken_back', of?: string) => {
    setState('busy');
    const event = {
      kind,
      id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`,
      at: new Date().toISOString(),
      rider,
      ...(of === undefined ? {} : { of }),
    };
    const answer = await familyApi.say(run.trip, run.serviceDate, event);
    await Promise.all([refresh(), refreshTomorrow()]);
    setState(answer.ok && answer.value.items[0]?.outcome !== 'refused' ? 'idle' : 'failed');
  };
  return (
    <div className="excuse">
      {run.absence?.mine && run.state === 'absent' && (
        <>
          <p>{words.excused}</p>
          <button
            type="button"
            className="big-button"
            disabled={state === 'busy'}
            onClick={() => run.absence && void say('taken_back', run.absence.id)}
          >
            {words.undo}
          </button>
        </>
      )}
      {run.absence && !run.absence.mine && run.state === 'absent' && <p>{words.schoolExcused}</p>}
      {run.mayExcuse && (
        <button
          type="button"
          className="big-button"
          disabled={state === 'busy'}
          onClick={() => void say('absent')}
        >
          {state === 'busy' ? words.saving : words.excuse}
        </button>
      )}
      <p role="status" className="form-fault">
        {state === 'failed' ? words.failed : ''}
      </p>
    </div>
  );
}
