import { useEffect, useRef, useState } from 'react';
import { Sheet } from '../pocket/sheet.tsx';
import { usePocketWords } from '../pocket/sign-in.tsx';
import { useStore } from '../state/store.ts';
import { useEscortWords } from './escort-language.ts';
import { say } from './escort-state.ts';
import { outbox } from './outbox.ts';

/** Held so long it is meant. */
const HOLD_MS = 1_500;

/** Always at hand. Works without a network by keeping the call, and says so, with the numbers to ring. */
export function SosButton() {
  const { words } = useEscortWords();
  const { words: common } = usePocketWords();
  const { waiting } = useStore(outbox);
  const [holding, setHolding] = useState(false);
  const [called, setCalled] = useState<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const begin = () => {
    if (holding) return;
    setHolding(true);
    timer.current = setTimeout(() => {
      setHolding(false);
      navigator.vibrate?.(200);
      void say({ kind: 'sos' }).then(setCalled);
    }, HOLD_MS);
  };
  const end = () => {
    clearTimeout(timer.current);
    setHolding(false);
  };
  const kept = called !== null && waiting.some(({ id }) => id === called);
  return (
    <>
      <button
        type="button"
        className={holding ? 'sos holding' : 'sos'}
        data-testid="sos"
        onPointerDown={begin}
        onPointerUp={end}
        onPointerLeave={end}
        onPointerCancel={end}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ' ') begin();
        }}
        onKeyUp={end}
      >
        <b>{words.sos}</b> {words.sosHold}
      </button>
      {called !== null && (
        <Sheet title={words.sosTitle} onClose={() => setCalled(null)}>
          <p role="alert" className={kept ? 'notice bad' : 'notice good'} data-testid="sos-state">
            {kept ? words.sosKept : words.sosSent}
          </p>
          {!kept && <p>{words.sosRing}</p>}
          <a className="big-button danger ring" href="tel:110">
            {words.police}
          </a>
          <a className="big-button danger ring" href="tel:120">
            {words.ambulance}
          </a>
          <a className="big-button danger ring" href="tel:122">
            {words.traffic}
          </a>
          <button type="button" className="big-button" onClick={() => setCalled(null)}>
            {common.close}
          </button>
        </Sheet>
      )}
    </>
  );
}
