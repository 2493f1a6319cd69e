import { type Static, Type } from 'typebox';
import type { MediaView } from '../contract.ts';
import { numberOrNull, textOrNull, time, words } from './basics.ts';

export const MEDIA_KINDS = ['photo', 'audio', 'video', 'text', 'other'] as const;

export const Media = Type.Object(
  {
    id: Type.String(),
    vehicle: Type.String(),
    plate: textOrNull(),
    kind: words(MEDIA_KINDS),
    source: words(['upload', 'attachment'], 'JT/T 808 0x0801, or a file of an alarm by T/JSATL 12'),
    channel: Type.Integer({ description: 'Camera or microphone; 64 ADAS, 65 DSM' }),
    event: numberOrNull('Event code of 0x0801: 0 command, 1 timer, 2 robbery, 3 collision, 4 and 5 door ...'),
    time: time('When it was made, as the terminal says'),
    receivedAt: time(),
    lat: numberOrNull(),
    lon: numberOrNull(),
    alert: textOrNull('The alert it belongs to'),
    name: textOrNull('As the terminal calls the file'),
    terminalMediaId: numberOrNull('For commands that ask the terminal for it'),
    stored: Type.Boolean({ description: 'False: the terminal has it and has not sent it' }),
    shown: Type.Boolean({ description: 'A browser can show or play it; else it can only be saved' }),
    contentType: textOrNull(),
    bytes: numberOrNull(),
    sha256: textOrNull(),
    legalHold: Type.Boolean({ description: 'Kept beyond its retention' }),
  },
  { $id: 'Media' },
);

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Agrees<T extends true> = T;
/** Does not compile where the schema and the contract differ. */
export type MediaContractHolds = Agrees<Same<Static<typeof Media>, MediaView>>;
