import { bits, digits, item, list, struct, u8, u16, u32 } from '../jt808/describe/build.ts';
import { VIDEO_ALARM_BITS } from './items.ts';

const RATE_MODES = { 0: 'constant', 1: 'variable', 2: 'average' } as const;
const RESOLUTIONS = {
  0: 'QCIF',
  1: 'CIF',
  2: 'WCIF',
  3: 'D1',
  4: 'WD1',
  5: '720P',
  6: '1080P',
} as const;

/** How a stream is coded: live, or stored. */
const STREAM = [
  u8('mode', { labels: RATE_MODES }),
  u8('resolution', { labels: RESOLUTIONS }),
  u16('keyFrameInterval', { note: 'frames' }),
  u8('framesPerSecond'),
  u32('kbps', { unit: 'kbit/s' }),
] as const;

const OSD = bits('osd', 2, {
  0: 'time',
  1: 'plate',
  2: 'channel',
  3: 'position',
  4: 'recorderSpeed',
  5: 'gnssSpeed',
  6: 'drivingTime',
});

/** Video parameters in 0x8103 and 0x0104: JT/T 1078-2016 tables 1 to 10. */
export const CHANNEL_PARAMETERS = [
  item(
    0x0075,
    'JT/T 1078-2016 table 2',
    struct('videoStream', [struct('live', STREAM), struct('stored', STREAM), OSD, u8('audioOn')]),
  ),
  item(
    0x0076,
    'JT/T 1078-2016 tables 3 and 4',
    struct('channels', [
      u8('audioVideoCount'),
      u8('audioCount'),
      u8('videoCount'),
      list('list', 'rest', [
        u8('physical'),
        u8('logical'),
        u8('type', { labels: { 0: 'audio and video', 1: 'audio', 2: 'video' } }),
        u8('ptz', { labels: { 0: 'no', 1: 'yes' } }),
      ]),
    ]),
    { min: 3 },
  ),
  item(
    0x0077,
    'JT/T 1078-2016 tables 5 and 6',
    struct('channelStreams', [
      list('list', { prefix: 1 }, [u8('channelId'), struct('live', STREAM), struct('stored', STREAM), OSD]),
    ]),
    { min: 1 },
  ),
  item(
    0x0079,
    'JT/T 1078-2016 table 7',
    struct('alarmRecording', [
      u8('storagePercent', { unit: '%' }),
      u8('durationMin', { unit: 'min' }),
      u8('beforeMin', { unit: 'min' }),
    ]),
  ),
  item(0x007a, 'JT/T 1078-2016 table 1', bits('maskedVideoAlarms', 4, VIDEO_ALARM_BITS)),
  item(
    0x007b,
    'JT/T 1078-2016 table 8',
    struct('videoAnalysis', [u8('ratedPassengers'), u8('fatigueThreshold')]),
  ),
  item(
    0x007c,
    'JT/T 1078-2016 tables 9 and 10',
    struct('wakeUp', [
      bits('modes', 1, { 0: 'condition', 1: 'timed', 2: 'manual' }),
      bits('conditions', 1, { 0: 'emergency', 1: 'collision', 2: 'doorOpen' }),
      bits('weekdays', 1, {
        0: 'monday',
        1: 'tuesday',
        2: 'wednesday',
        3: 'thursday',
        4: 'friday',
        5: 'saturday',
        6: 'sunday',
      }),
      bits('periods', 1, { 0: 'first', 1: 'second', 2: 'third', 3: 'fourth' }),
      digits('on1', 2, { note: 'hhmm' }),
      digits('off1', 2),
      digits('on2', 2),
      digits('off2', 2),
      digits('on3', 2),
      digits('off3', 2),
      digits('on4', 2),
      digits('off4', 2),
    ]),
  ),
] as const;
