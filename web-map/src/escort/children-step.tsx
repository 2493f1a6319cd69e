import { useState } from 'react';
import type { RiderRecord } from '../../../geo/boardings/rider-record.ts';
import type { BoardingsView } from '../../../services/api/contract.ts';
import { useStore } from '../state/store.ts';
import { AskStop, CountSheet, GuestSheet, ToWhom } from './child-sheets.tsx';
import { useEscortWords } from './escort-language.ts';
import { say } from './escort-state.ts';
import { metresBetween, phonePlace } from './phone-place.ts';
import { RefuseSheet } from './pre-trip-step.tsx';
import type { StepParts } from './step-parts.ts';

/** Farther from the stop than this the phone is asked about. RULES R05: a stop is within 50 m; phones are worse. [D] */
const FAR_M = 150;

type Ask =
  | { kind: 'stop'; rider: RiderRecord; yes(): void }
  | { kind: 'to'; rider: RiderRecord }
  | { kind: 'count' | 'guest' | 'refuse' };

export function ChildrenStep({ view, record, onWalk }: StepParts & { onWalk(): void }) {
  const { words } = useEscortWords();
  const place = useStore(phonePlace);
  // It stays where it is until the bus goes on: a page that turns by itself is tapped wrongly.
  const [chosen, setChosen] = useState(() => dueStop(view, record.riders));
  const [ask, setAsk] = useState<Ask | null>(null);
  const [last, setLast] = useState<{ id: string; rider: string } | null>(null);
  const index = Math.min(chosen, view.stops.length - 1);
  const stop = view.stops[index];
  if (!stop) return null;
  const { toSchool } = view;
  const isLast = index === view.stops.length - 1;
  const atSchool = stop.isSchool;
  const ownStop = (rider: string) => view.riders.find((one) => one.rider === rider)?.expectedStop ?? null;
  const belongs = ({ rider }: RiderRecord) => ownStop(rider) === stop.id;
  const here = record.riders.filter((one) =>
    toSchool
      ? atSchool
        ? one.state === 'boarded'
        : belongs(one)
      : atSchool
        ? one.state !== 'alighted'
        : belongs(one),
  );
  const others = record.riders.filter((one) => !here.includes(one));
  const farM = place && Date.now() - place.at < 120_000 ? Math.round(metresBetween(place, stop)) : 0;

  const tap = async (event: { kind: string; rider: string; [field: string]: unknown }) => {
    setAsk(null);
    setLast({ id: await say(event), rider: event.rider });
  };
  const board = (rider: RiderRecord) => {
    const go = () => void tap({ kind: 'boarded', rider: rider.rider, stop: stop.id });
    if (toSchool && !belongs(rider)) setAsk({ kind: 'stop', rider, yes: go });
    else go();
  };
  const alight = (rider: RiderRecord) => {
    const go = () => setAsk({ kind: 'to', rider });
    if (!toSchool && !atSchool && !belongs(rider)) setAsk({ kind: 'stop', rider, yes: go });
    else if (atSchool) void tap({ kind: 'alighted', rider: rider.rider, stop: stop.id, to: 'teacher' });
    else go();
  };
  const undo = async (rider: RiderRecord) => {
    // Every word of this kind that still stands: a tap too many on either phone.
    const wrong = rider.evidence.filter(
      (one) => !one.takenBack && one.kind === rider.state && (one.source === 'app' || one.kind === 'absent'),
    );
    for (const { id } of wrong) await say({ kind: 'taken_back', rider: rider.rider, of: id });
    setLast(null);
  };
  const allOff = async () => {
    for (const one of here) {
      if (one.state === 'boarded')
        await say({ kind: 'alighted', rider: one.rider, stop: stop.id, to: 'teacher' });
    }
  };
  const nameOf = (rider: string) => view.riders.find((one) => one.rider === rider)?.name ?? rider;
  const card = (one: RiderRecord) => (
    <ChildCard
      key={one.rider}
      record={one}
      name={nameOf(one.rider)}
      stop={view.stops.find(({ id }) => id === ownStop(one.rider))?.name ?? words.unknownRider}
      onBoard={() => board(one)}
      onAlight={() => alight(one)}
      onAbsent={() => void tap({ kind: 'absent', rider: one.rider })}
      onUndo={() => void undo(one)}
    />
  );
  const boardedHere = here.filter((one) => one.state === 'boarded').length;
  const lastRecord = record.riders.find((one) => one.rider === last?.rider);
  return (
    <section className="step">
      <div className="stop-head">
        <button
          type="button"
          className="stop-turn"
          aria-label={words.previousStop}
          disabled={index === 0}
          onClick={() => setChosen(index - 1)}
        >
          ‹
        </button>
        <h2>
          <small>{words.stopOf(index + 1, view.stops.length)}</small>
          {stop.name}
        </h2>
        <button
          type="button"
          className="stop-turn"
          aria-label={words.nextStop}
          disabled={isLast}
          onClick={() => setChosen(index + 1)}
        >
          ›
        </button>
      </div>
      {farM > FAR_M && <p className="notice warn">{words.farFromStop(farM)}</p>}
      {here.length === 0 && <p className="quiet">{words.nobodyHere}</p>}
      {toSchool && atSchool && boardedHere > 1 && (
        <button type="button" className="big-button primary" onClick={() => void allOff()}>
          {words.allOff(boardedHere)}
        </button>
      )}
      <ul className="children">{here.map(card)}</ul>
      {others.length > 0 && (
        <details className="others">
          <summary>
            {words.others} ({others.length})
          </summary>
          <ul className="children">{others.map(card)}</ul>
        </details>
      )}
      <button type="button" className="big-button" onClick={() => setAsk({ kind: 'guest' })}>
        {words.guest}
      </button>
      <button type="button" className="big-button primary" onClick={() => setAsk({ kind: 'count' })}>
        {words.count}
      </button>
      <button type="button" className="big-button outline-bad" onClick={() => setAsk({ kind: 'refuse' })}>
        {words.refuse}
      </button>
      {isLast && (
        <button type="button" className="big-button" onClick={onWalk}>
          {words.walkTitle}
        </button>
      )}
      {last && lastRecord && lastRecord.state !== 'expected' && (
        <div className="toast" role="status">
          <span>
            {nameOf(last.rider)} · {words.state[lastRecord.state]}
          </span>
          <button type="button" onClick={() => void undo(lastRecord)}>
            {words.undo}
          </button>
        </div>
      )}
      {ask?.kind === 'stop' && (
        <AskStop
          name={nameOf(ask.rider.rider)}
          stop={view.stops.find(({ id }) => id === ownStop(ask.rider.rider))?.name ?? words.unknownRider}
          onYes={ask.yes}
          onClose={() => setAsk(null)}
        />
      )}
      {ask?.kind === 'to' && (
        <ToWhom
          name={nameOf(ask.rider.rider)}
          onTo={(to) => void tap({ kind: 'alighted', rider: ask.rider.rider, stop: stop.id, to })}
          onClose={() => setAsk(null)}
        />
      )}
      {ask?.kind === 'count' && (
        <CountSheet
          known={record.counts.aboard}
          onCount={(aboard) => {
            setAsk(null);
            void say({ kind: 'head_count', aboard, stop: stop.id });
            if (!isLast) setChosen(index + 1);
          }}
          onClose={() => setAsk(null)}
        />
      )}
      {ask?.kind === 'guest' && (
        <GuestSheet
          onTake={(rider) => void tap({ kind: 'boarded', rider, stop: stop.id })}
          onClose={() => setAsk(null)}
        />
      )}
      {ask?.kind === 'refuse' && <RefuseSheet onClose={() => setAsk(null)} />}
    </section>
  );
}

/** The first stop at which something is still to be done. */
function dueStop(view: BoardingsView, riders: readonly RiderRecord[]): number {
  const stateOf = new Map(riders.map((one) => [one.rider, one.state]));
  const waits = view.toSchool ? 'expected' : 'boarded';
  const found = view.stops.findIndex((stop) => {
    if (stop.isSchool) return !view.toSchool && riders.some((one) => one.state === 'expected');
    return view.riders.some((one) => one.expectedStop === stop.id && stateOf.get(one.rider) === waits);
  });
  return found >= 0 ? found : view.stops.length - 1;
}

function ChildCard(props: {
  record: RiderRecord;
  name: string;
  stop: string;
  onBoard(): void;
  onAlight(): void;
  onAbsent(): void;
  onUndo(): void;
}) {
  const { words } = useEscortWords();
  const { record, name, stop } = props;
  const { state } = record;
  return (
    <li className={`child child-${state}`} data-rider={record.rider}>
      <p className="child-name">
        <b>{name}</b>
        <span>{words.state[state]}</span>
      </p>
      <p className="quiet">{stop}</p>
      {record.conflicts.map((conflict) => (
        <p key={conflict} className="conflict">
          {words.conflict}: {words.conflicts[conflict] ?? conflict}
        </p>
      ))}
      <div className="child-buttons">
        {state === 'expected' && (
          <>
            <button type="button" className="yes" onClick={props.onBoard}>
              {words.boarded}
            </button>
            <button type="button" onClick={props.onAbsent}>
              {words.absent}
            </button>
          </>
        )}
        {state === 'boarded' && (
          <button type="button" className="yes" onClick={props.onAlight}>
            {words.alighted}
          </button>
        )}
        {state === 'absent' && (
          <button type="button" className="yes" onClick={props.onBoard}>
            {words.boarded}
          </button>
        )}
        {state !== 'expected' && (
          <button type="button" onClick={props.onUndo}>
            {words.undo}
          </button>
        )}
      </div>
    </li>
  );
}
