import { Skeleton } from 'antd';
import { type KeyboardEvent, type PointerEvent, useId, useMemo } from 'react';
import { speedSamples } from '../fleet/track.ts';
import { useWords } from '../i18n/language.ts';
import { useStore } from '../state/store.ts';
import { track, trackCursor } from '../state/track.ts';
import { clockTime, clockTimeWithSeconds, wholeNumber } from '../text/time.ts';

const WIDTH = 360;
const HEIGHT = 84;
const SAMPLES = 180;
const GRID_KMH = 20;
/** A longer silence breaks the line. */
const GAP_MS = 300_000;

/** Speed over the day. Moving along it shows the place on the map. */
export function SpeedChart() {
  const { words, language } = useWords();
  const { status, points, truncated } = useStore(track);
  const cursor = useStore(trackCursor);
  const fill = useId();
  const samples = useMemo(() => speedSamples(points, SAMPLES), [points]);
  if (status === 'loading') return <Skeleton active title={false} paragraph={{ rows: 2 }} />;
  // Not everybody may see where a bus was, or how fast; then there is nothing to draw.
  if (status === 'failed') return null;
  if (status === 'ready' && points.length > 0 && samples.length < 2) return null;
  const from = samples[0]?.time ?? 0;
  const span = Math.max(1, (samples.at(-1)?.time ?? 0) - from);
  const top = Math.ceil((Math.max(20, ...samples.map((s) => s.kmh)) + 5) / GRID_KMH) * GRID_KMH;
  const x = (time: number) => ((time - from) / span) * WIDTH;
  const y = (kmh: number) => HEIGHT - (kmh / top) * HEIGHT;
  const line = samples
    .map((s, i) => {
      const gap = i === 0 || s.time - samples[i - 1]!.time > GAP_MS;
      return `${gap ? 'M' : 'L'}${x(s.time).toFixed(1)} ${y(s.kmh).toFixed(1)}`;
    })
    .join(' ');
  const marked = cursor === null ? undefined : points[cursor];
  const peak = Math.round(Math.max(0, ...samples.map((s) => s.kmh)));
  const moveTo = (time: number) => {
    if (points.length === 0) return;
    let [low, high] = [0, points.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Date.parse(points[middle]!.time) < time) low = middle + 1;
      else high = middle;
    }
    trackCursor.set(low);
  };
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    moveTo(from + ((event.clientX - box.left) / box.width) * span);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const now = marked ? Date.parse(marked.time) : from + span;
    moveTo(Math.min(from + span, Math.max(from, now + (step * span) / 60)));
  };
  const value =
    marked &&
    words.bus.trackPoint(
      clockTimeWithSeconds(language, marked.time),
      marked.speedKmh === null ? '–' : `${wholeNumber(language, marked.speedKmh)} ${words.bus.kmh}`,
    );
  return (
    <div className="bus-part">
      <h3>
        {words.bus.track}
        {samples.length > 1 && <span className="track-value">{value ?? words.bus.trackPeak(peak)}</span>}
      </h3>
      {samples.length < 2 ? (
        <p className="bus-quiet">{words.empty.noTrack}</p>
      ) : (
        <>
          <div
            className="speed-chart"
            role="slider"
            tabIndex={0}
            aria-label={words.bus.track}
            aria-valuemin={from}
            aria-valuemax={from + span}
            aria-valuenow={marked ? Date.parse(marked.time) : from + span}
            aria-valuetext={value ?? words.bus.trackPeak(peak)}
            onPointerMove={onPointer}
            onPointerDown={onPointer}
            onPointerLeave={() => trackCursor.set(null)}
            onBlur={() => trackCursor.set(null)}
            onKeyDown={onKey}
          >
            <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
              <linearGradient id={fill} x1="0" y1="0" x2="0" y2="1">
                <stop offset="0" stopColor="var(--primary)" stopOpacity="0.32" />
                <stop offset="1" stopColor="var(--primary)" stopOpacity="0.03" />
              </linearGradient>
              {gridLines(top).map((kmh) => (
                <path key={kmh} className="chart-grid" d={`M0 ${y(kmh)} H${WIDTH}`} />
              ))}
              <path d={`${line} L${WIDTH} ${HEIGHT} L0 ${HEIGHT} Z`} fill={`url(#${fill})`} />
              <path className="chart-line" d={line} />
              {marked && <path className="chart-cursor" d={`M${x(Date.parse(marked.time))} 0 V${HEIGHT}`} />}
            </svg>
          </div>
          <div className="chart-axis">
            <span>{clockTime(language, from)}</span>
            <span>
              0–{top} {words.bus.kmh}
            </span>
            <span>{clockTime(language, from + span)}</span>
          </div>
          {truncated && <p className="bus-quiet">{words.bus.trackTruncated}</p>}
        </>
      )}
    </div>
  );
}

function gridLines(top: number): number[] {
  const step = top > 80 ? GRID_KMH * 2 : GRID_KMH;
  return Array.from({ length: Math.floor(top / step) }, (_, i) => (i + 1) * step).filter((kmh) => kmh < top);
}
