/** Told apart by their dashes as well as by their colours. */
const STYLES = ['', '6 4', '2 3', '10 4'] as const;
const WIDTH = 900;
const HEIGHT = 240;
const LEFT = 48;
const RIGHT = 12;
const TOP = 10;
const FOOT = 26;
const STEPS = 4;
const MOST_LABELS = 12;

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** Lines over days or quarters of an hour; what is not known leaves a gap. The table beside it says the same. */
export function LineChart(props: {
  readonly label: string;
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** Shares, from `floor` to 1; else numbers from 0. */
  readonly percent: boolean;
}) {
  const { label, labels, series, percent } = props;
  const known = series.flatMap((one) => one.values.filter((value) => value !== null));
  if (known.length === 0) return null;
  const top = percent ? 1 : Math.max(1, ...known) * 1.1;
  const floor = percent ? Math.max(0, Math.floor(Math.min(0.9, ...known) * 10) / 10) : 0;
  const x = (i: number) => LEFT + ((WIDTH - LEFT - RIGHT) * (i + 0.5)) / labels.length;
  const y = (value: number) => TOP + (HEIGHT - TOP - FOOT) * (1 - (value - floor) / (top - floor || 1));
  const every = Math.ceil(labels.length / MOST_LABELS);
  const grid = Array.from({ length: STEPS + 1 }, (_, i) => floor + ((top - floor) * i) / STEPS);
  return (
    <figure className="line-chart">
      <ul className="chart-legend">
        {series.map((one, i) => (
          <li key={one.name}>
            <svg width="26" height="8" aria-hidden="true">
              <line
                x1="0"
                y1="4"
                x2="26"
                y2="4"
                className={`chart-line-${i % STYLES.length}`}
                strokeDasharray={STYLES[i % STYLES.length]}
              />
            </svg>
            {one.name}
          </li>
        ))}
      </ul>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {grid.map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} className="chart-grid" />
            <text x={LEFT - 8} y={y(value) + 4} textAnchor="end">
              {percent ? `${Math.round(value * 100)}%` : Math.round(value * 10) / 10}
            </text>
          </g>
        ))}
        {labels.map((text, i) =>
          i % every === 0 ? (
            <text key={text} x={x(i)} y={HEIGHT - 8} textAnchor="middle">
              {text}
            </text>
          ) : null,
        )}
        {series.map((one, s) => (
          <g key={one.name} className={`chart-line-${s % STYLES.length}`}>
            <path d={pathOf(one.values, x, y)} fill="none" strokeDasharray={STYLES[s % STYLES.length]} />
            {one.values.map((value, i) =>
              value === null ? null : (
                <circle key={labels[i]} cx={x(i)} cy={y(value)} r="2.6">
                  <title>{`${labels[i]} ${one.name} ${percent ? `${(value * 100).toFixed(1)}%` : value}`}</title>
                </circle>
              ),
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}

function pathOf(
  values: readonly (number | null)[],
  x: (i: number) => number,
  y: (value: number) => number,
): string {
  let drawing = false;
  return values
    .map((value, i) => {
      const piece = value === null ? '' : `${drawing ? 'L' : 'M'}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
      drawing = value !== null;
      return piece;
    })
    .join(' ');
}
