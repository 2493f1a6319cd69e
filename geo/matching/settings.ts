/** Numbers by which a vehicle's fixes are laid along the run it is on. `[D]` is our own proposal. */
export interface MatchingSettings {
  /** On the line within this of it. RULES R03: 60 m in a city [TTC match distance]. */
  readonly corridorM: number;
  /** Added below `fewSatellites` satellites. RULES R03. */
  readonly corridorFewSatellitesM: number;
  readonly fewSatellites: number;
  /** Added on routes that are declared rural: 100 m in all. RULES R03 [D]. */
  readonly corridorRuralM: number;
  /** Where the feed draws no line, stops are joined by straight ones and nothing finer can be said. [D] */
  readonly undrawnCorridorM: number;
  /** Progress may fall back by this much. RULES 1. */
  readonly backM: number;
  /** Ahead is looked for as far as this speed would have brought the bus. RULES 1 (impossible speed). */
  readonly fastestMs: number;
  /** Costs, in metres of distance, of going against the line's direction ... [D] */
  readonly againstM: number;
  /** ... of each metre of progress not explained by the way between two fixes ... [D] */
  readonly unexplainedShare: number;
  /** ... and, where the place on the line is looked for anew, of each second off the timetable. [D] */
  readonly offScheduleMPerS: number;
  /** Headings below this speed say nothing. RULES 1: 1.5 m/s [TTC]. */
  readonly headingFromKmh: number;

  /** A duty may be taken this long before its start and after its end. [D] */
  readonly dutyBeforeS: number;
  readonly dutyAfterS: number;
  /** One that never began is still taken up so long after its end, by a bus that goes along it from its first stop. [D] */
  readonly dutyLateS: number;
  readonly lateStartM: number;
  /** A run is believed to be under way after this many fixes and this much progress along its line. [D] */
  readonly joinFixes: number;
  readonly joinM: number;
  /** Nobody joins a run earlier than this before the timetable: that is the way to its first stop. [D] */
  readonly joinEarlyS: number;
  /** Without duties: how long and how far along one line before the run is inferred. [D] */
  readonly inferFixes: number;
  readonly inferS: number;
  readonly inferM: number;
  /** ... and how far off the timetable it may be, early and late. [D] */
  readonly inferEarlyS: number;
  readonly inferLateS: number;
  /** An inferred run whose line the bus has left for this long is given up. [D] */
  readonly inferForgetS: number;
  /** At most this many lines are followed at once while the run is not known. */
  readonly inferLines: number;

  /** At the last stop within this of it. RULES R05: 50 m before and after a stop [TTC]. */
  readonly arriveM: number;
  /** A stop's zone: so far along the line before it and behind it. RULES R05 [TTC before/after-stop 50 m]. */
  readonly stopZoneM: number;
  /** Standing in the zone: slower than this for so long. RULES R05. */
  readonly dwellBelowKmh: number;
  readonly dwellS: number;
  /** Between two fixes no bus goes faster through a stop's zone: what time is left it may have stood. [D] */
  readonly throughStopKmh: number;
  /** Fixes farther apart than this cannot show that it did not stand. [D] */
  readonly seeStopS: number;
  /** Off the line, fixes up to this far apart show that it did not stand at a stop meanwhile. [D] */
  readonly awayFixesS: number;
  /** Off the line, standing this near to a stop may have been standing at it. [D] */
  readonly nearStopM: number;

  /** Pupils are aboard once the bus is this far past the first stop where any boards. [D] */
  readonly boardedM: number;
  /** Leaving the line this near to its end is going to wait, not a deviation. [D] */
  readonly endZoneM: number;
  /** Standing this near before it is having arrived; an arrived run ends beyond it, or after so long there. [D] */
  readonly leaveM: number;
  readonly closeAfterS: number;
  /** It also ends when the next duty begins this soon. [D] */
  readonly nextDueS: number;
}

export const MATCHING: MatchingSettings = {
  corridorM: 60,
  corridorFewSatellitesM: 20,
  fewSatellites: 7,
  corridorRuralM: 40,
  undrawnCorridorM: 300,
  backM: 100,
  fastestMs: 40,
  againstM: 40,
  unexplainedShare: 0.05,
  offScheduleMPerS: 0.05,
  headingFromKmh: 5.4,
  dutyBeforeS: 900,
  dutyAfterS: 1800,
  dutyLateS: 10_800,
  lateStartM: 500,
  joinFixes: 3,
  joinM: 100,
  joinEarlyS: 600,
  inferFixes: 4,
  inferS: 60,
  inferM: 500,
  inferEarlyS: 300,
  inferLateS: 1500,
  inferForgetS: 600,
  inferLines: 3,
  arriveM: 50,
  stopZoneM: 50,
  dwellBelowKmh: 5,
  dwellS: 8,
  throughStopKmh: 50,
  seeStopS: 30,
  awayFixesS: 12,
  nearStopM: 150,
  boardedM: 30,
  endZoneM: 250,
  leaveM: 150,
  closeAfterS: 600,
  nextDueS: 120,
};
