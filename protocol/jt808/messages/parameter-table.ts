import { ACTIVE_SAFETY_PARAMETERS } from '../../jsatl12/parameters.ts';
import { CHANNEL_PARAMETERS } from '../../jt1078/parameters.ts';
import { bits, item, struct, text, u8, u16, u32 } from '../describe/build.ts';
import type { Item } from '../describe/field.ts';
import { ALARM_BITS } from './alarm-bits.ts';
import { GNSS_SYSTEMS } from './gnss-systems.ts';
import { PLATE_COLORS } from './plate-colors.ts';

const SOURCE = 'JT/T 808-2013 table 12';

const seconds = <const N extends string>(id: number, name: N, note?: string) =>
  item(id, SOURCE, u32(name, { unit: 's', ...(note !== undefined && { note }) }));
const metres = <const N extends string>(id: number, name: N) => item(id, SOURCE, u32(name, { unit: 'm' }));
const number = <const N extends string>(id: number, name: N, note?: string) =>
  item(id, SOURCE, u32(name, note === undefined ? {} : { note }));
const word = <const N extends string>(id: number, name: N) => item(id, SOURCE, text(name), { min: 0 });
const alarms = <const N extends string>(id: number, name: N) => item(id, SOURCE, bits(name, 4, ALARM_BITS));

const PHOTO_CONTROL =
  'bits 0-4 channel 1-5 on; 8-12 channel 1-5: 0 store, 1 upload; 16 unit; 17-31 value (table 13, 14)';

/** Terminal parameters of JT/T 808 (2013: table 12), JT/T 1078 and T/JSATL 12. Others are kept as hex. */
export const PARAMETERS: readonly Item[] = [
  seconds(0x0001, 'heartbeatIntervalS'),
  seconds(0x0002, 'tcpReplyTimeoutS'),
  number(0x0003, 'tcpRetransmissions'),
  seconds(0x0004, 'udpReplyTimeoutS'),
  number(0x0005, 'udpRetransmissions'),
  seconds(0x0006, 'smsReplyTimeoutS'),
  number(0x0007, 'smsRetransmissions'),
  word(0x0010, 'mainServerApn'),
  word(0x0011, 'mainServerUser'),
  word(0x0012, 'mainServerPassword'),
  word(0x0013, 'mainServer'),
  word(0x0014, 'backupServerApn'),
  word(0x0015, 'backupServerUser'),
  word(0x0016, 'backupServerPassword'),
  word(0x0017, 'backupServer'),
  number(0x0018, 'tcpPort', '2013; reserved in 2019, where the address has it'),
  number(0x0019, 'udpPort', '2013; reserved in 2019'),
  word(0x001a, 'icCardServer'),
  number(0x001b, 'icCardServerTcpPort'),
  number(0x001c, 'icCardServerUdpPort'),
  word(0x001d, 'icCardBackupServer'),
  number(0x0020, 'reportStrategy', '0 by time, 1 by distance, 2 both'),
  number(0x0021, 'reportScheme', '0 by ACC; 1 by login, then by ACC'),
  seconds(0x0022, 'noDriverIntervalS'),
  word(0x0023, 'secondaryServerApn'),
  word(0x0024, 'secondaryServerUser'),
  word(0x0025, 'secondaryServerPassword'),
  word(0x0026, 'secondaryServer'),
  seconds(0x0027, 'sleepIntervalS'),
  seconds(0x0028, 'emergencyIntervalS'),
  seconds(0x0029, 'defaultIntervalS'),
  metres(0x002c, 'defaultDistanceM'),
  metres(0x002d, 'noDriverDistanceM'),
  metres(0x002e, 'sleepDistanceM'),
  metres(0x002f, 'emergencyDistanceM'),
  item(0x0030, SOURCE, u32('cornerAngleDeg', { unit: '°' })),
  item(0x0031, SOURCE, u16('movementRadiusM', { unit: 'm' })),
  item(
    0x0032,
    'JT/T 808-2019, parameter 0x0032 (table not known)',
    struct('forbiddenDriving', [u8('startHour'), u8('startMinute'), u8('endHour'), u8('endMinute')]),
  ),
  word(0x0040, 'platformPhone'),
  word(0x0041, 'resetPhone'),
  word(0x0042, 'factoryResetPhone'),
  word(0x0043, 'platformSmsPhone'),
  word(0x0044, 'smsAlarmPhone'),
  number(0x0045, 'answerPolicy', '0 by itself; 1 by itself while ACC is on'),
  seconds(0x0046, 'maxCallS', '0 forbids, 0xFFFFFFFF does not limit'),
  seconds(0x0047, 'maxMonthlyCallS', '0 forbids, 0xFFFFFFFF does not limit'),
  word(0x0048, 'listenInPhone'),
  word(0x0049, 'privilegedSmsPhone'),
  alarms(0x0050, 'maskedAlarms'),
  alarms(0x0051, 'smsAlarms'),
  alarms(0x0052, 'photoAlarms'),
  alarms(0x0053, 'storedPhotoAlarms'),
  alarms(0x0054, 'criticalAlarms'),
  item(0x0055, SOURCE, u32('maxSpeedKmh', { unit: 'km/h' })),
  seconds(0x0056, 'overspeedDurationS'),
  seconds(0x0057, 'continuousDrivingS'),
  seconds(0x0058, 'dailyDrivingS'),
  seconds(0x0059, 'minRestS'),
  seconds(0x005a, 'maxParkingS'),
  item(0x005b, SOURCE, u16('overspeedMarginKmh', { scale: 10, unit: 'km/h' })),
  item(0x005c, SOURCE, u16('fatigueMarginS', { unit: 's' })),
  item(
    0x005d,
    SOURCE,
    struct('collision', [
      u8('accelerationG', { scale: 10, unit: 'g' }),
      u8('time', { note: 'units of 4 ms in 2013, of 1 ms in 2019' }),
    ]),
  ),
  item(0x005e, SOURCE, u16('rolloverAngleDeg', { unit: '°' })),
  number(0x0064, 'timedPhotoControl', PHOTO_CONTROL),
  number(0x0065, 'distancePhotoControl', PHOTO_CONTROL),
  number(0x0070, 'imageQuality', '1 is best, to 10'),
  number(0x0071, 'brightness', '0 to 255'),
  number(0x0072, 'contrast', '0 to 127'),
  number(0x0073, 'saturation', '0 to 127'),
  number(0x0074, 'chroma', '0 to 255'),
  ...CHANNEL_PARAMETERS,
  item(0x0080, SOURCE, u32('mileageKm', { scale: 10, unit: 'km' })),
  item(0x0081, SOURCE, u16('province')),
  item(0x0082, SOURCE, u16('city')),
  word(0x0083, 'plate'),
  item(0x0084, SOURCE, u8('plateColor', { labels: PLATE_COLORS })),
  item(0x0090, SOURCE, bits('gnssSystems', 1, GNSS_SYSTEMS)),
  item(
    0x0091,
    SOURCE,
    u8('gnssBaud', { labels: { 0: '4800', 1: '9600', 2: '19200', 3: '38400', 4: '57600', 5: '115200' } }),
  ),
  item(0x0092, SOURCE, u8('gnssOutput', { labels: { 0: '500 ms', 1: '1 s', 2: '2 s', 3: '3 s', 4: '4 s' } })),
  seconds(0x0093, 'gnssSamplingS'),
  item(
    0x0094,
    SOURCE,
    u8('gnssUpload', {
      labels: {
        0: 'none',
        1: 'by time',
        2: 'by distance',
        11: 'total time',
        12: 'total distance',
        13: 'total count',
      },
    }),
  ),
  number(0x0095, 'gnssUploadValue', 's, m, s, m or items, as gnssUpload says'),
  item(0x0100, SOURCE, u32('can1SamplingMs', { unit: 'ms', note: '0 is off' })),
  item(0x0101, SOURCE, u16('can1UploadS', { unit: 's', note: '0 is off' })),
  item(0x0102, SOURCE, u32('can2SamplingMs', { unit: 'ms', note: '0 is off' })),
  item(0x0103, SOURCE, u16('can2UploadS', { unit: 's', note: '0 is off' })),
  {
    ...item(
      0x0110,
      SOURCE,
      struct('canId', [
        u32('intervalMs', { unit: 'ms', note: '0 is off' }),
        u32('selector', { note: 'bit 31 channel, 30 extended frame, 29 computed, 28-0 id' }),
      ]),
    ),
    last: 0x01ff,
  },
  ...ACTIVE_SAFETY_PARAMETERS,
];
