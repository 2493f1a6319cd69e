import { claimedAlarms } from '../../protocol/jsatl12/attachment-order.ts';
import type { Message } from '../../protocol/jt808/index.ts';
import type { SpoolFile } from '../media/spool.ts';
import { type IssuedAlarm, readAlarmNumber } from './alarm-number.ts';
import type { AttachmentLimits } from './attachment-limits.ts';
import { ReceivedRanges } from './received-ranges.ts';

/** One file of an alarm, on its way. */
export interface FileUpload {
  /** As the terminal calls it; never a path. */
  readonly name: string;
  readonly fileType: number;
  readonly bytes: number;
  readonly spool: SpoolFile;
  readonly ranges: ReceivedRanges;
}

/** An alarm whose files come, proven to be one that the platform asked for. */
export interface AlarmUpload {
  readonly phone: string;
  readonly number: string;
  readonly issued: IssuedAlarm;
  /** Of the alarm, as its identification says; null where that is no date. */
  readonly time: number | null;
  /** Announced in 0x1210, with their sizes. */
  readonly announced: ReadonlyMap<string, number>;
  readonly open: Map<string, FileUpload>;
  readonly stored: Set<string>;
}

/** Why a 0x1210 is refused; the words are those of the metric. */
export type Refusal = 'wrong_number' | 'too_many_files' | 'too_long';

/** Reads a 0x1210: whose alarm it is and which files come. */
export function introduce(
  message: Message,
  body: Uint8Array,
  phone: string,
  key: Uint8Array,
  now: number,
  limits: AttachmentLimits,
): AlarmUpload | Refusal {
  for (const { distinct, number } of claimedAlarms(body)) {
    const issued = readAlarmNumber(key, number, { phone, distinct }, now);
    if (!issued) continue;
    const { identification, files } = message.body as {
      identification: { time: string | null };
      files: readonly { fileName: string; fileSize: number }[];
    };
    if (files.length > limits.maxFiles) return 'too_many_files';
    const total = files.reduce((sum, { fileSize }) => sum + fileSize, 0);
    if (total > limits.maxAlarmBytes || files.some(({ fileSize }) => fileSize > limits.maxFileBytes))
      return 'too_long';
    const time = Date.parse(identification.time ?? '');
    return {
      phone,
      number,
      issued,
      time: Number.isNaN(time) ? null : time,
      announced: new Map(files.map(({ fileName, fileSize }) => [fileName, fileSize])),
      open: new Map(),
      stored: new Set(),
    };
  }
  return 'wrong_number';
}

/** A file begins; the same again goes on with what is there. Null: not one of this alarm's, or there is no room. */
export function beginFile(
  alarm: AlarmUpload,
  file: { readonly fileName: string; readonly fileType: number; readonly fileSize: number },
  limits: AttachmentLimits,
  openSpool: () => SpoolFile | null,
): 'begun' | 'unannounced' | 'too_long' | 'busy' {
  const { fileName: name, fileType, fileSize: bytes } = file;
  if (!alarm.announced.has(name)) return 'unannounced';
  if (bytes > limits.maxFileBytes) return 'too_long';
  const before = alarm.open.get(name);
  if (before?.bytes === bytes) return 'begun';
  if (before) endFile(alarm, before);
  const spool = openSpool();
  if (!spool) return 'busy';
  alarm.stored.delete(name);
  alarm.open.set(name, { name, fileType, bytes, spool, ranges: new ReceivedRanges(limits.maxRanges) });
  return 'begun';
}

/** Takes a stretch of a file; false where it belongs to none, or past its end. */
export function takeData(
  alarm: AlarmUpload,
  name: string,
  offset: number,
  data: Uint8Array,
): FileUpload | null {
  const file = alarm.open.get(name);
  if (!file || offset + data.length > file.bytes) return null;
  if (!file.ranges.add(offset, offset + data.length)) return null;
  file.spool.write(data, offset);
  return file;
}

export function endFile(alarm: AlarmUpload, file: FileUpload): void {
  alarm.open.delete(file.name);
  void file.spool.discard();
}

/** `type_channel_alarm_index_number.ext` (T/JSATL 12-2017, 4.6.5): the channel, 0 where the name is another. */
export function channelOf(name: string): number {
  const channel = /^\d{2}_(\d{1,3})_/.exec(name)?.[1];
  return channel === undefined ? 0 : Number(channel);
}
