/** When many terminals of one provider fall silent at once, it is the provider's link and not each of them. RULES 1. */
export interface OutageTable {
  /** More than this share of the provider's live terminals, within so many seconds. RULES 1, degraded feed. */
  readonly share: number;
  readonly withinS: number;
  /** Of fewer terminals than this nobody can say. [D] */
  readonly fewest: number;
  /** It is over once no more than this share of them is still silent. [D] */
  readonly overShare: number;
}

export const OUTAGE: OutageTable = { share: 0.2, withinS: 60, fewest: 3, overShare: 0.2 };

/** A terminal of the provider: when it was last heard, and whether it is missed or will be. */
export interface TerminalContact {
  readonly vehicle: string;
  /** Receive time, milliseconds since the epoch. */
  readonly lastAt: number;
  readonly missed: boolean;
}

export interface Outage {
  /** Last contact of the first to fall silent. */
  readonly start: number;
  readonly vehicles: readonly string[];
  /** Terminals that were live then. */
  readonly of: number;
}

/** The greatest outage that explains the silence of a provider's terminals; null where each is silent by itself. */
export function findOutage(contacts: readonly TerminalContact[], table: OutageTable = OUTAGE): Outage | null {
  const ordered = [...contacts].sort((a, b) => a.lastAt - b.lastAt || (a.vehicle < b.vehicle ? -1 : 1));
  const missed = ordered.filter((contact) => contact.missed);
  let found: Outage | null = null;
  for (let first = 0, end = 0; first < missed.length; first++) {
    const start = missed[first]!.lastAt;
    while (end < missed.length && missed[end]!.lastAt <= start + table.withinS * 1000) end++;
    const count = end - first;
    if (count < table.fewest || count <= (found?.vehicles.length ?? 0)) continue;
    // Live at its beginning: heard then or later, whatever became of them.
    const of = ordered.filter((contact) => contact.lastAt >= start).length;
    if (count > of * table.share)
      found = { start, vehicles: missed.slice(first, end).map((contact) => contact.vehicle), of };
  }
  return found;
}
