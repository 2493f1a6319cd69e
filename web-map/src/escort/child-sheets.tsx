import { useState } from 'react';
import { HANDED_TO, type HandedTo } from '../../../geo/boardings/boarding-event.ts';
import { Sheet } from '../pocket/sheet.tsx';
import { usePocketWords } from '../pocket/sign-in.tsx';
import { useEscortWords } from './escort-language.ts';

export function AskStop(props: { name: string; stop: string; onYes(): void; onClose(): void }) {
  const { words } = useEscortWords();
  const { words: common } = usePocketWords();
  return (
    <Sheet title={words.otherStop(props.name, props.stop)} onClose={props.onClose}>
      <button type="button" className="big-button danger" onClick={props.onYes}>
        {words.yesHere}
      </button>
      <button type="button" className="big-button" onClick={props.onClose}>
        {common.cancel}
      </button>
    </Sheet>
  );
}

export function ToWhom(props: { name: string; onTo(to: HandedTo): void; onClose(): void }) {
  const { words } = useEscortWords();
  const { words: common } = usePocketWords();
  return (
    <Sheet title={words.toWhom(props.name)} onClose={props.onClose}>
      {HANDED_TO.map((to) => (
        <button
          key={to}
          type="button"
          className={to === 'nobody' ? 'big-button outline-bad' : 'big-button'}
          onClick={() => props.onTo(to)}
        >
          {words.to[to]}
        </button>
      ))}
      <button type="button" className="big-button" onClick={props.onClose}>
        {common.cancel}
      </button>
    </Sheet>
  );
}

/** 校车安全管理条例 Art. 39(3): count, see them seated and belted, then let the bus go. */
export function CountSheet(props: { known: number; onCount(heads: number): void; onClose(): void }) {
  const { words } = useEscortWords();
  const { words: common } = usePocketWords();
  const [heads, setHeads] = useState(props.known);
  const differs = heads !== props.known;
  return (
    <Sheet title={words.countTitle} onClose={props.onClose}>
      <div className="counter">
        <button
          type="button"
          aria-label={words.fewer}
          disabled={heads === 0}
          onClick={() => setHeads(heads - 1)}
        >
          −
        </button>
        <output aria-live="polite" data-testid="heads">
          {heads}
        </output>
        <button type="button" aria-label={words.more} onClick={() => setHeads(heads + 1)}>
          +
        </button>
      </div>
      <p className="quiet">{words.countKnown(props.known)}</p>
      <p role="alert" className={differs ? 'notice bad' : ''}>
        {differs ? words.countDiffers(heads, props.known) : ''}
      </p>
      <button
        type="button"
        className={differs ? 'big-button danger' : 'big-button primary'}
        onClick={() => props.onCount(heads)}
      >
        {differs ? words.countAnyway : words.countConfirm}
      </button>
      <button type="button" className="big-button" onClick={props.onClose}>
        {common.cancel}
      </button>
    </Sheet>
  );
}

export function GuestSheet(props: { onTake(rider: string): void; onClose(): void }) {
  const { words } = useEscortWords();
  const { words: common } = usePocketWords();
  const [number, setNumber] = useState('');
  return (
    <Sheet title={words.guest} onClose={props.onClose}>
      <p className="notice warn">{words.guestHelp}</p>
      <label>
        {words.guestNumber}
        <input
          className="text-field"
          value={number}
          maxLength={60}
          autoComplete="off"
          onChange={(event) => setNumber(event.target.value)}
        />
      </label>
      <button
        type="button"
        className="big-button danger"
        disabled={number.trim() === ''}
        onClick={() => props.onTake(number.trim())}
      >
        {words.guestTake}
      </button>
      <button type="button" className="big-button" onClick={props.onClose}>
        {common.cancel}
      </button>
    </Sheet>
  );
}
