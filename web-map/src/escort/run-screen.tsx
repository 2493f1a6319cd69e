import { useState } from 'react';
import type { SessionView } from '../../../services/api/contract.ts';
import { usePocketWords } from '../pocket/sign-in.tsx';
import { useStore } from '../state/store.ts';
import { clockTime } from '../text/time.ts';
import { ChildrenStep } from './children-step.tsx';
import { useEscortWords } from './escort-language.ts';
import { escort } from './escort-state.ts';
import { localRecord } from './local-record.ts';
import { outbox } from './outbox.ts';
import { PreTripStep } from './pre-trip-step.tsx';
import { SignOnStep } from './sign-on-step.tsx';
import { SosButton } from './sos.tsx';
import { EndStep, WalkStep } from './walk-step.tsx';

const STEPS = ['sign_on', 'checks', 'children', 'walk', 'end'] as const;
export type StepName = (typeof STEPS)[number];

/** One run from the sign-on to its end: what is to be done next stands first, and nothing is out of reach. */
export function RunScreen({ session }: { session: SessionView }) {
  const { words, language } = useEscortWords();
  const { words: common } = usePocketWords();
  const { open, view } = useStore(escort);
  const { waiting, refused: _refused } = useStore(outbox);
  const [chosen, setChosen] = useState<StepName | null>(null);
  if (!view || !open) return <p className="pocket-message">{common.loading}</p>;
  const own = waiting.filter(({ trip, date }) => trip === open.trip && date === open.date);
  const record = localRecord(view, own, session.user.id);
  const { crew } = record;
  const person = view.crew?.escort ?? '';
  const isOn = crew.onDuty.includes(person);
  const due: StepName =
    !isOn && crew.walkThrough === null ? 'sign_on' : !crew.preTrip?.passed ? 'checks' : 'children';
  const step = chosen ?? due;
  const go = (next: StepName) => () => setChosen(next);
  const parts = { view, record, person };
  return (
    <main className="escort" data-testid="run" data-step={step}>
      <p className="run-line">
        <b>{view.plate ?? '—'}</b> {clockTime(language, view.start)} ·{' '}
        {view.toSchool ? words.toSchool : words.fromSchool}
        <span className="aboard" data-testid="aboard">
          {record.counts.aboard} {words.aboard}
        </span>
      </p>
      {crew.refused && <p className="notice bad">{words.refused(crew.refused.reason)}</p>}
      <nav className="steps" aria-label={words.title}>
        {STEPS.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === step ? 'step' : undefined}
            onClick={go(name)}
          >
            {words.steps[name]}
          </button>
        ))}
      </nav>
      {step === 'sign_on' && <SignOnStep {...parts} isOn={isOn} onNext={go('checks')} />}
      {step === 'checks' && <PreTripStep {...parts} onNext={go('children')} />}
      {step === 'children' && <ChildrenStep {...parts} onWalk={go('walk')} />}
      {step === 'walk' && <WalkStep {...parts} onNext={go('end')} />}
      {step === 'end' && <EndStep {...parts} isOn={isOn} />}
      <SosButton />
    </main>
  );
}
