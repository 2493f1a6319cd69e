import { bytes } from '../jt808/describe/build.ts';
import { ALL, message } from '../jt808/describe/message-description.ts';

/** Messages that real terminals send and no public table explains: kept whole, so that nothing of them is lost. */

const raw = (id: number, name: string, direction: 'up' | 'down' = 'up') =>
  message({
    id,
    name,
    zh: '厂商自定义',
    direction,
    reply: direction === 'up' ? 0x8001 : 0x0001,
    layouts: [
      { versions: ALL, source: 'seen on real terminals, no public table', fields: [bytes('contentHex')] },
    ],
  });

export const vendor0091 = raw(0x0091, 'vendor message 0x0091');
export const vendor0093 = raw(0x0093, 'vendor message 0x0093');
export const vendor0109 = raw(0x0109, 'vendor time request');
export const vendor8109 = raw(0x8109, 'vendor time reply', 'down');
export const vendor0210 = raw(0x0210, 'vendor batch of locations');
export const vendor0304 = raw(0x0304, 'vendor message 0x0304');
export const vendor0506 = raw(0x0506, 'vendor heartbeat');
export const vendor1007 = raw(0x1007, 'vendor message 0x1007');
export const vendor1300 = raw(0x1300, 'vendor message 0x1300');
export const vendor2070 = raw(0x2070, 'vendor acceleration data');
export const vendor6006 = raw(0x6006, 'vendor text');
