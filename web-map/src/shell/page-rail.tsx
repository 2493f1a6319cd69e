import { useWords } from '../i18n/language.ts';
import type { Page } from './page.ts';
import { PageLink } from './page-link.tsx';

/** The pages of the console along its left edge. */
export function PageRail({ pages, current }: { pages: readonly Page[]; current: string }) {
  const { words } = useWords();
  return (
    <nav className="rail" aria-label={words.shell.pages}>
      <PageList pages={pages} current={current} short />
    </nav>
  );
}

interface PageListProps {
  pages: readonly Page[];
  current: string;
  /** With the labels that fit a rail, or with whole titles? */
  short?: boolean;
  onFollowed?: () => void;
}

export function PageList({ pages, current, short, onFollowed }: PageListProps) {
  const { words } = useWords();
  return (
    <ul className={short ? 'rail-list' : 'menu-list'}>
      {pages.map((page) => {
        const title = page.title(words);
        const label = short ? (page.label?.(words) ?? title) : title;
        return (
          <li key={page.id}>
            <PageLink
              to={{ page: page.id }}
              aria-current={page.id === current ? 'page' : undefined}
              title={label === title ? undefined : title}
              onClick={onFollowed}
              data-testid={page.id}
            >
              {page.icon}
              <span>{label}</span>
            </PageLink>
          </li>
        );
      })}
    </ul>
  );
}
