import { createHmac, timingSafeEqual } from 'node:crypto';

/** What an alarm number is made for. */
export interface AlarmFacts {
  /** Of the terminal, without leading zeros. */
  readonly phone: string;
  /** The part of its identification that tells it from other alarms. */
  readonly distinct: Uint8Array;
}

/** What the number itself carries. */
export interface IssuedAlarm {
  readonly itemId: number;
  readonly alarmType: number;
  readonly issuedAt: number;
}

/** How long after it was issued a number is taken: a bus may be without a network for days. */
export const VALID_MS = 3 * 24 * 3_600_000;
const MAC_BYTES = 14;
const HEAD_BYTES = 6;
const DIGITS = '0123456789abcdefghijklmnopqrstuv';
/** 20 bytes in base 32: no sign that ends a file name's part, and no difference between large and small letters. */
const NUMBER_LENGTH = 32;

/**
 * The 32 characters under which a terminal is to upload the files of one alarm. They prove themselves (a message
 * authentication code under a key of ours), so that any process takes what any other has asked for, and nobody can
 * make one up.
 */
export function issueAlarmNumber(key: Uint8Array, facts: AlarmFacts, issued: IssuedAlarm): string {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(Math.floor(issued.issuedAt / 1000));
  head[4] = issued.itemId;
  head[5] = issued.alarmType;
  return base32(Buffer.concat([head, macOf(key, facts, head)]));
}

/** What the number was issued for; null where it was not, for another alarm or terminal, or too long ago. */
export function readAlarmNumber(
  key: Uint8Array,
  number: string,
  facts: AlarmFacts,
  now: number,
): IssuedAlarm | null {
  const bytes = fromBase32(number.toLowerCase());
  if (!bytes) return null;
  const head = bytes.subarray(0, HEAD_BYTES);
  if (!timingSafeEqual(bytes.subarray(HEAD_BYTES), macOf(key, facts, head))) return null;
  const issuedAt = head.readUInt32BE(0) * 1000;
  if (now - issuedAt > VALID_MS) return null;
  return { itemId: head[4]!, alarmType: head[5]!, issuedAt };
}

function macOf(key: Uint8Array, { phone, distinct }: AlarmFacts, head: Uint8Array): Buffer {
  const mac = createHmac('sha256', key).update(head).update(`${phone.length}:${phone}`).update(distinct);
  return mac.digest().subarray(0, MAC_BYTES);
}

function base32(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let i = NUMBER_LENGTH - 1; i >= 0; i -= 1) text += DIGITS[Number((bits >> BigInt(5 * i)) & 31n)];
  return text;
}

function fromBase32(text: string): Buffer | null {
  if (text.length !== NUMBER_LENGTH) return null;
  let bits = 0n;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    if (digit < 0) return null;
    bits = (bits << 5n) | BigInt(digit);
  }
  return Buffer.from(bits.toString(16).padStart(40, '0'), 'hex');
}
