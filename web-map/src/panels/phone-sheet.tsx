import './phone-sheet.css';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import type { SessionView } from '../../../services/api/contract.ts';
import { useWords } from '../i18n/language.ts';
import { alerts } from '../state/alerts.ts';
import { selection } from '../state/selection.ts';
import { useStore } from '../state/store.ts';
import { AlertPanel } from './alert-panel.tsx';
import { BusPanel } from './bus-panel.tsx';
import { FleetCounts } from './fleet-counts.tsx';

/** Heights of the sheet as shares of the stage; the lowest shows only its head. */
const STOPS = ['peek', 'half', 'full'] as const;
type Stop = (typeof STOPS)[number];

const PEEK_PX = 76;
const HALF = 0.46;
const TOP_GAP_PX = 56;
/** A shorter pull is a tap. */
const TAP_PX = 6;

/** On a phone: alerts, or the chosen bus, in a sheet that is pulled up over the map. */
export function PhoneSheet({ can }: { can: SessionView['can'] }) {
  const { words } = useWords();
  const { bus } = useStore(selection);
  const { permitted } = useStore(alerts);
  const [stop, setStop] = useState<Stop>('peek');
  const sheet = useRef<HTMLDivElement>(null);
  const pull = useRef<{ startY: number; startHeight: number; moved: boolean } | null>(null);
  /** A pull ends in a click too, which is not meant as one. */
  const pulled = useRef(false);
  useEffect(() => setStop(bus === null ? 'peek' : 'half'), [bus]);

  const stageHeight = () => sheet.current?.parentElement?.clientHeight ?? window.innerHeight;
  const heightOf = (at: Stop) =>
    at === 'peek' ? PEEK_PX : at === 'half' ? stageHeight() * HALF : stageHeight() - TOP_GAP_PX;
  const down = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    pull.current = { startY: event.clientY, startHeight: sheet.current!.clientHeight, moved: false };
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    if (!pull.current || !sheet.current) return;
    const height = pull.current.startHeight + pull.current.startY - event.clientY;
    if (Math.abs(event.clientY - pull.current.startY) < TAP_PX && !pull.current.moved) return;
    pull.current.moved = true;
    sheet.current.classList.add('sheet-pulled');
    sheet.current.style.height = `${Math.min(heightOf('full'), Math.max(PEEK_PX, height))}px`;
  };
  const up = () => {
    if (!pull.current || !sheet.current) return;
    const { moved } = pull.current;
    pulled.current = moved;
    pull.current = null;
    const height = sheet.current.clientHeight;
    sheet.current.classList.remove('sheet-pulled');
    sheet.current.style.height = '';
    if (moved) {
      const nearest = [...STOPS].sort(
        (a, b) => Math.abs(heightOf(a) - height) - Math.abs(heightOf(b) - height),
      )[0];
      setStop(nearest ?? 'peek');
    }
  };
  const next = () => {
    if (pulled.current) {
      pulled.current = false;
      return;
    }
    setStop(stop === 'peek' ? 'half' : stop === 'half' ? 'full' : 'peek');
  };
  return (
    <aside ref={sheet} className={`sheet sheet-${stop}`} aria-label={words.sheet.label} data-testid="sheet">
      <button
        type="button"
        className="sheet-handle"
        aria-expanded={stop !== 'peek'}
        aria-label={stop === 'full' ? words.sheet.collapse : words.sheet.expand}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
        onClick={next}
      >
        <i aria-hidden="true" />
      </button>
      {bus === null && stop === 'peek' && (
        <div className="sheet-peek">
          <FleetCounts />
        </div>
      )}
      <div className="sheet-body" inert={stop === 'peek'} hidden={bus === null && stop === 'peek'}>
        {bus !== null ? <BusPanel key={bus} vehicle={bus} /> : permitted && <AlertPanel can={can} />}
      </div>
    </aside>
  );
}
