import type { SessionView } from '../../../services/api/contract.ts';
import type { Page } from './page.ts';

/** The pages that a login may use, in their order. */
export const pagesOf = (pages: readonly Page[], session: SessionView): Page[] =>
  pages.filter((page) => page.seenBy(session));

/** The page that an address names, or the login's own first page where it names none; null: there is no such page for it. */
export function pageAt(id: string, pages: readonly Page[], session: SessionView): Page | null {
  const seen = pagesOf(pages, session);
  if (id !== '') return seen.find((page) => page.id === id) ?? null;
  return seen.find((page) => page.homeOf?.includes(session.user.role)) ?? seen[0] ?? null;
}
