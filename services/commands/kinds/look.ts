import { Type } from 'typebox';
import { kind } from '../command-kind.ts';

/** JT/T 808-2013 table 83. */
const RESOLUTIONS = {
  '320x240': 1,
  '640x480': 2,
  '800x600': 3,
  '1024x768': 4,
  '352x288': 6,
  '704x576': 8,
} as const;

const Channel = Type.Integer({ minimum: 1, maximum: 127, description: 'Camera; 100 ADAS, 101 DSM' });

/** 2011 has no 0x0805: there the general reply is the answer, and the pictures come by themselves. */
export const photo = kind({
  type: 'photo',
  group: 'look',
  summary: 'Takes photos now and uploads them',
  right: 'command',
  fields: Type.Object({
    channel: Channel,
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, description: '1 if left out' })),
    intervalS: Type.Optional(Type.Integer({ minimum: 0, maximum: 600 })),
    resolution: Type.Optional(Type.Enum(['320x240', '640x480', '800x600', '1024x768', '352x288', '704x576'])),
    quality: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10, description: '1 is best; 5 if left out' }),
    ),
    store: Type.Optional(Type.Boolean({ description: 'Kept on the terminal instead of being uploaded' })),
  }),
  msgIds: [0x8801],
  expiresInS: 120,
  once: true,
  acceptanceCounts: true,
  answerWithinS: 60,
  messages: (
    { channel, count = 1, intervalS = 0, resolution = '640x480', quality = 5, store = false },
    version,
  ) => [
    {
      msgId: 0x8801,
      body: {
        channelId: channel,
        command: count,
        intervalS,
        save: store ? 1 : 0,
        resolution: RESOLUTIONS[resolution],
        quality,
        brightness: 128,
        contrast: 64,
        saturation: 64,
        chroma: 128,
      },
      ...(version === '2011' ? { replyId: 0x0001 } : {}),
    },
  ],
});

const MEDIA = { image: 0, audio: 1, video: 2 } as const;

export const mediaSearch = kind({
  type: 'media_search',
  group: 'look',
  summary: 'Lists the photos, sound and video that the terminal has kept',
  right: 'command',
  fields: Type.Object({
    media: Type.Enum(['image', 'audio', 'video']),
    channel: Type.Optional(Type.Integer({ minimum: 0, maximum: 127, description: '0 or left out: all' })),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    to: Type.Optional(Type.String({ format: 'date-time' })),
  }),
  msgIds: [0x8802],
  expiresInS: 3_600,
  messages: ({ media, channel = 0, from, to }) => [
    {
      msgId: 0x8802,
      body: {
        mediaType: MEDIA[media],
        channelId: channel,
        eventCode: 0,
        startTime: chinaTime(from),
        endTime: chinaTime(to),
      },
    },
  ],
});

export const mediaUpload = kind({
  type: 'media_upload',
  group: 'look',
  summary: 'Has the terminal upload one photo, recording or video that it has kept',
  right: 'command',
  fields: Type.Object({ mediaId: Type.Integer({ minimum: 1, maximum: 0xffffffff }) }),
  msgIds: [0x8805],
  editions: ['2013', '2019'],
  expiresInS: 3_600,
  messages: ({ mediaId }) => [{ msgId: 0x8805, body: { mediaId, delete: 0 } }],
});

export const recordAudio = kind({
  type: 'record_audio',
  group: 'control',
  summary: 'Records sound on board and uploads it: for an emergency only',
  right: 'control',
  fields: Type.Object({ durationS: Type.Integer({ minimum: 1, maximum: 600 }) }),
  msgIds: [0x8804],
  expiresInS: 60,
  once: true,
  messages: ({ durationS }) => [
    { msgId: 0x8804, body: { command: 1, recordS: durationS, save: 0, audioRate: 0 } },
  ],
});

/** As the codec takes it: +08:00, whole seconds; null is no bound. */
function chinaTime(time: string | undefined): string | null {
  if (time === undefined) return null;
  return `${new Date(Date.parse(time) + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
