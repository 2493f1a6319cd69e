import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode } from 'react';
import type { SessionView } from '../../../services/api/contract.ts';
import type { Dictionary } from '../i18n/en.ts';

/** What every page is given. Its place in the address after its id is in `rest` of the store `place`. */
export interface PageProps {
  readonly session: SessionView;
  /** Id of the page that is shown: this one, or for one that stays mounted another. */
  readonly shown: string;
}

/** A page of the console as the navigation and the address know it. */
export interface Page {
  /** First piece of its address, and the test id of its link. */
  readonly id: string;
  readonly icon: ReactNode;
  /** Heading of the page and title of the window. */
  title(words: Dictionary): string;
  /** Beside the icon in the rail, where the title is too long for it: at most two short words. */
  label?(words: Dictionary): string;
  /** May this login use it? The service decides again at every request. */
  seenBy(session: SessionView): boolean;
  /** Pages of one name share one view, which stays mounted behind other pages once it was opened. */
  readonly stays?: string;
  /** Roles that begin here. */
  readonly homeOf?: readonly SessionView['user']['role'][];
  readonly View: LazyExoticComponent<ComponentType<PageProps>>;
}

export interface PageOptions extends Omit<Page, 'View'> {
  load(): Promise<ComponentType<PageProps>>;
}

/** A page whose code is fetched when it is first opened. */
export function page({ load, ...rest }: PageOptions): Page {
  return { ...rest, View: lazy(async () => ({ default: await load() })) };
}
