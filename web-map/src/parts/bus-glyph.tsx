import type { BusState } from '../fleet/bus-state.ts';
import { BUS_HEIGHT, BUS_PARTS, BUS_WIDTH, busColours } from '../map/bus-shape.ts';
import { usePalette } from '../theme/theme.ts';

/** The bus as the map draws it, front up. */
export function BusGlyph({ state, size = 26 }: { state: BusState; size?: number }) {
  const palette = usePalette();
  const colours = busColours(palette.bus[state], state === 'noFix', palette.surface);
  return (
    <svg
      width={(size * BUS_WIDTH) / BUS_HEIGHT}
      height={size}
      viewBox={`0 0 ${BUS_WIDTH} ${BUS_HEIGHT}`}
      aria-hidden="true"
      className="bus-glyph"
    >
      {BUS_PARTS.map(({ part, d }) => (
        <path
          key={part}
          d={d}
          fill={colours[part]}
          stroke={part === 'body' && state === 'noFix' ? colours.outline : 'none'}
          strokeWidth={3}
        />
      ))}
    </svg>
  );
}
