import { type FormEvent, useId, useState } from 'react';
import { CODE_LENGTH, isRightCode, plainCode } from './bus-code.ts';
import { useEscortWords } from './escort-language.ts';
import { say } from './escort-state.ts';
import { smallPhoto } from './small-photo.ts';
import type { StepParts } from './step-parts.ts';

/** To the rear seat and back: 校车安全管理条例 Art. 39(5). What proves it is only to be had there. */
export function WalkStep({ view, record, onNext }: StepParts & { onNext(): void }) {
  const { words } = useEscortWords();
  const [fault, setFault] = useState('');
  const field = useId();
  const photo = useId();
  const { aboard } = record.counts;
  const { walkThrough } = record.crew;
  const left = record.riders.filter((one) => one.state === 'boarded');
  const nameOf = (rider: string) => view.riders.find((one) => one.rider === rider)?.name ?? rider;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code'));
    if (plainCode(code).length !== CODE_LENGTH) return setFault(words.notCode);
    if ((await isRightCode(view.vehicle, 'rear', code, view.codes?.rear)) === false)
      return setFault(words.wrongRear);
    await say({ kind: 'walk_through', empty: true, proof: 'code', code });
    onNext();
  };
  const take = async (file: File | undefined) => {
    if (!file) return;
    await say({ kind: 'walk_through', empty: true, proof: 'photo' }, await smallPhoto(file));
    onNext();
  };
  return (
    <section className="step">
      <h2>{words.walkTitle}</h2>
      {walkThrough && walkThrough.proof !== 'seen' && <p className="notice good">{words.walkDone}</p>}
      {aboard > 0 && (
        <div className="notice bad">
          <b>{words.stillAboard(aboard)}</b>
          <p>{left.map(({ rider }) => nameOf(rider)).join('、')}</p>
        </div>
      )}
      <p>{words.walkHelp}</p>
      <form onSubmit={submit}>
        <label htmlFor={field}>{words.rearCode}</label>
        <input
          id={field}
          name="code"
          className="text-field code-field"
          autoComplete="off"
          autoCapitalize="characters"
          required
          maxLength={20}
        />
        <p role="alert" className="form-fault">
          {fault}
        </p>
        <button type="submit" className="big-button primary">
          {words.walkEmpty}
        </button>
      </form>
      <label htmlFor={photo} className="big-button photo-button">
        {words.orPhoto}
      </label>
      <input
        id={photo}
        className="unseen"
        type="file"
        accept="image/*"
        capture="environment"
        onChange={(event) => void take(event.target.files?.[0])}
      />
    </section>
  );
}

export function EndStep({ record, person, isOn }: StepParts & { isOn: boolean }) {
  const { words } = useEscortWords();
  const { mayClose, walkThrough } = record.crew;
  const ended = mayClose && !isOn && walkThrough !== null;
  return (
    <section className="step">
      <h2>{words.endTitle}</h2>
      {ended ? (
        <p className="notice good">{words.ended}</p>
      ) : (
        <>
          {!mayClose && <p className="notice warn">{words.endBlocked}</p>}
          {record.counts.aboard > 0 && (
            <p className="notice bad">{words.stillAboard(record.counts.aboard)}</p>
          )}
          <button
            type="button"
            className="big-button primary"
            disabled={!mayClose}
            onClick={() => void say({ kind: 'sign_off', person, role: 'escort' })}
          >
            {words.end}
          </button>
        </>
      )}
    </section>
  );
}
