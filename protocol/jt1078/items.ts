import { bitNames, bits, item, struct, u8 } from '../jt808/describe/build.ts';
import type { BitName } from '../jt808/describe/field.ts';

/** Bits 0 to 31 as channel 1 to 32. */
export const CHANNEL_BITS: readonly BitName[] = Array.from({ length: 32 }, (_, bit) => ({
  bit,
  name: `channel${bit + 1}`,
}));

/** JT/T 1078-2016 table 14. */
export const VIDEO_ALARM_BITS = bitNames({
  0: 'signalLost',
  1: 'covered',
  2: 'storageFault',
  3: 'otherVideoFault',
  4: 'passengerOverload',
  5: 'abnormalDriving',
  6: 'specialRecordingFull',
});

/** Bits of item 0x17: twelve main stores, four backups. */
export const STORAGE_BITS: readonly BitName[] = Array.from({ length: 16 }, (_, bit) => ({
  bit,
  name: bit < 12 ? `main${bit + 1}` : `backup${bit - 11}`,
}));

/** Video items of 0x0200: JT/T 1078-2016 table 13. */
export const VIDEO_ITEMS = [
  item(0x14, 'JT/T 1078-2016 table 14', bits('videoAlarms', 4, VIDEO_ALARM_BITS)),
  item(0x15, 'JT/T 1078-2016 table 13', bits('videoSignalLost', 4, CHANNEL_BITS)),
  item(0x16, 'JT/T 1078-2016 table 13', bits('videoCovered', 4, CHANNEL_BITS)),
  item(0x17, 'JT/T 1078-2016 table 13', bits('storageFaults', 2, STORAGE_BITS)),
  item(
    0x18,
    'JT/T 1078-2016 table 15',
    struct('abnormalDriving', [
      bits('behaviours', 2, { 0: 'fatigue', 1: 'phone', 2: 'smoking' }),
      u8('fatigueLevel', { absent: 'allowed', note: '0 to 100; table 13 leaves it out, table 15 has it' }),
    ]),
    [2, 3],
  ),
] as const;
