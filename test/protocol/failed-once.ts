/** Unescaped frames that once crashed a decoder of ours or did not come back from JSON; found by the fuzz. */
export const FAILED_ONCE: readonly string[] = [];
