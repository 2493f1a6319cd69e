import type { LinePose } from './run-track.ts';
import type { MatchingSettings } from './settings.ts';
import { type Place, placeOnLine, type TrackLine } from './track-line.ts';

/** A believed fix as matching needs it. */
export interface LineFix {
  readonly time: number;
  readonly lat: number;
  readonly lon: number;
  readonly speedKmh: number | null;
  /** East and north parts of the direction of travel; 0, 0 where it says nothing. */
  readonly headX: number;
  readonly headY: number;
  /** How far from a line still counts as on it. */
  readonly corridorM: number;
  /** Held where it stands by the stationary clamp. */
  readonly standing: boolean;
}

/**
 * Follows the line from a known place on it: forward as far as the time allows, back a little, never across to another
 * leg that only lies near. `offM` is infinite where nothing of the line is in reach.
 */
export function followLine(
  line: TrackLine,
  pose: LinePose,
  fix: LineFix,
  set: MatchingSettings,
): { pose: LinePose; offM: number } {
  const seconds = (fix.time - pose.time) / 1000;
  const dx = (fix.lon - pose.lon) * line.lonM;
  const dy = (fix.lat - pose.lat) * line.latM;
  const wayM = Math.max(Math.sqrt(dx * dx + dy * dy), ((fix.speedKmh ?? 0) / 3.6) * Math.min(seconds, 30));
  const place = placeOnLine(line, fix.lat, fix.lon, {
    fromM: Math.max(pose.bestM - set.backM, 0),
    toM: pose.alongM + set.backM + set.fastestMs * seconds,
    segment: pose.segment,
    likelyFromM: pose.alongM - 20,
    likelyToM: pose.alongM + 30 + 1.4 * wayM,
    share: set.unexplainedShare,
    mostM: Number.POSITIVE_INFINITY,
    headX: fix.headX,
    headY: fix.headY,
    againstM: set.againstM,
  });
  if (place === null) return { pose, offM: Number.POSITIVE_INFINITY };
  if (place.offM > fix.corridorM) return { pose, offM: place.offM };
  return {
    pose: {
      alongM: place.alongM,
      segment: place.segment,
      bestM: Math.max(pose.bestM, place.alongM),
      fromM: pose.fromM,
      fixes: Math.min(pose.fixes + 1, 99),
      since: pose.since,
      time: fix.time,
      lat: fix.lat,
      lon: fix.lon,
    },
    offM: place.offM,
  };
}

/** Looks for the fix anywhere on the line; `likelyM` is where the timetable has it, or null where none helps. */
export function findOnLine(
  line: TrackLine,
  fix: LineFix,
  likelyM: number | null,
  shareMPerM: number,
  set: MatchingSettings,
): LinePose | null {
  const place = placeOnLine(line, fix.lat, fix.lon, {
    fromM: 0,
    toM: line.lengthM,
    segment: 0,
    likelyFromM: likelyM ?? 0,
    likelyToM: likelyM ?? line.lengthM,
    share: shareMPerM,
    mostM: set.corridorM,
    headX: fix.headX,
    headY: fix.headY,
    againstM: set.againstM,
  });
  return place !== null && place.offM <= fix.corridorM ? poseAt(place, fix) : null;
}

export function poseAt(place: Place, fix: LineFix): LinePose {
  return {
    alongM: place.alongM,
    segment: place.segment,
    bestM: place.alongM,
    fromM: place.alongM,
    fixes: 1,
    since: fix.time,
    time: fix.time,
    lat: fix.lat,
    lon: fix.lon,
  };
}
