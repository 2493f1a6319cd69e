/** Numbers of arrival prediction. `[D]` is our own proposal; those marked `[T]` were tuned on recorded traffic. */
export interface EtaSettings {
  /** Width of a slot of the day in which travel times are kept, and how far they speak for their neighbours. [T] */
  readonly slotS: number;
  readonly slotSpreadS: number;
  /** What a day of another kind says, against one of the same. [T] */
  readonly otherKindShare: number;
  /** Days after which what was learned counts half. [D] */
  readonly halfLifeDays: number;
  /** Passes of one slot that are believed at most, so that last month does not outweigh this week. [D] */
  readonly mostPasses: number;
  /** The timetable counts as so many passes of a segment ... [T] */
  readonly timetablePasses: number;
  /** ... and as so many planned seconds driven on the route, when its pace is learned. [T] */
  readonly timetablePaceS: number;
  /** A pass is held within these bounds of what was expected, once that rests on something: a bus that broke down. [D] */
  readonly leastShare: number;
  readonly mostShare: number;

  /** What buses have done today is forgotten over this time ... [T] */
  readonly todayS: number;
  /** ... and is weighed against so many expected seconds, along the route and on the segment. [T] */
  readonly todayRouteS: number;
  readonly todaySegmentS: number;
  /** Likewise this bus's own pace. [T] */
  readonly ownS: number;
  readonly ownAgainstS: number;

  /** Standing at a stop when nothing was learned of it. [D] */
  readonly stayS: number;
  /** A bus that came before its time waits for it: share of those that do, at a timepoint and elsewhere, unless learned. [T] */
  readonly holdAtTimepoint: number;
  readonly holdElsewhere: number;
  /** ... which counts as so many early arrivals. [T] */
  readonly holdArrivals: number;
  /** No bus is expected to be faster than this between two stops. [D] */
  readonly fastestMs: number;
  /** Pace where there is neither timetable nor history. [D] */
  readonly usualMs: number;

  /** Beyond this nothing is said. [D] */
  readonly horizonS: number;
  /** A fix counts as it is for so long; then the range widens ... PRODUCTS 4.3: live up to 30 s. */
  readonly liveS: number;
  /** ... and then nobody is shown a countdown. PRODUCTS 4.3: stale after 90 s. */
  readonly staleS: number;
  /** Staff and notices may still be told so long, with the range as wide as it then is. [D] */
  readonly lostS: number;
  /** The range begins earlier by this share of the silence beyond `liveS`; it ends later by all of it. [D] */
  readonly staleEarlyShare: number;

  /** The range: one in ten comes before it, one in ten after. PRODUCTS 4.6. */
  readonly lowShare: number;
  readonly highShare: number;
}

export const ETA: EtaSettings = {
  slotS: 1_800,
  slotSpreadS: 2_700,
  otherKindShare: 0.25,
  halfLifeDays: 14,
  mostPasses: 30,
  timetablePasses: 1,
  timetablePaceS: 3_600,
  leastShare: 0.4,
  mostShare: 3,
  todayS: 2_400,
  todayRouteS: 3_600,
  todaySegmentS: 300,
  ownS: 600,
  ownAgainstS: 2_400,
  stayS: 12,
  holdAtTimepoint: 0.1,
  holdElsewhere: 0,
  holdArrivals: 6,
  fastestMs: 22,
  usualMs: 6,
  horizonS: 5_400,
  liveS: 30,
  staleS: 90,
  lostS: 300,
  staleEarlyShare: 0.25,
  lowShare: 0.1,
  highShare: 0.9,
};
