/** Why a socket is not read for the moment; one bit each, since several may hold at once. */
export const PAUSED_BY_PRESSURE = 1;
/** A step that later frames must wait for (registration, authentication, taking the vehicle over). */
export const PAUSED_BY_STEP = 2;
export const PAUSED_BY_RATE = 4;
/** Its vehicle is being judged again and too much waits for that. */
export const PAUSED_BY_LANE = 8;
/** What it uploads comes faster than the disk takes it. */
export const PAUSED_BY_DISK = 16;
