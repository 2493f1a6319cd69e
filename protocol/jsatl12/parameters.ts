import { bytes, item, struct, u8, u16, u32 } from '../jt808/describe/build.ts';

/** 0xFF, 0xFFFF and 0xFFFFFFFF stand for "leave it as it is", read as null. */
const LEAVE = { none: 0xff } as const;

/** The fields that ADAS and DSM begin with; what follows is triples per alarm, kept as they are. */
const LEADING = [
  u8('speedThresholdKmh', { ...LEAVE, unit: 'km/h' }),
  u8('volume', { ...LEAVE, note: '0 to 8' }),
  u8('photoStrategy', LEAVE),
  u16('photoIntervalS', { none: 0xffff, unit: 's' }),
  u16('photoDistanceM', { none: 0xffff, unit: 'm' }),
  u8('photos', LEAVE),
  u8('photoSpacingS', { ...LEAVE, scale: 10, unit: 's' }),
  u8('photoResolution', LEAVE),
  u8('videoResolution', LEAVE),
  u32('alarmEnable', { none: 0xffffffff }),
  u32('eventEnable', { none: 0xffffffff }),
  bytes('perAlarm'),
] as const;

/** Parameters of active safety in 0x8103 and 0x0104: T/JSATL 12-2017 tables 4-9 to 4-13. */
export const ACTIVE_SAFETY_PARAMETERS = [
  item(0xf364, 'T/JSATL 12-2017 table 4-10', struct('adasParameters', LEADING), { min: 19 }),
  item(0xf365, 'T/JSATL 12-2017 table 4-11', struct('dsmParameters', LEADING), { min: 19 }),
  item(0xf366, 'T/JSATL 12-2017 table 4-12', bytes('tpmsParameters'), { min: 0 }),
  item(
    0xf367,
    'T/JSATL 12-2017 table 4-13',
    struct('bsdParameters', [
      u8('rearThresholdS', { ...LEAVE, unit: 's' }),
      u8('sideThresholdS', { ...LEAVE, unit: 's' }),
    ]),
  ),
] as const;
