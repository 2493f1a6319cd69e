import { IdcardOutlined, SafetyOutlined } from '@ant-design/icons';
import type { PositionView, RunView } from '../../../services/api/contract.ts';
import { useWords } from '../i18n/language.ts';
import { clockTime } from '../text/time.ts';

/** The run under way or next: crew, and its stops as a line with the bus between two of them. */
export function BusRun({ run, position }: { run: RunView | null; position: PositionView | null }) {
  const { words, language } = useWords();
  if (!run) {
    return (
      <div className="bus-part">
        <h3>{words.bus.run}</h3>
        <p className="bus-quiet">{words.bus.noRun}</p>
      </div>
    );
  }
  const live = position?.run?.trip === run.trip ? position.run : null;
  const state = live?.runState ?? run.runState;
  const next = live ? run.stops.findIndex((stop) => stop.id === live.nextStop) : -1;
  const finished = state === 'ARRIVED' || state === 'CHECK' || state === 'CLOSED';
  return (
    <div className="bus-part">
      <h3>
        {words.bus.run}
        <span className="run-state">{words.runState[state]}</span>
      </h3>
      <p className="run-title">
        <strong>{run.routeName}</strong> {run.headsign && words.bus.towards(run.headsign)}
        <span className="run-time">
          {clockTime(language, run.start)}–{clockTime(language, run.end)}
        </span>
      </p>
      <div className="crew">
        <Person icon={<IdcardOutlined />} label={words.bus.driver} name={run.driver?.name} />
        <Person icon={<SafetyOutlined />} label={words.bus.escort} name={run.escort?.name} />
      </div>
      <ol className="stop-line" aria-label={words.bus.stops}>
        {run.stops.map((stop, i) => {
          const passed = finished || (next >= 0 && i < next);
          const classes = ['stop'];
          if (passed) classes.push('stop-passed');
          if (i === next) classes.push('stop-next');
          if (stop.isSchool) classes.push('stop-school');
          return (
            <li
              // A loop comes by the same stop twice, but never at the same time.
              key={`${stop.id} ${stop.arrival}`}
              className={classes.join(' ')}
              aria-current={i === next ? 'step' : undefined}
            >
              <time>{clockTime(language, stop.arrival)}</time>
              <i aria-hidden="true" />
              <span className="stop-name">{stop.name}</span>
              {stop.riders > 0 && <small>{words.bus.riders(stop.riders)}</small>}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Person({ icon, label, name }: { icon: React.ReactNode; label: string; name: string | undefined }) {
  const { words } = useWords();
  return (
    <div className={name ? 'person' : 'person person-missing'}>
      <span aria-hidden="true">{icon}</span>
      <div>
        <small>{label}</small>
        <b>{name ?? words.bus.unassigned}</b>
      </div>
    </div>
  );
}
