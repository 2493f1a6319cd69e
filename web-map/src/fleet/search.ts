/** What a bus can be found by. */
export interface Findable {
  readonly vehicle: string;
  readonly plate: string | null;
  readonly routeName: string | null;
  readonly driver: string | null;
  readonly schoolNames?: readonly string[];
}

/** Plates are typed with and without their dots, dashes and spaces. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[\s·•.\-_]/g, '');
}

/** Everything that a bus is found by, as it is compared: made once for each bus, not for each key that is typed. */
export function searchText(bus: Findable): string {
  const texts = [bus.vehicle, bus.plate, bus.routeName, bus.driver, ...(bus.schoolNames ?? [])];
  return texts.map((text) => plain(text ?? '')).join('\n');
}

/** Makes the test whether every word of the query occurs in something of a bus. An empty query finds all. */
export function finderOf(query: string): (text: string) => boolean {
  const words = query
    .split(/\s+/)
    .map(plain)
    .filter((word) => word !== '');
  return (text) => words.every((word) => text.includes(word));
}
