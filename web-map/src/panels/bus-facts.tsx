import type { ReactNode } from 'react';
import type { PositionView } from '../../../services/api/contract.ts';
import { useWords } from '../i18n/language.ts';
import { delayText } from '../parts/bus-status.tsx';
import { clockTimeWithSeconds, wholeNumber } from '../text/time.ts';

/** What the bus does right now, in large figures. */
export function BusFacts({ position }: { position: PositionView | null }) {
  const { words, language } = useWords();
  if (!position) return <p className="bus-quiet">{words.bus.noPosition}</p>;
  const { run } = position;
  return (
    <dl className="bus-facts">
      {position.speedKmh !== undefined && (
        <Fact label={words.bus.speed}>
          {position.speedKmh === null ? (
            '–'
          ) : (
            <>
              <big>{wholeNumber(language, position.speedKmh)}</big> {words.bus.kmh}
            </>
          )}
        </Fact>
      )}
      {run && (
        <Fact label={words.bus.delay}>
          <span className={(run.delayS ?? 0) >= 300 ? 'fact-late' : ''}>
            {run.delayS === null ? '–' : delayText(run.delayS, words)}
          </span>
        </Fact>
      )}
      {run && (
        <Fact label={words.bus.nextStop} wide>
          {run.nextStopName ?? run.nextStop ?? '–'}
        </Fact>
      )}
      <Fact label={words.bus.position}>{clockTimeWithSeconds(language, position.time)}</Fact>
      {position.accOn !== null && (
        <Fact label={words.bus.ignition}>{position.accOn ? words.bus.on : words.bus.off}</Fact>
      )}
    </dl>
  );
}

function Fact({ label, wide, children }: { label: string; wide?: boolean; children: ReactNode }) {
  return (
    <div className={wide ? 'fact fact-wide' : 'fact'}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
