import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import type { ReplayFix } from '../../../../services/api/contract.ts';
import { useWords } from '../../i18n/language.ts';
import { clockTime } from '../../text/time.ts';
import { usePalette } from '../../theme/theme.ts';

const HEIGHT = 160;

/** Speed over the time. A click takes the bus to that moment; the moment it is at is a line across. */
export function ReplayChart(props: {
  fixes: readonly ReplayFix[];
  times: readonly number[];
  at: number;
  onMove(time: number): void;
}) {
  const { fixes, times, at, onMove } = props;
  const { words, language } = useWords();
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const move = useRef(onMove);
  move.current = onMove;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const axis = { stroke: palette.quiet, grid: { stroke: palette.line, width: 1 }, ticks: { show: false } };
    const chart = new UPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false } },
        scales: { x: { time: false } },
        axes: [
          { ...axis, values: (_chart, ticks) => ticks.map((tick) => clockTime(language, tick)) },
          { ...axis, size: 44 },
        ],
        series: [{}, { stroke: palette.primary, width: 1.5, label: words.replay.chart, spanGaps: false }],
      },
      [[...times], fixes.map(({ speedKmh }) => speedKmh)],
      element,
    );
    plot.current = chart;
    chart.over.dataset.chart = 'speed';
    const click = (event: MouseEvent) => {
      const { left } = chart.over.getBoundingClientRect();
      move.current(chart.posToVal(event.clientX - left, 'x'));
    };
    chart.over.addEventListener('click', click);
    const resize = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      plot.current = null;
      chart.destroy();
    };
  }, [fixes, times, palette, language, words]);
  useEffect(() => {
    const chart = plot.current;
    if (!chart || !line.current) return;
    const x = chart.valToPos(at, 'x') + chart.over.offsetLeft;
    line.current.style.transform = `translateX(${x}px)`;
  }, [at]);
  return (
    <div className="replay-chart" data-testid="speed-chart">
      <div ref={box} aria-hidden="true" />
      <div
        ref={line}
        aria-hidden="true"
        style={{
          position: 'absolute',
          top: 0,
          left: 0,
          width: 1,
          height: HEIGHT - 40,
          background: palette.bad,
        }}
      />
    </div>
  );
}
