/** Where in the console somebody is: `/page/rest...?query`. All of it is in the address bar, so it can be linked. */
export interface Place {
  /** Id of a page of the registry; empty for wherever the account begins. */
  readonly page: string;
  /** What the page itself puts after its name, such as the id of what it shows. */
  readonly rest: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

export const NOWHERE: Place = { page: '', rest: [], query: {} };

/** Reads an address. What cannot be decoded is taken as it stands: an address is typed by people. */
export function placeOf(pathname: string, search: string): Place {
  const [page = '', ...rest] = pathname
    .split('/')
    .filter((piece) => piece !== '')
    .map(decoded);
  return { page, rest, query: Object.fromEntries(new URLSearchParams(search)) };
}

/** The address of a place; empty values of the query are left out. */
export function hrefOf({ page, rest, query }: Place): string {
  const path = [page, ...rest].filter((piece) => piece !== '').map(encoded);
  const kept = Object.entries(query).filter(([, value]) => value !== '');
  const search = kept.length === 0 ? '' : `?${new URLSearchParams(kept)}`;
  return `/${path.join('/')}${search}`;
}

/** A dot would be taken for the ending of a file's name by whoever serves the pages. */
const encoded = (piece: string): string => encodeURIComponent(piece).replaceAll('.', '%2E');

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
