import { bytes, count, list, struct, time, u8, u16, u32, values, when } from '../describe/build.ts';
import { ALL, message, SINCE_2013 } from '../describe/message-description.ts';
import { LOCATION_BASE } from './location.ts';

/** Photos, sound and video kept by the terminal: JT/T 808-2013 tables 80 to 90. */

const MEDIA_TYPES = { 0: 'image', 1: 'audio', 2: 'video' } as const;
const FORMATS = { 0: 'JPEG', 1: 'TIF', 2: 'MP3', 3: 'WAV', 4: 'WMV' } as const;
const EVENTS = {
  0: 'platform command',
  1: 'timer',
  2: 'robbery alarm',
  3: 'collision or rollover alarm',
  4: 'door opened',
  5: 'door closed',
  6: 'door closed and speed over 20 km/h',
  7: 'distance',
} as const;

const MEDIA = [
  u32('mediaId'),
  u8('mediaType', { labels: MEDIA_TYPES }),
  u8('mediaFormat', { labels: FORMATS }),
  u8('eventCode', { labels: EVENTS }),
  u8('channelId'),
] as const;

export const mediaEvent = message({
  id: 0x0800,
  name: 'multimedia event',
  zh: '多媒体事件信息上传',
  direction: 'up',
  reply: 0x8001,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 80', fields: MEDIA }],
});

/** 2011 has no location: its packets are counted in the body instead, and not by everyone. */
export const mediaData = message({
  id: 0x0801,
  name: 'multimedia data',
  zh: '多媒体数据上传',
  direction: 'up',
  reply: 0x8800,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 table 81',
      fields: [...MEDIA, struct('location', LOCATION_BASE), bytes('mediaHex')],
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 66',
      fields: [...MEDIA, u32('totalPackets'), u32('packetNumber'), bytes('mediaHex')],
      plausible: (body) =>
        body.length >= 16 && body[8] === 0 && body[9] === 0 && body[12] === 0 && body[13] === 0,
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 66',
      fields: [...MEDIA, bytes('mediaHex')],
      variant: 'no count of packets',
    },
  ],
});

export const mediaReply = message({
  id: 0x8800,
  name: 'multimedia data reply',
  zh: '多媒体数据上传应答',
  direction: 'down',
  reply: null,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 table 82',
      fields: [
        u32('mediaId'),
        values('retransmitIds', { prefix: 1 }, u16('number'), {
          absent: 'allowed',
          note: 'packets that are missing',
        }),
      ],
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 table 67',
      fields: [
        u16('responseSerial'),
        u32('mediaId'),
        values('retransmitIds', { prefix: 1 }, u16('number'), { absent: 'allowed' }),
      ],
    },
  ],
});

export const takePhoto = message({
  id: 0x8801,
  name: 'take a photo now',
  zh: '摄像头立即拍摄命令',
  direction: 'down',
  reply: 0x0805,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 83',
      fields: [
        u8('channelId', { note: '0x64 and 0x65: by ADAS and DSM (T/JSATL 12)' }),
        u16('command', { note: '0 stop, 0xFFFF video, else the number of photos' }),
        u16('intervalS', { unit: 's', note: 'between photos, or how long the video' }),
        u8('save', { labels: { 0: 'upload', 1: 'store' } }),
        u8('resolution', {
          labels: {
            0: 'lowest (2019)',
            1: '320x240',
            2: '640x480',
            3: '800x600',
            4: '1024x768',
            5: '176x144',
            6: '352x288',
            7: '704x288',
            8: '704x576',
            255: 'highest (2019)',
          },
        }),
        u8('quality', { note: '1 to 10' }),
        u8('brightness'),
        u8('contrast'),
        u8('saturation'),
        u8('chroma'),
      ],
    },
  ],
});

export const takePhotoReply = message({
  id: 0x0805,
  name: 'take a photo reply',
  zh: '摄像头立即拍摄命令应答',
  direction: 'up',
  reply: null,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 84',
      fields: [
        u16('responseSerial'),
        u8('result', { labels: { 0: 'success', 1: 'failure', 2: 'channel not supported' } }),
        when('result', { equals: [0] }, [
          values('mediaIds', { prefix: 2 }, u32('id'), { absent: 'tolerated' }),
        ]),
      ],
    },
  ],
});

const SEARCH = [
  u8('mediaType', { labels: MEDIA_TYPES }),
  u8('channelId', { note: '0 is every channel' }),
  u8('eventCode', { labels: EVENTS }),
  time('startTime', 'bound'),
  time('endTime', 'bound'),
] as const;

export const mediaSearch = message({
  id: 0x8802,
  name: 'search stored media',
  zh: '存储多媒体数据检索',
  direction: 'down',
  reply: 0x0802,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 85', fields: SEARCH }],
});

export const mediaSearchReply = message({
  id: 0x0802,
  name: 'stored media found',
  zh: '存储多媒体数据检索应答',
  direction: 'up',
  reply: null,
  layouts: [
    {
      versions: SINCE_2013,
      source: 'JT/T 808-2013 tables 86 and 87',
      fields: [
        u16('responseSerial'),
        count('media', 2),
        list('media', 'rest', [
          u32('mediaId'),
          u8('mediaType', { labels: MEDIA_TYPES }),
          u8('channelId'),
          u8('eventCode', { labels: EVENTS }),
          struct('location', LOCATION_BASE),
        ]),
      ],
    },
    {
      versions: ['2011'],
      source: 'JT/T 808-2011 tables 70 and 71',
      fields: [
        u16('responseSerial'),
        u16('total'),
        count('media', 2),
        list('media', { field: 'media' }, [
          u8('mediaType', { labels: MEDIA_TYPES }),
          u8('channelId'),
          u8('eventCode', { labels: EVENTS }),
          struct('location', LOCATION_BASE),
        ]),
      ],
    },
  ],
});

const DELETE = u8('delete', { labels: { 0: 'keep', 1: 'delete' } });

export const mediaUpload = message({
  id: 0x8803,
  name: 'upload stored media',
  zh: '存储多媒体数据上传命令',
  direction: 'down',
  reply: 0x0001,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 88', fields: [...SEARCH, DELETE] }],
});

export const recordAudio = message({
  id: 0x8804,
  name: 'record audio',
  zh: '录音开始命令',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 89',
      fields: [
        u8('command', { labels: { 0: 'stop', 1: 'start' } }),
        u16('recordS', { unit: 's', note: '0 goes on' }),
        u8('save', { labels: { 0: 'upload', 1: 'store' } }),
        u8('audioRate', { labels: { 0: '8 kHz', 1: '11 kHz', 2: '23 kHz', 3: '32 kHz' } }),
      ],
    },
  ],
});

export const uploadOne = message({
  id: 0x8805,
  name: 'upload one stored medium',
  zh: '单条存储多媒体数据检索上传命令',
  direction: 'down',
  reply: 0x0001,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 table 90', fields: [u32('mediaId'), DELETE] }],
});
