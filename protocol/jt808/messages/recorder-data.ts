import { bytes, digits, list, struct, text, time, u8, u16, u32, values } from '../describe/build.ts';
import type { FieldData, Fields } from '../describe/field.ts';

/** Data of a driving recorder by command (GB/T 19056), inside the packet that 0x0700, 0x8700 and 0x8701 carry. */

const SPEED = u8('speedKmh', { unit: 'km/h', none: 0xff });
const SIGNALS = u8('signals', { note: 'bits D0 to D7, as command 0x06 names them' });
const LICENCE = text('licence', 18);

/** As the recorder has them; the standard says 1e-4 minute, some terminals write 1e-6 degree. */
const POSITION: Fields = [u32('lonRaw'), u32('latRaw'), u16('altitudeM', { unit: 'm' })];

const blocks = (...fields: FieldData[]) => [list('blocks', 'rest', fields)];
const SPAN: Fields = [time('start'), time('end')];

/** What a recorder answers to a collecting command. */
export const RECORDER_UPLOADS: { readonly [command: number]: Fields } = {
  0: [digits('standardYear', 1), u8('amendment')],
  1: [LICENCE],
  2: [time('realTime')],
  3: [
    time('realTime'),
    time('installTime'),
    digits('initialMileageKm', 4, { scale: 10, unit: 'km' }),
    digits('mileageKm', 4, { scale: 10, unit: 'km' }),
  ],
  4: [time('realTime'), u16('pulsesPerKm')],
  5: [text('vin', 17), text('plate', 12), text('plateClass', 12)],
  6: [time('realTime'), u8('signalCount'), values('signalNames', 'rest', text('name', 10))],
  7: [
    text('cccCode', 7),
    text('model', 16),
    time('producedOn', 'day'),
    bytes('serialNumberHex', 4),
    bytes('spareHex', 5),
  ],
  8: blocks(time('start'), list('seconds', { times: 60 }, [SPEED, SIGNALS])),
  9: blocks(time('start'), list('minutes', { times: 60 }, [...POSITION, SPEED])),
  16: blocks(time('end'), LICENCE, list('samples', { times: 100 }, [SPEED, SIGNALS]), ...POSITION),
  17: blocks(LICENCE, ...SPAN, struct('from', POSITION), struct('to', POSITION)),
  18: blocks(time('time'), LICENCE, u8('event', { labels: { 1: 'login', 2: 'logout' } })),
  19: blocks(time('time'), u8('event', { labels: { 1: 'power on', 2: 'power cut' } })),
  20: blocks(time('time'), u8('event', { note: 'command that changed a parameter' })),
  21: blocks(
    u8('status', { labels: { 1: 'normal', 2: 'abnormal' } }),
    ...SPAN,
    list('seconds', { times: 60 }, [SPEED, u8('referenceKmh', { unit: 'km/h', none: 0xff })]),
  ),
};

/** What a collecting command says; those that are not here say nothing. */
export const RECORDER_REQUESTS: { readonly [command: number]: Fields } = Object.fromEntries(
  [0x08, 0x09, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15].map((command) => [
    command,
    [...SPAN, u16('maxBlocks')] as Fields,
  ]),
);

/** What a setting command (0x8701) says. */
export const RECORDER_SETTINGS: { readonly [command: number]: Fields } = {
  130: [text('vin', 17), text('plate', 12), text('plateClass', 12)],
  131: [time('installTime')],
  132: [values('signalNames', 'rest', text('name', 10))],
  194: [time('realTime')],
  195: [time('realTime'), u16('pulsesPerKm')],
  196: [
    time('realTime'),
    time('installTime'),
    digits('initialMileageKm', 4, { scale: 10, unit: 'km' }),
    digits('mileageKm', 4, { scale: 10, unit: 'km' }),
  ],
};
