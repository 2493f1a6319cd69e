import type { Body } from '../../protocol/jt808/message.ts';
import type { Fix } from './fix.ts';
import type { TerminalIdentity } from './terminal-identity.ts';

/** Message ids that a simulated terminal sends or understands. */
export const ID = {
  terminalReply: 0x0001,
  heartbeat: 0x0002,
  missingPackets: 0x0005,
  register: 0x0100,
  authenticate: 0x0102,
  parameters: 0x0104,
  attributes: 0x0107,
  location: 0x0200,
  locationAnswer: 0x0201,
  answer: 0x0302,
  vehicleControlAnswer: 0x0500,
  areas: 0x0608,
  recorder: 0x0700,
  batch: 0x0704,
  mediaData: 0x0801,
  photoAnswer: 0x0805,
  attachments: 0x1210,
  attachmentFile: 0x1211,
  attachmentEnd: 0x1212,
  platformReply: 0x8001,
  packetsAsked: 0x8003,
  registerReply: 0x8100,
  setParameters: 0x8103,
  queryParameters: 0x8104,
  terminalControl: 0x8105,
  queryListed: 0x8106,
  queryAttributes: 0x8107,
  queryLocation: 0x8201,
  tracking: 0x8202,
  linkCheck: 0x8204,
  text: 0x8300,
  question: 0x8302,
  information: 0x8304,
  callBack: 0x8400,
  phoneBook: 0x8401,
  vehicleControl: 0x8500,
  queryAreas: 0x8608,
  recorderRead: 0x8700,
  recorderWrite: 0x8701,
  mediaReply: 0x8800,
  photo: 0x8801,
  attachmentOrder: 0x9208,
  attachmentAnswer: 0x9212,
} as const;

/** Changzhou: GB/T 2260 32 and 0400. */
const PROVINCE = 32;
const CITY = 400;

const STATUS = {
  accOn: 1 << 0,
  positioned: 1 << 1,
  south: 1 << 2,
  west: 1 << 3,
  supplyCut: (1 << 10) | (1 << 11),
  doorsLocked: 1 << 12,
  frontDoorOpen: 1 << 13,
  gps: 1 << 18,
  beidou: 1 << 19,
} as const;

export function registration(identity: TerminalIdentity): Body {
  return {
    province: PROVINCE,
    city: CITY,
    manufacturer: identity.manufacturer,
    model: identity.model,
    terminalId: identity.terminalId,
    plateColor: identity.plateColour,
    plate: identity.plate,
  };
}

export function authentication(identity: TerminalIdentity, authCode: string): Body {
  return identity.version === '2019'
    ? { authCode, imei: identity.imei, softwareVersion: 'busguard-sim' }
    : { authCode };
}

/** Body of 0x0107: a terminal for passenger vehicles. */
export function attributes({ version, manufacturer, model, terminalId }: TerminalIdentity): Body {
  return {
    terminalType: 1,
    manufacturer,
    model,
    terminalId,
    iccid: `8986${terminalId.padStart(16, '0')}`,
    hardwareVersion: `BG-${version}`,
    firmwareVersion: 'busguard-sim',
    gnssProperty: 0b11,
    commProperty: 1 << 5,
  };
}

export function terminalReply(responseSerial: number, responseMsgId: number, result: number): Body {
  return { responseSerial, responseMsgId: hexId(responseMsgId), result };
}

/** Status bits of what the terminal was told to do with the vehicle. */
export function statusOf({ doorsLocked, supplyCut }: { doorsLocked: boolean; supplyCut: boolean }): number {
  return (doorsLocked ? STATUS.doorsLocked : 0) | (supplyCut ? STATUS.supplyCut : 0);
}

/** Body of 0x0200; `more` are status bits beside those of the fix. */
export function location(fix: Fix, more = 0): Body {
  let status = more;
  if (fix.accOn) status |= STATUS.accOn;
  if (fix.positioned) status |= STATUS.positioned | STATUS.gps | STATUS.beidou;
  if (fix.lat < 0) status |= STATUS.south;
  if (fix.lon < 0) status |= STATUS.west;
  if (fix.doorOpen) status |= STATUS.frontDoorOpen;
  return {
    alarmFlags: fix.alarmFlags >>> 0,
    statusFlags: status >>> 0,
    lat: Math.round(fix.lat * 1e6) / 1e6,
    lon: Math.round(fix.lon * 1e6) / 1e6,
    altitudeM: fix.altitudeM,
    speedKmh: Math.round(fix.speedKmh * 10) / 10,
    directionDeg: fix.directionDeg,
    time: chinaTime(fix.time),
    extras: {
      ...(fix.mileageKm === null ? {} : { mileageKm: Math.round(fix.mileageKm * 10) / 10 }),
      ...(fix.recorderSpeedKmh === null
        ? {}
        : { recorderSpeedKmh: Math.round(fix.recorderSpeedKmh * 10) / 10 }),
      signalStrength: fix.signalStrength,
      ...(fix.satellites === null ? {} : { satellites: fix.satellites }),
    },
  };
}

/** 0x0704 of blind-area reports. */
export function batch(items: readonly Body[]): Body {
  return { batchType: 1, items };
}

export function hexId(id: number): string {
  return `0x${id.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** ISO 8601 with +08:00, whole seconds: what BCD[6] can say. */
export function chinaTime(time: number): string {
  return `${new Date(Math.floor(time / 1000) * 1000 + 8 * 3600_000).toISOString().slice(0, 19)}+08:00`;
}
