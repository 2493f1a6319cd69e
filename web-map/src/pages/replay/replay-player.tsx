import { Button, Segmented } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import type { ReplayView } from '../../../../services/api/contract.ts';
import { fixAt, placeAt, type Stretch, standing, stretches } from '../../fleet/replay-track.ts';
import { useWords } from '../../i18n/language.ts';
import { PageLink } from '../../shell/page-link.tsx';
import { clockTime, clockTimeWithSeconds, wholeNumber } from '../../text/time.ts';
import { ReplayChart } from './replay-chart.tsx';
import { ReplayMap } from './replay-map.tsx';

const PACES = [1, 5, 10, 30, 60];

/** Plays what was loaded: one moment, which the map, the chart, the lanes and the slider all show. */
export function ReplayPlayer({ replay }: { replay: ReplayView }) {
  const { words, language } = useWords();
  const { fixes } = replay;
  const times = useMemo(() => fixes.map(({ time }) => Date.parse(time)), [fixes]);
  const [first, last] = [times[0]!, times.at(-1)!];
  const [at, setAt] = useState(first);
  const [pace, setPace] = useState(10);
  const [plays, setPlays] = useState(false);
  useEffect(() => {
    if (!plays) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const passed = (now - before) * pace;
      before = now;
      setAt((time) => Math.min(last, time + passed));
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [plays, pace, last]);
  useEffect(() => {
    if (at >= last) setPlays(false);
  }, [at, last]);
  const fix = fixes[fixAt(times, at)]!;
  const { lon, lat } = placeAt(fixes, times, at);
  const where = useMemo((): [number, number] => [lon, lat], [lon, lat]);
  const speed = fix.speedKmh === null ? words.replay.unknown : wholeNumber(language, fix.speedKmh);
  const said = `${clockTimeWithSeconds(language, at)} · ${speed} ${words.bus.kmh}`;
  const toggle = () => {
    if (at >= last) setAt(first);
    setPlays(!plays);
  };
  return (
    <>
      {replay.truncated && <p className="page-fault">{words.replay.truncated}</p>}
      <ReplayMap replay={replay} at={where} />
      <div className="replay-bar">
        <Button type="primary" onClick={toggle} data-testid="play">
          {plays ? words.replay.pause : words.replay.play}
        </Button>
        <Segmented
          aria-label={words.replay.speed}
          value={pace}
          onChange={setPace}
          options={PACES.map((value) => ({ value, label: words.replay.times(value) }))}
        />
        <input
          type="range"
          aria-label={words.replay.position}
          aria-valuetext={said}
          min={first}
          max={last}
          step={1000}
          value={Math.round(at)}
          onChange={(event) => setAt(Number(event.target.value))}
        />
        <output data-testid="moment">{said}</output>
      </div>
      <section className="card">
        <h2>{words.replay.chart}</h2>
        <p className="page-intro">{words.replay.chartHint}</p>
        <ReplayChart
          fixes={fixes}
          times={times}
          at={at}
          onMove={(time) => setAt(Math.min(last, Math.max(first, time)))}
        />
        <Lanes replay={replay} times={times} at={at} />
      </section>
      <PlanTables replay={replay} />
      {replay.alerts.length > 0 && (
        <section className="card">
          <h2>{words.replay.alerts}</h2>
          <ul>
            {replay.alerts.map((alert) => (
              <li key={alert.id} className="replay-links">
                {clockTime(language, alert.start)}{' '}
                <PageLink to={{ page: 'desk', rest: [alert.id] }}>{words.rules[alert.rule]}</PageLink>{' '}
                <Button size="small" type="link" onClick={() => setAt(Date.parse(alert.start))}>
                  {words.replay.position}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {replay.media.some(({ kind, shown }) => kind === 'photo' && shown) && (
        <section className="card">
          <h2>{words.replay.photos}</h2>
          <div className="buttons">
            {replay.media
              .filter(({ kind, shown }) => kind === 'photo' && shown)
              .map(({ id, time }) => (
                <a key={id} href={`/api/v1/media/${id}/content`} target="_blank" rel="noreferrer">
                  <img
                    src={`/api/v1/media/${id}/content`}
                    alt={`${words.replay.photos} ${clockTimeWithSeconds(language, time)}`}
                    width={160}
                    loading="lazy"
                  />
                </a>
              ))}
          </div>
        </section>
      )}
    </>
  );
}

/** What was on when, each on a line of its own under the chart. */
function Lanes({ replay, times, at }: { replay: ReplayView; times: readonly number[]; at: number }) {
  const { words } = useWords();
  const { fixes, alerts } = replay;
  const [first, last] = [times[0]!, times.at(-1)!];
  const lanes = useMemo(
    (): { name: keyof typeof words.replay.lane; colour: string; on: Stretch[] }[] => [
      {
        name: 'alerts',
        colour: 'var(--p1)',
        on: alerts.map(({ start, end }) => ({
          from: Math.max(first, Date.parse(start)),
          to: end === null ? last : Math.min(last, Date.parse(end)),
        })),
      },
      { name: 'stops', colour: 'var(--quiet)', on: standing(fixes, times) },
      { name: 'acc', colour: 'var(--good)', on: stretches(fixes, times, ({ accOn }) => accOn === true) },
      { name: 'doors', colour: 'var(--p2)', on: stretches(fixes, times, ({ doors }) => doors !== 0) },
      {
        name: 'signals',
        colour: 'var(--primary)',
        on: stretches(fixes, times, ({ signals, inputs }) => (signals ?? 0) !== 0 || (inputs ?? 0) !== 0),
      },
    ],
    [fixes, times, alerts, first, last],
  );
  const x = (time: number) => ((time - first) / Math.max(1, last - first)) * 1000;
  return (
    <div role="img" aria-label={words.replay.lanes}>
      {lanes.map(({ name, colour, on }) => (
        <div key={name} className="replay-lane" data-lane={name} data-on={on.length}>
          <span>{words.replay.lane[name]}</span>
          <svg viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">
            {on.map(({ from, to }, index) => (
              <rect
                key={`${from} ${to} ${String(index)}`}
                x={x(from)}
                y={2}
                width={Math.max(3, x(to) - x(from))}
                height={10}
                fill={colour}
              />
            ))}
            <rect x={x(at)} y={0} width={2} height={14} fill="var(--bad)" />
          </svg>
        </div>
      ))}
    </div>
  );
}

/** Planned and driven times of each stop. */
function PlanTables({ replay }: { replay: ReplayView }) {
  const { words, language } = useWords();
  const said = words.replay;
  const clock = (time: string | null) =>
    time === null ? said.unknown : clockTimeWithSeconds(language, time);
  return replay.runs.map((run) => (
    <section key={`${run.trip} ${run.serviceDate}`} className="card">
      <h2>
        {said.plan}: {run.routeName}
      </h2>
      <table className="rows" data-testid="plan-table">
        <thead>
          <tr>
            <th scope="col">{said.stop}</th>
            <th scope="col">{said.planned}</th>
            <th scope="col">{said.actual}</th>
            <th scope="col">{said.late}</th>
          </tr>
        </thead>
        <tbody>
          {run.stops.map((stop) => (
            <tr key={`${stop.id} ${stop.planned}`}>
              <td data-label={said.stop}>{stop.name}</td>
              <td data-label={said.planned}>{clock(stop.planned)}</td>
              <td data-label={said.actual}>
                {clock(stop.arrived)} {stop.how === null ? '' : said.how[stop.how]}
              </td>
              <td data-label={said.late}>
                {stop.lateS === null ? said.unknown : said.min((stop.lateS / 60).toFixed(1))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  ));
}
