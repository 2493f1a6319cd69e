/** What a cell takes, by its column; text where nothing is said. */
export type CellKind =
  | { readonly kind: 'text' | 'day' | 'number' | 'yesNo' | 'exception' }
  | { readonly kind: 'options'; readonly options: readonly string[] }
  | {
      readonly kind: 'shape';
      readonly kinds: readonly ('polygon' | 'line')[];
      readonly form: 'wkt' | 'geojson';
    };

const DAYS = [
  'inspectionValidTo',
  'insuranceValidTo',
  'retiredOn',
  'validFrom',
  'validTo',
  'licenceValidTo',
  'serviceDate',
  'startDate',
  'endDate',
  'date',
];
const NUMBERS = [
  'seats',
  'speedLimitKmh',
  'usualGapS',
  'lat',
  'lon',
  'stopLat',
  'stopLon',
  'routeType',
  'locationType',
];
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const OPTIONS: { readonly [column: string]: readonly string[] } = {
  status: ['valid', 'suspended', 'revoked'],
  schoolBusType: ['dedicated', 'non_dedicated', 'none'],
  role: ['driver', 'escort'],
  terminalVersion: ['2011', '2013', '2019'],
  level: ['infant', 'primary', 'middle', 'primary_middle', 'high'],
  corridor: ['rural'],
  keep: ['never_inside', 'only_inside'],
  roadClass: [
    'motorway',
    'city_no_centre_line',
    'highway_no_centre_line',
    'city_one_lane',
    'highway_one_lane',
  ],
};
const FENCE_KINDS = [
  'school',
  'depot',
  'forbidden',
  'danger_section',
  'speed_zone',
  'fuel_station',
  'queue_area',
  'platform',
  'tunnel',
  'no_signal',
];

export function cellKind(register: string, column: string): CellKind {
  if (register === 'fences' && column === 'kind') return { kind: 'options', options: FENCE_KINDS };
  if (column === 'geometry') return { kind: 'shape', kinds: ['polygon', 'line'], form: 'geojson' };
  if (column === 'geofence') return { kind: 'shape', kinds: ['polygon'], form: 'wkt' };
  if (column === 'line') return { kind: 'shape', kinds: ['line'], form: 'wkt' };
  if (column === 'exceptionType') return { kind: 'exception' };
  if (DAYS.includes(column)) return { kind: 'day' };
  if (NUMBERS.includes(column)) return { kind: 'number' };
  if (WEEKDAYS.includes(column)) return { kind: 'yesNo' };
  const options = OPTIONS[column];
  return options ? { kind: 'options', options } : { kind: 'text' };
}

/** Columns that a list shows; the others are in the row by itself. */
export const LISTED: { readonly [register: string]: readonly string[] } = {
  vehicles: [
    'vehicleId',
    'plate',
    'terminalPhone',
    'seats',
    'schoolBusType',
    'operatorId',
    'district',
    'inspectionValidTo',
    'insuranceValidTo',
  ],
  permits: ['permitNo', 'vehicleId', 'routeIds', 'driverIds', 'validFrom', 'validTo', 'status'],
  people: ['personId', 'name', 'phone', 'licenceNo', 'licenceValidTo', 'cardNo'],
  routes: ['routeId', 'routeShortName', 'routeLongName', 'agencyId', 'corridor'],
  lines: ['shapeId', 'line'],
  stops: ['stopId', 'stopName', 'stopLat', 'stopLon', 'parentStation'],
  fences: ['id', 'kind', 'name', 'speedLimitKmh', 'windows', 'district'],
  schools: ['schoolId', 'name', 'district', 'level', 'lat', 'lon'],
  duties: ['tripId', 'vehicleId', 'driverId', 'escortId', 'serviceId', 'serviceDate'],
  calendar: ['serviceId', ...WEEKDAYS, 'startDate', 'endDate'],
  'calendar-dates': ['serviceId', 'date', 'exceptionType'],
};

/** Dates are written in two ways; the field of a form takes the one with strokes. */
export const dashed = (day: string): string => day.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
