import type { Body } from '../../protocol/jt808/message.ts';
import type { AlarmFile } from './attachment-upload.ts';
import type { Fix } from './fix.ts';
import { cameraPicture } from './picture/camera-picture.ts';
import { hornSound } from './picture/horn-sound.ts';
import { hashText } from './seeded-random.ts';
import type { TerminalIdentity } from './terminal-identity.ts';
import { chinaTime } from './terminal-messages.ts';

/** What the driving assistance of a simulated bus warns of (T/JSATL 12-2017 table 4-15). */
export const FORWARD_COLLISION = 1;

const FILES = 2;
const SECOND_LEVEL = 2;
const FRONT_SPEED_SHARE = 0.6;

/** The ADAS item of a location whose fix has an alarm, with the identification under which its files are uploaded. */
export function adasItem({ terminalId }: TerminalIdentity, fix: Fix): Body | null {
  if (fix.adasType === undefined) return null;
  const time = chinaTime(fix.time);
  return {
    alarmId: Math.floor(fix.time / 1000) & 0x7fff_ffff,
    flag: 0,
    type: fix.adasType,
    level: SECOND_LEVEL,
    frontSpeedKmh: Math.round(fix.speedKmh * FRONT_SPEED_SHARE),
    frontDistanceS: 0.8,
    deviation: 0,
    signKind: 0,
    signValue: 0,
    speedKmh: Math.round(fix.speedKmh),
    altitudeM: fix.altitudeM,
    lat: Math.round(fix.lat * 1e6) / 1e6,
    lon: Math.round(fix.lon * 1e6) / 1e6,
    time,
    vehicleState: ['acc', 'positioned'],
    identification: { terminalId, time, sequence: 0, attachments: FILES, reservedHex: '00' },
  };
}

/** What the camera and the microphone kept of it, named as T/JSATL 12-2017 4.6.5 has it. */
export function alarmFiles(vehicle: string, order: Body): AlarmFile[] {
  const number = String(order.alarmNumber);
  const seed = hashText(`${vehicle} ${(order.identification as Body).time}`);
  return [
    { name: `00_64_6401_0_${number}.jpg`, type: 0, data: cameraPicture('road', seed) },
    { name: `01_64_6401_1_${number}.wav`, type: 1, data: hornSound() },
  ];
}
