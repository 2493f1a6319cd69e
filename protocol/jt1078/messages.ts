import { bits, list, text, time, u8, u16, u32 } from '../jt808/describe/build.ts';
import { ALL, message } from '../jt808/describe/message-description.ts';
import { ALARM_BITS } from '../jt808/messages/alarm-bits.ts';
import { VIDEO_ALARM_BITS } from './items.ts';

/** Video signalling of JT/T 1078-2016 on the JT/T 808 link; the media themselves use connections of their own. */

/** Codec ids: JT/T 1078-2016 table 12. */
export const CODECS = {
  1: 'G.721',
  2: 'G.722',
  3: 'G.723',
  4: 'G.728',
  5: 'G.729',
  6: 'G.711A',
  7: 'G.711U',
  8: 'G.726',
  19: 'AAC',
  25: 'MP3',
  26: 'ADPCMA',
  28: 'AMR',
  91: 'transparent',
  98: 'H.264',
  99: 'H.265',
  100: 'AVS',
  101: 'SVAC',
} as const;

const channelId = u8('channelId', { note: 'logical channel (JT/T 1076 table 2)' });
const MEDIA = { 0: 'audio and video', 1: 'audio', 2: 'video', 3: 'video or both' } as const;
const STREAMS = { 0: 'main', 1: 'sub' } as const;
const STORED_STREAMS = { 0: 'all', 1: 'main', 2: 'sub' } as const;
const STORAGE = { 0: 'all', 1: 'main', 2: 'backup' } as const;
const SPEEDS = { 0: 'not applicable', 1: '1x', 2: '2x', 3: '4x', 4: '8x', 5: '16x' } as const;

/** 64 bits: the video alarms of item 0x14, then the alarm flag of 0x0200. */
const ALARMS = [bits('videoAlarms', 4, VIDEO_ALARM_BITS), bits('alarms', 4, ALARM_BITS)] as const;
const SERVER = [text('serverIp', { prefix: 1 }), u16('tcpPort'), u16('udpPort')] as const;

const down = { direction: 'down', reply: 0x0001 } as const;
const layout = <F>(source: string, fields: F) =>
  [{ versions: ALL, source: `JT/T 1078-2016 ${source}`, fields }] as const;

export const avAttributesQuery = message({
  id: 0x9003,
  name: 'query audio and video attributes',
  zh: '查询终端音视频属性',
  direction: 'down',
  reply: 0x1003,
  layouts: layout('5.2.1 (empty)', []),
});

export const avAttributes = message({
  id: 0x1003,
  name: 'audio and video attributes',
  zh: '终端上传音视频属性',
  direction: 'up',
  reply: null,
  layouts: layout('table 11', [
    u8('audioCodec', { labels: CODECS }),
    u8('audioChannels'),
    u8('audioSampleRate', { labels: { 0: '8 kHz', 1: '22.05 kHz', 2: '44.1 kHz', 3: '48 kHz' } }),
    u8('audioSampleBits', { labels: { 0: '8', 1: '16', 2: '32' } }),
    u16('audioFrameLength'),
    u8('audioOut', { labels: { 0: 'not supported', 1: 'supported' } }),
    u8('videoCodec', { labels: CODECS }),
    u8('maxAudioChannels'),
    u8('maxVideoChannels'),
  ]),
});

/** How many got on and off between two moments. */
export const passengerFlow = message({
  id: 0x1005,
  name: 'passenger flow',
  zh: '终端上传乘客流量',
  direction: 'up',
  reply: 0x8001,
  layouts: layout('table 16', [time('startTime'), time('endTime'), u16('boarded'), u16('alighted')]),
});

export const liveRequest = message({
  ...down,
  id: 0x9101,
  name: 'request live audio and video',
  zh: '实时音视频传输请求',
  layouts: layout('table 17', [
    ...SERVER,
    channelId,
    u8('dataType', {
      labels: {
        0: 'audio and video',
        1: 'video',
        2: 'talk',
        3: 'listen in',
        4: 'broadcast',
        5: 'transparent',
      },
    }),
    u8('streamType', { labels: STREAMS }),
  ]),
});

export const liveControl = message({
  ...down,
  id: 0x9102,
  name: 'control live audio and video',
  zh: '音视频实时传输控制',
  layouts: layout('table 18', [
    channelId,
    u8('command', {
      labels: { 0: 'close', 1: 'switch stream', 2: 'pause', 3: 'resume', 4: 'close talk' },
    }),
    u8('closeType', { labels: { 0: 'all', 1: 'audio', 2: 'video' } }),
    u8('streamType', { labels: STREAMS }),
  ]),
});

export const liveStatus = message({
  id: 0x9105,
  name: 'live transmission status',
  zh: '实时音视频传输状态通知',
  direction: 'down',
  reply: null,
  layouts: layout('table 20', [channelId, u8('lossRate', { note: 'per cent of packets' })]),
});

export const recordingQuery = message({
  id: 0x9205,
  name: 'query recordings',
  zh: '查询资源列表',
  direction: 'down',
  reply: 0x1205,
  layouts: layout('table 21', [
    channelId,
    time('startTime', 'bound'),
    time('endTime', 'bound'),
    ...ALARMS,
    u8('mediaType', { labels: MEDIA }),
    u8('streamType', { labels: STORED_STREAMS }),
    u8('storage', { labels: STORAGE }),
  ]),
});

export const recordingList = message({
  id: 0x1205,
  name: 'list of recordings',
  zh: '终端上传音视频资源列表',
  direction: 'up',
  reply: 0x8001,
  layouts: layout('tables 22 and 23', [
    u16('responseSerial'),
    u32('total'),
    list('recordings', 'rest', [
      channelId,
      time('startTime', 'bound'),
      time('endTime', 'bound'),
      ...ALARMS,
      u8('mediaType', { labels: MEDIA }),
      u8('streamType', { labels: STORED_STREAMS }),
      u8('storage', { labels: STORAGE }),
      u32('size', { unit: 'bytes' }),
    ]),
  ]),
});

export const playbackRequest = message({
  id: 0x9201,
  name: 'request playback',
  zh: '平台下发远程录像回放请求',
  direction: 'down',
  reply: 0x1205,
  layouts: layout('table 24', [
    ...SERVER,
    channelId,
    u8('mediaType', { labels: MEDIA }),
    u8('streamType', { labels: STORED_STREAMS }),
    u8('storage', { labels: STORAGE }),
    u8('mode', {
      labels: { 0: 'normal', 1: 'fast', 2: 'key-frame rewind', 3: 'key frames', 4: 'single frame' },
    }),
    u8('speed', { labels: SPEEDS }),
    time('startTime', 'bound'),
    time('endTime', 'bound'),
  ]),
});

export const playbackControl = message({
  ...down,
  id: 0x9202,
  name: 'control playback',
  zh: '平台下发远程录像回放控制',
  layouts: layout('table 25', [
    channelId,
    u8('command', {
      labels: {
        0: 'play',
        1: 'pause',
        2: 'stop',
        3: 'fast forward',
        4: 'rewind',
        5: 'seek',
        6: 'key frames',
      },
    }),
    u8('speed', { labels: SPEEDS }),
    time('position', 'bound'),
  ]),
});

export const fileUpload = message({
  ...down,
  id: 0x9206,
  name: 'upload recordings by FTP',
  zh: '文件上传指令',
  layouts: layout('table 26', [
    text('serverAddress', { prefix: 1 }),
    u16('port'),
    text('user', { prefix: 1 }),
    text('password', { prefix: 1 }),
    text('path', { prefix: 1 }),
    channelId,
    time('startTime', 'bound'),
    time('endTime', 'bound'),
    ...ALARMS,
    u8('mediaType', { labels: MEDIA }),
    u8('streamType', { labels: STORED_STREAMS }),
    u8('storage', { labels: STORAGE }),
    bits('conditions', 1, { 0: 'wifi', 1: 'lan', 2: 'mobile' }),
  ]),
});

export const fileUploadDone = message({
  id: 0x1206,
  name: 'recordings uploaded',
  zh: '文件上传完成通知',
  direction: 'up',
  reply: 0x8001,
  layouts: layout('table 27', [
    u16('responseSerial'),
    u8('result', { labels: { 0: 'success', 1: 'failure' } }),
  ]),
});

export const fileUploadControl = message({
  ...down,
  id: 0x9207,
  name: 'control the upload of recordings',
  zh: '文件上传控制',
  layouts: layout('table 28', [
    u16('responseSerial', { note: 'of the 0x9206' }),
    u8('control', { labels: { 0: 'pause', 1: 'resume', 2: 'cancel' } }),
  ]),
});

export const ptzRotate = message({
  ...down,
  id: 0x9301,
  name: 'rotate the camera',
  zh: '云台旋转',
  layouts: layout('table 29', [
    channelId,
    u8('direction', { labels: { 0: 'stop', 1: 'up', 2: 'down', 3: 'left', 4: 'right' } }),
    u8('speed'),
  ]),
});

const UP_DOWN = { 0: 'up', 1: 'down' } as const;
const OFF_ON = { 0: 'off', 1: 'on' } as const;

export const ptzFocus = message({
  ...down,
  id: 0x9302,
  name: 'focus the camera',
  zh: '云台调整焦距控制',
  layouts: layout('table 30', [channelId, u8('adjust', { labels: UP_DOWN })]),
});

export const ptzIris = message({
  ...down,
  id: 0x9303,
  name: 'set the iris of the camera',
  zh: '云台调整光圈控制',
  layouts: layout('table 31', [channelId, u8('adjust', { labels: UP_DOWN })]),
});

export const ptzWiper = message({
  ...down,
  id: 0x9304,
  name: 'wipe the camera',
  zh: '云台雨刷控制',
  layouts: layout('table 32', [channelId, u8('switch', { labels: OFF_ON })]),
});

export const ptzInfrared = message({
  ...down,
  id: 0x9305,
  name: 'infrared light of the camera',
  zh: '红外补光控制',
  layouts: layout('table 33', [channelId, u8('switch', { labels: OFF_ON })]),
});

export const ptzZoom = message({
  ...down,
  id: 0x9306,
  name: 'zoom the camera',
  zh: '云台变倍控制',
  layouts: layout('table 34', [channelId, u8('adjust', { labels: UP_DOWN })]),
});
