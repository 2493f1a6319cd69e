/** R27: a terminal that should be heard and is not. */
export interface TerminalOfflineTable {
  /** Silent for so long while a run is due or the ignition was on: record, violation, danger with pupils aboard. RULES R27. */
  readonly recordS: number;
  readonly violationS: number;
  readonly graveS: number;
  /** Never before this many of the terminal's usual report intervals. [D] */
  readonly intervals: number;
  /** Reports, none of them from memory, that show it is back. RULES R27. */
  readonly freshReports: number;
  /** A parked vehicle is missed by its duties of so many days after its last contact; later it is out of use. [D] */
  readonly searchDays: number;
  /** Last heard in a tunnel or a section without signal, or before one, it may be unheard so much longer. RULES R27; the time is [D]. */
  readonly usualGapS: number;
  /** So far ahead a tunnel may begin. [D] */
  readonly aheadM: number;
  /** Last heard so shortly after its speed fell as in a collision, and then not for so long: taken for one. RULES R24; the second is [D]. */
  readonly impactWithinS: number;
  readonly impactLossS: number;
}

export const TERMINAL_OFFLINE: TerminalOfflineTable = {
  recordS: 180,
  violationS: 600,
  graveS: 1_800,
  intervals: 3,
  freshReports: 2,
  searchDays: 7,
  usualGapS: 300,
  aheadM: 400,
  impactWithinS: 10,
  impactLossS: 60,
};
