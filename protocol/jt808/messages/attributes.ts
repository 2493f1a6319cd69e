import { bytes, digits, text, u8, u16 } from '../describe/build.ts';
import { ALL, message } from '../describe/message-description.ts';
import { GNSS_SYSTEMS } from './gnss-systems.ts';

export const attributesQuery = message({
  id: 0x8107,
  name: 'query terminal attributes',
  zh: '查询终端属性',
  direction: 'down',
  reply: 0x0107,
  layouts: [{ versions: ALL, source: 'JT/T 808-2013 8.14 (empty)', fields: [] }],
});

/** 2019 widens model and id; terminals of both widths of the manufacturer's id are about. */
function attributes(manufacturer: number, model: number, terminalId: number) {
  return [
    u16('terminalType', {
      note: 'bits: 0 passenger, 1 dangerous goods, 2 freight, 3 taxi, 6 disk recording, 7 split unit, 8 trailer',
    }),
    text('manufacturer', manufacturer),
    text('model', model),
    text('terminalId', terminalId),
    digits('iccid', 10),
    text('hardwareVersion', { prefix: 1 }),
    text('firmwareVersion', { prefix: 1 }),
    u8('gnssProperty', {
      views: [
        {
          kind: 'names',
          name: 'gnssSystems',
          bits: Object.entries(GNSS_SYSTEMS).map(([bit, name]) => ({ bit: Number(bit), name })),
        },
      ],
    }),
    u8('commProperty', {
      note: 'bits: 0 GPRS, 1 CDMA, 2 TD-SCDMA, 3 WCDMA, 4 CDMA2000, 5 TD-LTE, 7 other',
    }),
  ] as const;
}

export const attributesAnswer = message({
  id: 0x0107,
  name: 'terminal attributes',
  zh: '查询终端属性应答',
  direction: 'up',
  reply: null,
  layouts: [
    { versions: ['2011', '2013'], source: 'JT/T 808-2013 table 20', fields: attributes(5, 20, 7) },
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x0107 (table not known)',
      fields: attributes(5, 30, 30),
    },
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x0107 (table not known)',
      fields: attributes(11, 30, 30),
      variant: 'manufacturer of 11 bytes',
    },
  ],
});

const UPGRADE_TYPES = {
  0: 'terminal',
  12: 'road transport IC card reader',
  52: 'GNSS module',
  100: 'ADAS',
  101: 'DSM',
  102: 'TPMS',
  103: 'BSD',
} as const;

function upgradePackage(manufacturer: number) {
  return [
    u8('upgradeType', { labels: UPGRADE_TYPES }),
    text('manufacturer', manufacturer),
    text('versionName', { prefix: 1 }),
    bytes('dataHex', { prefix: 4 }),
  ] as const;
}

export const upgrade = message({
  id: 0x8108,
  name: 'upgrade package',
  zh: '下发终端升级包',
  direction: 'down',
  reply: 0x0001,
  layouts: [
    { versions: ALL, source: 'JT/T 808-2013 table 21', fields: upgradePackage(5) },
    {
      versions: ['2019'],
      source: 'JT/T 808-2019, message 0x8108 (table not known)',
      fields: upgradePackage(11),
      variant: 'manufacturer of 11 bytes',
    },
  ],
});

export const upgradeResult = message({
  id: 0x0108,
  name: 'upgrade result',
  zh: '终端升级结果通知',
  direction: 'up',
  reply: 0x8001,
  layouts: [
    {
      versions: ALL,
      source: 'JT/T 808-2013 table 22; T/JSATL 12-2017 table 4-30',
      fields: [
        u8('upgradeType', { labels: UPGRADE_TYPES }),
        u8('result', {
          labels: {
            0: 'success',
            1: 'failure',
            2: 'cancelled',
            16: 'no such target',
            17: 'hardware not supported',
            18: 'same version',
            19: 'software not supported',
          },
        }),
      ],
    },
  ],
});
