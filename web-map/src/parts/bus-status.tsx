import type { PositionView } from '../../../services/api/contract.ts';
import { useServerNow } from '../clock.ts';
import { delayMinutes, lookOf } from '../fleet/bus-state.ts';
import type { Dictionary } from '../i18n/en.ts';
import { useWords } from '../i18n/language.ts';
import { alerts } from '../state/alerts.ts';
import { useStore } from '../state/store.ts';
import { BusGlyph } from './bus-glyph.tsx';

/** The state that the bus's colour stands for, as glyph and word. */
export function BusStatus({ position }: { position: PositionView }) {
  const { words } = useWords();
  const now = useServerNow();
  const { byBus } = useStore(alerts);
  const { state } = lookOf(position, byBus.get(position.vehicle) ?? null, now);
  return (
    <span className="bus-status">
      <BusGlyph state={state} size={20} />
      {words.busState[state]}
    </span>
  );
}

export function delayText(delayS: number, words: Dictionary): string {
  const minutes = delayMinutes(delayS);
  if (minutes > 0) return words.bus.late(minutes);
  return minutes < 0 ? words.bus.early(-minutes) : words.bus.onTime;
}
