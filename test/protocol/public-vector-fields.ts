import type { Vector } from './vectors.ts';

type Row = readonly [path: string, value: unknown];

/** The vectors' names of location fields, and ours. */
const LOCATION: { readonly [theirs: string]: string } = {
  alarmFlag: 'alarmFlags',
  status: 'statusFlags',
  accOn: 'status.accOn',
  positioned: 'status.positioned',
  lat: 'lat',
  lon: 'lon',
  altitudeM: 'altitudeM',
  speedKmh: 'speedKmh',
  direction: 'directionDeg',
  time: 'time',
  alarms: 'alarms',
};

const EXTRAS: { readonly [theirs: string]: string } = {
  odometerKm: 'mileageKm',
  fuelL: 'fuelL',
  recorderSpeedKmh: 'recorderSpeedKmh',
  alarmEventId: 'alarmEventId',
  carriageTempRaw: 'cabinTemperatureC',
  overspeedAreaType: 'overspeedArea.type',
  overspeedAreaId: 'overspeedArea.areaId',
  inOutAreaType: 'areaInOut.type',
  inOutAreaId: 'areaInOut.areaId',
  inOutDirection: 'areaInOut.direction',
  routeTimeSectionId: 'routeTime.sectionId',
  routeTimeSeconds: 'routeTime.timeS',
  routeTimeResult: 'routeTime.result',
  analog0: 'analog.ad0',
  analog1: 'analog.ad1',
  signalStrength: 'signalStrength',
  satellites: 'satellites',
};

function locationRows(expected: { readonly [field: string]: unknown }, prefix: string): Row[] {
  const rows: Row[] = [];
  for (const [theirs, ours] of Object.entries(LOCATION)) {
    const value = expected[theirs];
    // Null where the source writes two's complement, which we read with a warning.
    if (value === undefined || value === null) continue;
    rows.push([prefix + ours, value]);
  }
  for (const [theirs, value] of Object.entries((expected.extras ?? {}) as object)) {
    const ours = EXTRAS[theirs];
    if (ours !== undefined) rows.push([`${prefix}extras.${ours}`, value]);
  }
  return rows;
}

/** Fields of the header, and of a body that is described by other means. */
const NOT_BODY = new Set([
  'msgId',
  'phone',
  'serial',
  'bodyLength',
  'encryption',
  'fragmented',
  'protocolVersion',
  'packageTotal',
  'packageIndex',
  'tailBytes',
  'tailHex',
  'bodyDecodable',
  'bodyHex',
  'paramCount',
]);

/** What a vector says of the body, by our names. */
export function fieldsOf(v: Vector): Row[] {
  const { expected } = v;
  if ('alarmFlag' in expected) {
    const prefix = v.msgId === '0x0200' ? '' : 'location.';
    const rows = locationRows(expected, prefix);
    return 'responseSerial' in expected ? [...rows, ['responseSerial', expected.responseSerial]] : rows;
  }
  if (v.msgId === '0x0704') {
    const items = expected.locations as { readonly [field: string]: unknown }[];
    return [
      ['batchType', expected.batchType],
      ['items.length', expected.count],
      ...items.flatMap((item, i) => locationRows(item, `items.${i}.`)),
    ];
  }
  return Object.entries(expected)
    .filter(([name]) => !NOT_BODY.has(name))
    .flatMap(([name, value]) => otherRows(name, value));
}

/** Lists that the vectors have as tuples, and the names of our entries. */
const TUPLES: { readonly [list: string]: readonly string[] } = {
  events: ['id', 'content'],
  answers: ['id', 'content'],
  menus: ['infoType', 'name'],
  contacts: ['flag', 'phoneNumber', 'name'],
  can: ['id', 'dataHex'],
  vertices: ['lat', 'lon'],
  controls: ['type', 'param'],
};

/** What is not in the JSON, or is there in another form that the round trip checks. */
const ELSEWHERE = new Set(['mediaBytes', 'dataHex', 'count']);

function otherRows(name: string, value: unknown): Row[] {
  if (ELSEWHERE.has(name)) return [];
  if (name === 'location') return locationRows(value as object as { [field: string]: unknown }, 'location.');
  if (name === 'validUntilBcd') return [['validUntil', dateOf(String(value))]];
  if (name === 'name' || name === 'driverName') return [[name, value]];
  if (name === 'params') {
    return (value as [string, unknown][]).map(([id], i): Row => [`params.${i}.id`, id]);
  }
  const tuple = TUPLES[name];
  if (tuple !== undefined) {
    return (value as unknown[][]).flatMap((entry, i) =>
      tuple.flatMap((key, j): Row[] => (entry[j] === null ? [] : [[`${name}.${i}.${key}`, entry[j]]])),
    );
  }
  if (Array.isArray(value) && typeof value[0] === 'object') {
    return (value as object[]).flatMap((entry, i) =>
      Object.entries(entry).flatMap(([key, inner]) =>
        otherRows(key, inner).map(([path, expected]): Row => [`${name}.${i}.${path}`, expected]),
      ),
    );
  }
  if (typeof value === 'string' && value.startsWith('hex:')) return [];
  return [[name, value]];
}

function dateOf(digits: string): string | null {
  if (/^0*$/.test(digits)) return null;
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
}

/** Where we read a vector otherwise, and why; the README of the room has the list. */
export function disagreement(v: Vector, path: string): boolean {
  // Read as the list of peripherals that it is; the source states its fields, not the hex.
  if (v.msgId === '0x0900' && path === 'contentHex' && v.expected.passthroughType === 0xf8) return true;
  // 2011 calls the driver's name so.
  if (v.msgId === '0x0702' && path === 'name') return true;
  // The standard gives this one time in UTC; the source did not convert it.
  return v.msgId === '0x8004' && path === 'time';
}
