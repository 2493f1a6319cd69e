import { LOCATION_BASE_BYTES, type LocationCore, readLocationCore } from './location-core.ts';

/** What a 0x0801 says before its data, as numbers: a photo is far too long to go through the typed object. */
export interface MediaHead {
  readonly mediaId: number;
  /** 0 image, 1 audio, 2 video. */
  readonly mediaType: number;
  readonly eventCode: number;
  readonly channelId: number;
  /** Where and when it was made; null before 2013. */
  readonly location: LocationCore | null;
  /** Some terminals of 2011 count the packets here and not in the header; both from 1. */
  readonly counted: { readonly parts: number; readonly part: number } | null;
  /** Where the data begin. */
  readonly dataAt: number;
}

const FACTS_BYTES = 8;
const COUNTED_BYTES = 16;

const u32 = (b: Uint8Array, at: number): number =>
  ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;

/**
 * Reads the head of a 0x0801 body: JT/T 808-2013 table 81, JT/T 808-2011 table 66. The header does not tell the two
 * apart. A picture that begins where 2013 has a place, or what is no place and no time, was written by 2011. Null
 * where it is too short.
 */
export function readMediaHead(body: Uint8Array): MediaHead | null {
  if (body.length < FACTS_BYTES) return null;
  const facts = {
    mediaId: u32(body, 0),
    mediaType: body[4]!,
    eventCode: body[6]!,
    channelId: body[7]!,
  };
  const counted = countOf(body);
  const of2011 = isJpeg(body, FACTS_BYTES) || (counted !== null && isJpeg(body, COUNTED_BYTES));
  const location = of2011 ? null : readLocationCore(body, FACTS_BYTES, FACTS_BYTES + LOCATION_BASE_BYTES);
  if (location && body.length >= FACTS_BYTES + LOCATION_BASE_BYTES && isPlace(body, location))
    return { ...facts, location, counted: null, dataAt: FACTS_BYTES + LOCATION_BASE_BYTES };
  if (counted && !isJpeg(body, FACTS_BYTES))
    return { ...facts, location: null, counted, dataAt: COUNTED_BYTES };
  return { ...facts, location: null, counted: null, dataAt: FACTS_BYTES };
}

/** Packets and number, as 2011 has them; null where they cannot be. */
function countOf(body: Uint8Array): MediaHead['counted'] {
  if (body.length <= COUNTED_BYTES) return null;
  const [parts, part] = [u32(body, FACTS_BYTES), u32(body, FACTS_BYTES + 4)];
  return part >= 1 && part <= parts && parts <= 0xffff ? { parts, part } : null;
}

/** Two's complement and BCD make a place out of the first bytes of many a picture: so they are looked for. */
const isJpeg = (body: Uint8Array, at: number): boolean =>
  body[at] === 0xff && body[at + 1] === 0xd8 && body[at + 2] === 0xff;

/** Data in this place mostly give neither a latitude nor a BCD time. */
function isPlace(body: Uint8Array, location: LocationCore): boolean {
  if (Math.abs(location.latE6) > 90_000_000 || Math.abs(location.lonE6) > 180_000_000) return false;
  const time = body.subarray(FACTS_BYTES + 22, FACTS_BYTES + LOCATION_BASE_BYTES);
  // All zeros, or digits that are no date, are of a terminal whose clock is not set.
  return location.timeMs !== null || time.every((b) => b >> 4 <= 9 && (b & 15) <= 9);
}
