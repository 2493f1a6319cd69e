import { type FormEvent, useId, useState } from 'react';
import { CODE_LENGTH, isRightCode, plainCode } from './bus-code.ts';
import { useEscortWords } from './escort-language.ts';
import { say } from './escort-state.ts';
import { phonePlace } from './phone-place.ts';
import type { StepParts } from './step-parts.ts';

/** By the code in the bus or by one's card; where the phone is goes along, and is held against the bus's own place. */
export function SignOnStep({ view, person, isOn, onNext }: StepParts & { isOn: boolean; onNext(): void }) {
  const { words } = useEscortWords();
  const [by, setBy] = useState<'code' | 'card'>('code');
  const [fault, setFault] = useState('');
  const field = useId();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const said = String(new FormData(event.currentTarget).get('proof')).trim();
    if (by === 'code') {
      if (plainCode(said).length !== CODE_LENGTH) return setFault(words.notCode);
      if ((await isRightCode(view.vehicle, 'door', said, view.codes?.door)) === false)
        return setFault(words.wrongCode);
    }
    const place = phonePlace.get();
    const fresh =
      place !== null && Date.now() - place.at < 60_000 ? { lat: place.lat, lon: place.lon } : undefined;
    await say({
      kind: 'sign_on',
      person,
      role: 'escort',
      [by]: said,
      ...(fresh && { place: fresh }),
    });
    onNext();
  };
  return (
    <section className="step">
      <h2>{words.signOnTitle}</h2>
      {isOn && <p className="notice good">{words.signedOn}</p>}
      <p>{words.signOnHelp}</p>
      <div className="tabs">
        {(['code', 'card'] as const).map((name) => (
          <button key={name} type="button" aria-pressed={by === name} onClick={() => setBy(name)}>
            {name === 'code' ? words.byCode : words.byCard}
          </button>
        ))}
      </div>
      <form onSubmit={submit}>
        <label htmlFor={field}>{by === 'code' ? words.code : words.card}</label>
        <input
          key={by}
          id={field}
          name="proof"
          className="text-field code-field"
          autoComplete="off"
          autoCapitalize="characters"
          required
          maxLength={40}
        />
        <p role="alert" className="form-fault">
          {fault}
        </p>
        <button type="submit" className="big-button primary">
          {words.signOn}
        </button>
      </form>
      {isOn && (
        <button type="button" className="big-button" onClick={onNext}>
          {words.next}
        </button>
      )}
    </section>
  );
}
