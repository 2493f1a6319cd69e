import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { NOWHERE, type Place } from '../state/address.ts';
import { go, hrefOf } from '../state/place.ts';

interface PageLinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  to: Partial<Place> & { page: string };
}

/** A link within the console: a real one, so that it opens in a tab of its own too, and is copied like any other. */
export function PageLink({ to, onClick, ...rest }: PageLinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const own = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !own) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={hrefOf({ ...NOWHERE, ...to })} onClick={follow} />;
}
