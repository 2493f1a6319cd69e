import { useServerNow } from '../clock.ts';
import { freshnessOf } from '../fleet/freshness.ts';
import { useWords } from '../i18n/language.ts';
import { ageOf } from '../text/age.ts';
import { dayAndTime } from '../text/time.ts';

/** `5 min ago`, kept true by itself. */
export function TimeAgo({ time }: { time: string }) {
  const { words, language } = useWords();
  const now = useServerNow();
  return (
    <time dateTime={time} title={dayAndTime(language, time)}>
      {words.age.ago(ageOf(now - Date.parse(time)))}
    </time>
  );
}

/** How old a position is, with a dot that says whether to trust it. */
export function PositionAge({ time }: { time: string }) {
  const { words } = useWords();
  const age = useServerNow() - Date.parse(time);
  const freshness = freshnessOf(age);
  return (
    <span className={`position-age position-${freshness}`}>
      <i aria-hidden="true" />
      {words.age.position[freshness]}
      <span className="position-age-text">{words.age.short(ageOf(age))}</span>
    </span>
  );
}
