import type { MediaKind } from '../store/media-store.ts';

/** What a medium is by its first bytes, whatever it is called. */
export interface ContentType {
  readonly type: string;
  readonly extension: string;
  /** May be shown in a page; anything else is only saved. */
  readonly shown: boolean;
  readonly kind: MediaKind | null;
}

const at = (text: string, offset = 0) => {
  const wanted = Buffer.from(text, 'latin1');
  return (head: Uint8Array) => wanted.every((byte, i) => head[offset + i] === byte);
};
const both = (a: (head: Uint8Array) => boolean, b: (head: Uint8Array) => boolean) => (head: Uint8Array) =>
  a(head) && b(head);

type Signature = readonly [(head: Uint8Array) => boolean, ContentType];

const photo = (type: string, extension: string, shown = true): ContentType => ({
  type,
  extension,
  shown,
  kind: 'photo',
});
const audio = (type: string, extension: string, shown = true): ContentType => ({
  type,
  extension,
  shown,
  kind: 'audio',
});
const video = (type: string, extension: string, shown = true): ContentType => ({
  type,
  extension,
  shown,
  kind: 'video',
});

/** The allow-list. No type that can hold a script is on it. */
const SIGNATURES: readonly Signature[] = [
  [at('\xff\xd8\xff'), photo('image/jpeg', 'jpg')],
  [at('\x89PNG\r\n\x1a\n'), photo('image/png', 'png')],
  [both(at('RIFF'), at('WEBP', 8)), photo('image/webp', 'webp')],
  [at('II*\0'), photo('image/tiff', 'tif', false)],
  [at('MM\0*'), photo('image/tiff', 'tif', false)],
  [both(at('RIFF'), at('WAVE', 8)), audio('audio/wav', 'wav')],
  [at('ID3'), audio('audio/mpeg', 'mp3')],
  [at('\xff\xfb'), audio('audio/mpeg', 'mp3')],
  [at('\xff\xf3'), audio('audio/mpeg', 'mp3')],
  [at('#!AMR'), audio('audio/amr', 'amr', false)],
  [at('\xff\xf1'), audio('audio/aac', 'aac')],
  [at('ftyp', 4), video('video/mp4', 'mp4')],
  [at('\x1aE\xdf\xa3'), video('video/webm', 'webm')],
  [both(at('RIFF'), at('AVI ', 8)), video('video/x-msvideo', 'avi', false)],
  [at('\x30\x26\xb2\x75\x8e\x66\xcf\x11'), video('video/x-ms-wmv', 'wmv', false)],
  [at('\0\0\x01\xba'), video('video/mpeg', 'mpg', false)],
  // A raw stream of H.264 or H.265 begins with a parameter set.
  [at('\0\0\0\x01'), video('video/h264', 'h264', false)],
  [at('\0\0\x01'), video('video/h264', 'h264', false)],
];

const UNKNOWN: ContentType = {
  type: 'application/octet-stream',
  extension: 'bin',
  shown: false,
  kind: null,
};

/** Bytes that `contentTypeOf` looks at. */
export const HEAD_BYTES = 16;

export function contentTypeOf(head: Uint8Array): ContentType {
  return SIGNATURES.find(([matches]) => matches(head))?.[1] ?? UNKNOWN;
}

const EXTENSIONS = new Map(SIGNATURES.map(([, { type, extension }]) => [type, extension]));

/** For the name of a file of this type. */
export const contentExtension = (contentType: string): string =>
  EXTENSIONS.get(contentType) ?? UNKNOWN.extension;

const SHOWN = new Set(SIGNATURES.filter(([, type]) => type.shown).map(([, { type }]) => type));

/** May a page show this? Nothing but what the allow-list says. */
export const isShown = (contentType: string): boolean => SHOWN.has(contentType);
