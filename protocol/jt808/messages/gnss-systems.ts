/** Bits of parameter 0x0090 and of the GNSS property in 0x0107: JT/T 808-2013 tables 12 and 20. */
export const GNSS_SYSTEMS = { 0: 'gps', 1: 'beidou', 2: 'glonass', 3: 'galileo' } as const;
