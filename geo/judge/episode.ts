import type { JsonValue, Severity } from '../finding.ts';

/** Who says so: the rules here, the terminal by an alarm bit, or both. */
export type Source = 'platform' | 'terminal' | 'both';

/** What a rule makes of one report. */
export interface Observation {
  /** `on` breaks the rule, `off` is surely back in order, `between` is neither. */
  readonly sign: 'on' | 'between' | 'off';
  /** The terminal's own alarm bit for the same fact. */
  readonly flagged: boolean;
  /** How bad, in the rule's own unit; the worst is kept. */
  readonly measure: number;
  readonly severity: Severity;
  /** Details of this moment, kept with the worst. */
  readonly note: { readonly [key: string]: JsonValue };
  /** Metres since the fix before. */
  readonly movedM: number;
}

/** IDLE is no episode at all; CLOSED is told once and forgotten. Plain JSON. */
export interface Episode {
  readonly phase: 'candidate' | 'confirmed' | 'clearing';
  readonly trip: string | null;
  readonly start: number;
  readonly lat: number | null;
  readonly lon: number | null;
  /** Newest report that broke the rule, newest that was looked at. */
  readonly last: number;
  readonly seen: number;
  readonly lastLat: number | null;
  readonly lastLon: number | null;
  /** Of the platform's own judgement: since when, over how many fixes and metres; 0 while only the terminal says so. */
  readonly since: number;
  readonly fixes: number;
  readonly wayM: number;
  /** Since when, where, and for how many reports it has been back in order; null while it is not. */
  readonly clear: Clear | null;
  readonly peak: number;
  readonly peakAt: number;
  readonly severity: Severity;
  /** The platform has confirmed it by its own thresholds. */
  readonly proven: boolean;
  readonly source: Source;
  readonly late: boolean;
  readonly toldAt: number;
  readonly note: { readonly [key: string]: JsonValue };
}

/** An episode as the state keeps it: its fields in the order of `packEpisode`, without their names, at half the length. */
export type PackedEpisode = readonly JsonValue[];

/** Vehicles whose terminal is out of order have one packed and read with every report: written out for that. */
export const packEpisode = (episode: Episode): PackedEpisode => [
  episode.phase,
  episode.trip,
  episode.start,
  episode.lat,
  episode.lon,
  episode.last,
  episode.seen,
  episode.lastLat,
  episode.lastLon,
  episode.since,
  episode.fixes,
  episode.wayM,
  episode.clear as JsonValue,
  episode.peak,
  episode.peakAt,
  episode.severity,
  episode.proven,
  episode.source,
  episode.late,
  episode.toldAt,
  episode.note,
];

export const unpackEpisode = (packed: PackedEpisode): Episode =>
  // Nobody but `packEpisode` makes one, and a state of another format is not read.
  ({
    phase: packed[0] as Episode['phase'],
    trip: packed[1] as Episode['trip'],
    start: packed[2] as Episode['start'],
    lat: packed[3] as Episode['lat'],
    lon: packed[4] as Episode['lon'],
    last: packed[5] as Episode['last'],
    seen: packed[6] as Episode['seen'],
    lastLat: packed[7] as Episode['lastLat'],
    lastLon: packed[8] as Episode['lastLon'],
    since: packed[9] as Episode['since'],
    fixes: packed[10] as Episode['fixes'],
    wayM: packed[11] as Episode['wayM'],
    clear: packed[12] as Episode['clear'],
    peak: packed[13] as Episode['peak'],
    peakAt: packed[14] as Episode['peakAt'],
    severity: packed[15] as Episode['severity'],
    proven: packed[16] as Episode['proven'],
    source: packed[17] as Episode['source'],
    late: packed[18] as Episode['late'],
    toldAt: packed[19] as Episode['toldAt'],
    note: packed[20] as Episode['note'],
  }) as Episode;

export interface Clear {
  readonly at: number;
  readonly fixes: number;
  readonly lat: number | null;
  readonly lon: number | null;
}

export interface EpisodeLimits {
  /** Back in order for this long and over so many reports ends it ... */
  readonly exitS: number;
  readonly exitFixes: number;
  /** ... and broken again within this long after the end it goes on. RULES 1: 120 s [D]. */
  readonly rejoinS: number;
  /** Not seen for longer than this, it ended when it was last seen. */
  readonly blindS: number;
  /** Told anew this often while it lasts; 0 for never, where nothing about it grows. */
  readonly retellS: number;
  /** It is the vehicle's, not the run's: the same from one run to the next. */
  readonly acrossRuns?: boolean;
}

/** The moment an observation belongs to. */
export interface Moment {
  readonly time: number;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly trip: string | null;
  readonly late: boolean;
}

/** `end` is null while it lasts. */
export interface Told {
  readonly kind: 'opened' | 'updated' | 'closed';
  readonly episode: Episode;
  readonly end: number | null;
}

export interface EpisodeStep {
  readonly episode: Episode | null;
  readonly told: readonly Told[];
}

const RANK: { readonly [s in Severity]: number } = { P1: 3, P2: 2, P3: 1 };
const NOTHING: readonly Told[] = [];

/** One step of IDLE > CANDIDATE > CONFIRMED > CLEARING > CLOSED. `proven` says whether the candidate has lasted enough. */
export function stepEpisode(
  episode: Episode | null,
  seen: Observation,
  at: Moment,
  limits: EpisodeLimits,
  proven: (candidate: Episode) => boolean,
): EpisodeStep {
  if (episode !== null && isPast(episode, at, limits)) {
    const closed = closeEpisode(episode);
    const next = stepEpisode(null, seen, at, limits, proven);
    return { episode: next.episode, told: [...closed.told, ...next.told] };
  }
  const on = seen.sign === 'on' || seen.flagged;
  if (episode === null) {
    if (!on) return { episode: null, told: NOTHING };
    return confirm(begin(seen, at), at, proven);
  }
  if (on) {
    const longer = extend(episode, seen, at);
    if (episode.phase === 'candidate') return confirm(longer, at, proven);
    return retell(longer, at, limits, proven);
  }
  if (episode.phase === 'candidate') {
    if (seen.sign === 'off') return { episode: null, told: NOTHING };
    return { episode: { ...episode, seen: at.time }, told: NOTHING };
  }
  const ended = hasEnded(episode, episode.seen, limits);
  if (seen.sign === 'between' && !ended) {
    return {
      episode: { ...episode, phase: 'confirmed', clear: null, seen: at.time },
      told: NOTHING,
    };
  }
  const clear: Clear =
    episode.clear === null
      ? { at: at.time, fixes: 1, lat: at.lat, lon: at.lon }
      : { ...episode.clear, fixes: Math.min(episode.clear.fixes + 1, 99) };
  const clearing: Episode = { ...episode, phase: 'clearing', seen: at.time, clear };
  if (hasEnded(clearing, at.time, limits) && at.time - clear.at >= limits.rejoinS * 1000) {
    return closeEpisode(clearing);
  }
  return { episode: clearing, told: NOTHING };
}

/** Ends it now, as at the end of a run: where it was back in order, else where it was last seen. */
export function closeEpisode(episode: Episode): EpisodeStep {
  if (episode.phase === 'candidate') return { episode: null, told: NOTHING };
  return { episode: null, told: [{ kind: 'closed', episode, end: episode.clear?.at ?? episode.last }] };
}

/** Too long unseen, or too long back in order, for this moment to belong to it. */
function isPast(episode: Episode, at: Moment, limits: EpisodeLimits): boolean {
  const otherRun = episode.trip !== null && at.trip !== null && episode.trip !== at.trip;
  if (otherRun && limits.acrossRuns !== true) return true;
  const { clear } = episode;
  if (clear !== null && hasEnded(episode, episode.seen, limits) && at.time - clear.at > limits.rejoinS * 1000)
    return true;
  return at.time - episode.seen > limits.blindS * 1000;
}

function hasEnded(episode: Episode, now: number, limits: EpisodeLimits): boolean {
  return (
    episode.clear !== null &&
    episode.clear.fixes >= limits.exitFixes &&
    now - episode.clear.at >= limits.exitS * 1000
  );
}

function begin(seen: Observation, at: Moment): Episode {
  const own = seen.sign === 'on';
  return {
    phase: 'candidate',
    trip: at.trip,
    start: at.time,
    lat: at.lat,
    lon: at.lon,
    last: at.time,
    seen: at.time,
    lastLat: at.lat,
    lastLon: at.lon,
    since: own ? at.time : 0,
    fixes: own ? 1 : 0,
    wayM: 0,
    clear: null,
    peak: own ? seen.measure : 0,
    peakAt: at.time,
    severity: 'P3',
    proven: false,
    source: own ? (seen.flagged ? 'both' : 'platform') : 'terminal',
    late: at.late,
    toldAt: 0,
    note: own ? { ...seen.note, worst: seen.severity } : {},
  };
}

function extend(episode: Episode, seen: Observation, at: Moment): Episode {
  const own = seen.sign === 'on';
  const worse = own && (episode.since === 0 || seen.measure > episode.peak);
  const source: Source =
    own && seen.flagged
      ? 'both'
      : own && episode.source === 'terminal'
        ? 'both'
        : seen.flagged && episode.source === 'platform'
          ? 'both'
          : episode.source;
  return {
    ...episode,
    trip: episode.trip ?? at.trip,
    last: at.time,
    seen: at.time,
    lastLat: at.lat ?? episode.lastLat,
    lastLon: at.lon ?? episode.lastLon,
    since: own && episode.since === 0 ? at.time : episode.since,
    fixes: own ? Math.min(episode.fixes + 1, 9_999) : episode.fixes,
    wayM: own && episode.since > 0 ? Math.round((episode.wayM + seen.movedM) * 10) / 10 : episode.wayM,
    clear: null,
    peak: worse ? seen.measure : episode.peak,
    peakAt: worse ? at.time : episode.peakAt,
    source,
    note: own ? worstNote(episode, seen, worse) : episode.note,
  };
}

/** The details of the worst moment, and the gravest grade reached. */
function worstNote(episode: Episode, seen: Observation, worse: boolean): Episode['note'] {
  const worst = episode.note.worst as Severity | undefined;
  const graver = worst === undefined || RANK[seen.severity] > RANK[worst];
  if (!worse && !graver) return episode.note;
  return { ...(worse ? seen.note : episode.note), worst: graver ? seen.severity : worst };
}

function confirm(candidate: Episode, at: Moment, proven: (candidate: Episode) => boolean): EpisodeStep {
  const sure = candidate.since > 0 && proven(candidate);
  // The terminal's word alone opens it too: it is never dropped, only graded as a record.
  if (!sure && candidate.source === 'platform') return { episode: candidate, told: NOTHING };
  const opened: Episode = {
    ...candidate,
    phase: 'confirmed',
    proven: sure,
    severity: sure ? gravest(candidate) : 'P3',
    late: at.late,
    toldAt: at.time,
  };
  return { episode: opened, told: [{ kind: 'opened', episode: opened, end: null }] };
}

function retell(
  longer: Episode,
  at: Moment,
  limits: EpisodeLimits,
  proven: (candidate: Episode) => boolean,
): EpisodeStep {
  const sure = longer.proven || (longer.since > 0 && proven(longer));
  const severity = sure ? graver(longer.severity, gravest(longer)) : longer.severity;
  const now: Episode = { ...longer, phase: 'confirmed', proven: sure, severity };
  const due = limits.retellS > 0 && at.time - longer.toldAt >= limits.retellS * 1000;
  if (severity === longer.severity && sure === longer.proven && !due) return { episode: now, told: NOTHING };
  const told = { ...now, toldAt: at.time };
  return { episode: told, told: [{ kind: 'updated', episode: told, end: null }] };
}

const gravest = (episode: Episode): Severity => (episode.note.worst as Severity | undefined) ?? 'P3';
const graver = (a: Severity, b: Severity): Severity => (RANK[b] > RANK[a] ? b : a);
