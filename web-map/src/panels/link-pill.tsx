import { useWords } from '../i18n/language.ts';
import { link } from '../state/link.ts';
import { useStore } from '../state/store.ts';
import { clockTime } from '../text/time.ts';

/** Is what the page shows live? */
export function LinkPill({ narrow }: { narrow: boolean }) {
  const { words, language } = useWords();
  const now = useStore(link);
  const text =
    now.status === 'up'
      ? words.link.connected
      : now.status === 'down'
        ? narrow
          ? clockTime(language, now.since)
          : words.link.lostShort(clockTime(language, now.since))
        : words.link.connecting;
  return (
    <span className={`link-pill link-${now.status}`} data-testid="link">
      <i aria-hidden="true" />
      {text}
    </span>
  );
}
