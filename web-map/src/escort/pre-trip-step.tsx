import { useState } from 'react';
import { PRE_TRIP_CHECKS, type PreTripCheck } from '../../../geo/boardings/boarding-event.ts';
import { Sheet } from '../pocket/sheet.tsx';
import { usePocketWords } from '../pocket/sign-in.tsx';
import { useEscortWords } from './escort-language.ts';
import { say } from './escort-state.ts';
import type { StepParts } from './step-parts.ts';

/** The seven checks of 校车安全管理条例 Art. 41. */
export function PreTripStep({ record, onNext }: StepParts & { onNext(): void }) {
  const { words } = useEscortWords();
  const { preTrip } = record.crew;
  const [fine, setFine] = useState<ReadonlySet<PreTripCheck>>(new Set());
  const [again, setAgain] = useState(false);
  const [refusing, setRefusing] = useState(false);
  const defects = PRE_TRIP_CHECKS.filter((check) => !fine.has(check));
  const toggle = (check: PreTripCheck) => {
    const next = new Set(fine);
    if (!next.delete(check)) next.add(check);
    setFine(next);
  };
  const report = async () => {
    await say({ kind: 'pre_trip', passed: defects.length === 0, defects });
    setAgain(false);
    if (defects.length === 0) onNext();
  };
  const done = preTrip !== null && !again;
  return (
    <section className="step">
      <h2>{words.checksTitle}</h2>
      {done ? (
        <>
          <p className={preTrip.passed ? 'notice good' : 'notice bad'}>
            {preTrip.passed ? words.checksDone : words.checksDefects}
          </p>
          {preTrip.defects.length > 0 && (
            <p>{preTrip.defects.map((check) => words.checks[check]).join(' · ')}</p>
          )}
          {preTrip.passed && (
            <button type="button" className="big-button primary" onClick={onNext}>
              {words.next}
            </button>
          )}
          <button type="button" className="big-button" onClick={() => setAgain(true)}>
            {words.checkAgain}
          </button>
        </>
      ) : (
        <>
          <p>{words.checksHelp}</p>
          <ul className="checks">
            {PRE_TRIP_CHECKS.map((check) => (
              <li key={check}>
                <button type="button" aria-pressed={fine.has(check)} onClick={() => toggle(check)}>
                  {words.checks[check]}
                </button>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className={defects.length === 0 ? 'big-button primary' : 'big-button danger'}
            disabled={fine.size === 0}
            onClick={() => void report()}
          >
            {defects.length === 0 ? words.checksPassed : words.checksFailed(defects.length)}
          </button>
        </>
      )}
      <button type="button" className="big-button outline-bad" onClick={() => setRefusing(true)}>
        {words.refuse}
      </button>
      {refusing && <RefuseSheet onClose={() => setRefusing(false)} />}
    </section>
  );
}

/** 校车安全管理条例 Art. 39(2): the escort stops the departure, and says why. */
export function RefuseSheet({ onClose }: { onClose(): void }) {
  const { words } = useEscortWords();
  const { words: common } = usePocketWords();
  const [other, setOther] = useState('');
  const refuse = async (reason: string) => {
    await say({ kind: 'departure_refused', reason });
    onClose();
  };
  return (
    <Sheet title={words.refuseTitle} onClose={onClose}>
      {words.refuseReasons.map((reason) => (
        <button key={reason} type="button" className="big-button" onClick={() => void refuse(reason)}>
          {reason}
        </button>
      ))}
      <label className="refuse-other">
        {words.refuseOther}
        <input
          className="text-field"
          value={other}
          maxLength={200}
          onChange={(event) => setOther(event.target.value)}
        />
      </label>
      <button
        type="button"
        className="big-button danger"
        disabled={other.trim() === ''}
        onClick={() => void refuse(other.trim())}
      >
        {words.refuseSend}
      </button>
      <button type="button" className="big-button" onClick={onClose}>
        {common.cancel}
      </button>
    </Sheet>
  );
}
