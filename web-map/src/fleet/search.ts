/** What a bus can be found by. */
export interface Findable {
  readonly vehicle: string;
  readonly plate: string | null;
  readonly routeName: string | null;
  readonly driver: string | null;
}

/** Plates are typed with and without their dots, dashes and spaces. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[\s·•.\-_]/g, '');
}

/** Does every word of the query occur in something of the bus? An empty query finds all. */
export function isFound(bus: Findable, query: string): boolean {
  const haystack = [bus.vehicle, bus.plate, bus.routeName, bus.driver].map((text) => plain(text ?? ''));
  return query
    .split(/\s+/)
    .map(plain)
    .filter((word) => word !== '')
    .every((word) => haystack.some((text) => text.includes(word)));
}
