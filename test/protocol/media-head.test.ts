import { describe, expect, it } from 'vitest';
import {
  alarmsWithFiles,
  attachmentOrderBody,
  claimedAlarms,
} from '../../protocol/jsatl12/attachment-order.ts';
import { decodeMessage, encodeBody, type Header, readMediaHead } from '../../protocol/jt808/index.ts';
import { adasLocation, attachmentsBody, identification, readOrder } from '../support/attachment-bytes.ts';
import { locationBody } from '../support/terminal-bytes.ts';

const TIME = Date.UTC(2026, 10, 24, 0, 30);
const FACTS = [0, 0, 1, 2, 0, 0, 3, 4];
const JFIF = [...Buffer.from('ffd8ffe000104a46494600010100000100010000ffdb0043000508', 'hex')];

describe('the head of a 0x0801', () => {
  it('of 2013 has a place', () => {
    const head = readMediaHead(Uint8Array.from([...FACTS, ...locationBody({ time: TIME }), ...JFIF]));
    expect(head).toMatchObject({
      mediaId: 258,
      mediaType: 0,
      eventCode: 3,
      channelId: 4,
      dataAt: 36,
      counted: null,
    });
    expect(head?.location).toMatchObject({ timeMs: TIME, latE6: 31_810_000 });
  });

  it('of 2013 has it too when its words look like a count, and when the clock is not set', () => {
    const alarm = locationBody({ time: TIME, alarm: 4, status: 3 });
    expect(readMediaHead(Uint8Array.from([...FACTS, ...alarm, ...JFIF]))?.dataAt).toBe(36);
    const zero = new Array<number>(28).fill(0);
    expect(readMediaHead(Uint8Array.from([...FACTS, ...zero, ...JFIF]))?.dataAt).toBe(36);
  });

  it('of 2011 has a count, or nothing', () => {
    const count = [0, 0, 0, 3, 0, 0, 0, 2];
    expect(readMediaHead(Uint8Array.from([...FACTS, ...count, ...JFIF]))).toMatchObject({
      location: null,
      counted: { parts: 3, part: 2 },
      dataAt: 16,
    });
    expect(readMediaHead(Uint8Array.from([...FACTS, ...JFIF]))).toMatchObject({
      location: null,
      counted: null,
      dataAt: 8,
    });
  });

  it('is none where it is too short', () => {
    expect(readMediaHead(Uint8Array.from(FACTS.slice(1)))).toBeNull();
    expect(readMediaHead(Uint8Array.from(FACTS))?.dataAt).toBe(8);
  });
});

describe('alarms with files', () => {
  const alarm = { time: TIME, files: 2, sequence: 7 };

  it('are found in a location, among other items', () => {
    const location = Uint8Array.from([...adasLocation(alarm), 0x01, 4, 0, 0, 0, 1]);
    const [found, ...more] = alarmsWithFiles(location);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ itemId: 0x64, alarmType: 1, files: 2 });
    expect([...(found?.identification ?? [])]).toEqual(identification(alarm));
  });

  it('are none where there are no files, or the item fits no table', () => {
    expect(alarmsWithFiles(Uint8Array.from(adasLocation({ ...alarm, files: 0 })))).toEqual([]);
    const location = adasLocation(alarm);
    for (let end = 0; end < location.length; end += 1)
      expect(alarmsWithFiles(Uint8Array.from(location.slice(0, end)))).toEqual([]);
    const odd = [...locationBody({ time: TIME }), 0x64, 3, 1, 2, 3];
    expect(alarmsWithFiles(Uint8Array.from(odd))).toEqual([]);
  });

  it('are ordered as the description of 0x9208 has it, and claimed as that of 0x1210 has it', () => {
    const number = '0123456789abcdefghijklmnopqrstuv';
    const body = attachmentOrderBody(
      { address: '10.1.2.3', tcpPort: 8809 },
      Uint8Array.from(identification(alarm)),
      number,
    );
    expect(readOrder(Buffer.from(body))).toMatchObject({ address: '10.1.2.3', port: 8809, number });
    const header = {
      msgId: 0x9208,
      version: '2013',
      encryption: 0,
      parts: 0,
      warning: null,
    } as unknown as Header;
    const message = decodeMessage(header, body);
    if ('error' in message) throw new Error(message.detail);
    expect(message.warnings).toEqual([]);
    expect([...encodeBody(0x9208, '2013', message.body)]).toEqual([...body]);
    const info = Uint8Array.from(attachmentsBody(alarm, number, [{ name: 'a.jpg', bytes: 1 }]));
    const distinct = identification(alarm).slice(0, 14);
    expect(claimedAlarms(info).map((claim) => [[...claim.distinct], claim.number])).toContainEqual([
      distinct,
      number,
    ]);
  });
});
