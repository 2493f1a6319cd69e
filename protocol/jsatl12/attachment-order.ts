/** Where each item of 0x0200 has its identification: T/JSATL 12-2017 tables 4-15 to 4-20. */
const IDENTIFICATION_AT: { readonly [itemId: number]: number } = { 100: 31, 101: 31, 102: 24, 103: 25 };

/** Identification of T/JSATL 12, and of T/GDRTA 002 with its longer terminal id. */
const NARROW = { bytes: 16, distinctBytes: 14, terminalIdBytes: 7, count: 14 };
const WIDE = { bytes: 40, distinctBytes: 37, terminalIdBytes: 30, count: 37 };
const NUMBER_BYTES = 32;
const RESERVED_BYTES = 16;
const FIRST_ITEM_AT = 28;

/** One alarm of active safety in a location that has files to be uploaded. Bytes are views into the location. */
export interface AlarmWithFiles {
  /** 0x64 ADAS, 0x65 DSM, 0x66 tyres, 0x67 blind spot. */
  readonly itemId: number;
  /** Of ADAS, DSM and BSD; 0 for tyres. */
  readonly alarmType: number;
  readonly files: number;
  /** As the terminal sent it, to be sent back. */
  readonly identification: Uint8Array;
  /** What of it tells this alarm from others: terminal, time, sequence. */
  readonly distinct: Uint8Array;
}

/** The alarms of a 0x0200 body that have attachments; nearly always none. Bytes that fit no table are passed over. */
export function alarmsWithFiles(location: Uint8Array): AlarmWithFiles[] {
  const alarms: AlarmWithFiles[] = [];
  for (let at = FIRST_ITEM_AT; at + 2 <= location.length; ) {
    const itemId = location[at]!;
    const length = location[at + 1]!;
    const start = at + 2;
    at = start + length;
    const offset = IDENTIFICATION_AT[itemId];
    if (offset === undefined || at > location.length) continue;
    const form = formOf(itemId, offset, length);
    if (form === null) continue;
    const identification = location.subarray(start + offset, start + offset + form.bytes);
    const files = identification[form.count]!;
    if (files === 0) continue;
    alarms.push({
      itemId,
      alarmType: itemId === 0x66 ? 0 : location[start + 5]!,
      files,
      identification,
      distinct: identification.subarray(0, form.distinctBytes),
    });
  }
  return alarms;
}

/** The length of an item tells its dialect; that of tyres also holds one entry of 9 or 10 bytes for each tyre. */
function formOf(itemId: number, offset: number, length: number): typeof NARROW | null {
  if (itemId !== 0x66) {
    if (length === offset + NARROW.bytes) return NARROW;
    return length === offset + WIDE.bytes ? WIDE : null;
  }
  const tyres = (form: typeof NARROW): boolean => {
    const rest = length - offset - form.bytes - 1;
    return rest >= 0 && (rest % 9 === 0 || rest % 10 === 0);
  };
  return tyres(NARROW) ? NARROW : tyres(WIDE) ? WIDE : null;
}

/** Body of 0x9208, T/JSATL 12-2017 table 4-21; `number` has 32 characters of ASCII. */
export function attachmentOrderBody(
  server: { readonly address: string; readonly tcpPort: number },
  identification: Uint8Array,
  number: string,
): Uint8Array {
  const { address, tcpPort } = server;
  const addressBytes = address.length;
  const body = new Uint8Array(1 + addressBytes + 4 + identification.length + NUMBER_BYTES + RESERVED_BYTES);
  body[0] = addressBytes;
  writeAscii(body, 1, address);
  const at = 1 + addressBytes;
  body[at] = tcpPort >>> 8;
  body[at + 1] = tcpPort;
  body.set(identification, at + 4);
  writeAscii(body, at + 4 + identification.length, number);
  return body;
}

/** The two forms in which a 0x1210 may say for which alarm its files are: only one of them was issued so. */
export function claimedAlarms(
  info: Uint8Array,
): { readonly distinct: Uint8Array; readonly number: string }[] {
  return [NARROW, WIDE].flatMap((form) => {
    const start = form.terminalIdBytes;
    const numberAt = start + form.bytes;
    if (info.length < numberAt + NUMBER_BYTES) return [];
    return [
      {
        distinct: info.subarray(start, start + form.distinctBytes),
        number: asciiOf(info, numberAt, NUMBER_BYTES),
      },
    ];
  });
}

function writeAscii(into: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) into[at + i] = text.charCodeAt(i);
}

const asciiOf = (from: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...from.subarray(at, at + length));
