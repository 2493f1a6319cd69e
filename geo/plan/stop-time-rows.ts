import { parseInteger, parseTimeFast } from './cells.ts';
import { quoted } from './problems.ts';
import { type PlanSource, type Row, readLongTable, type Steps, type Table } from './table.ts';

export const STOP_TIMES = {
  file: 'stop_times.txt',
  required: ['trip_id', 'stop_id', 'stop_sequence', 'arrival_time', 'departure_time'],
  optional: [
    'shape_dist_traveled',
    'timepoint',
    'location_id',
    'location_group_id',
    'start_pickup_drop_off_window',
  ],
} as const satisfies Table<string>;

type StopTimeRow = Row<(typeof STOP_TIMES.required)[number] | (typeof STOP_TIMES.optional)[number]>;

/** A time that the feed leaves blank. */
export const BLANK = -1;

/**
 * The rows of stop_times.txt in columns: a feed has millions, and an object for each would be dropped again at once.
 * Rows are those of `order`, trip by trip in stop_sequence: trip `t` has `order[firstOf[t]]` up to `order[firstOf[t + 1]]`.
 */
export interface StopTimeRows {
  readonly stop: Int32Array;
  readonly sequence: Int32Array;
  readonly arrivalS: Int32Array;
  readonly departureS: Int32Array;
  /** shape_dist_traveled, NaN where blank. */
  readonly feedDistance: Float64Array;
  readonly timepoint: Uint8Array;
  readonly line: Int32Array;
  readonly order: Int32Array;
  readonly firstOf: Int32Array;
  /** Trips with a row that has a fault; it was said, and nothing that follows from it needs to be. */
  readonly faulty: ReadonlySet<number>;
}

/** `trips` and `stops` number the ids that may be referred to. */
export function* readStopTimeRows(
  source: PlanSource,
  trips: ReadonlyMap<string, number>,
  stops: ReadonlyMap<string, number>,
): Steps<StopTimeRows> {
  // No row is shorter than its five cells at their shortest, `t,s,1,,`.
  const capacity = Math.ceil((source.files.get(STOP_TIMES.file)?.length ?? 0) / 8) + 1;
  const columns = new Columns(Math.min(capacity, FIRST_CAPACITY));
  let lastTripId = '';
  let lastTrip = -1;
  let onDemand = 0;
  const faulty = new Set<number>();
  yield* readLongTable(source, STOP_TIMES, (row) => {
    const faultsBefore = source.problems.count;
    const tripId = row.text('trip_id');
    if (tripId !== lastTripId) {
      lastTripId = tripId;
      lastTrip = trips.get(tripId) ?? -1;
    }
    if (lastTrip < 0) row.reference('trip_id', trips, 'trips.txt');
    const stopId = row.text('stop_id');
    if (isOnDemand(row, stopId)) {
      if (onDemand++ === 0)
        row.warn('stop_id', 'on-demand rows (GTFS-Flex) have no time at a stop and are passed over');
      return;
    }
    const stop = stops.get(stopId) ?? -1;
    if (stop < 0) row.reference('stop_id', stops, 'stops.txt');
    const arrivalS = time(row, 'arrival_time');
    const departureS = time(row, 'departure_time');
    if (arrivalS !== BLANK && departureS !== BLANK && departureS < arrivalS) {
      row.fail('departure_time', 'is before arrival_time');
    }
    const distance = row.text('shape_dist_traveled');
    columns.push(
      lastTrip,
      stop,
      parseInteger(row.text('stop_sequence')) ?? row.integer('stop_sequence', 0, 2 ** 31 - 1),
      arrivalS === BLANK ? departureS : arrivalS,
      departureS === BLANK ? arrivalS : departureS,
      distance === '' ? Number.NaN : Number(distance),
      row.text('timepoint') === '0' || (arrivalS === BLANK && departureS === BLANK) ? 0 : 1,
      row.line,
    );
    if (source.problems.count > faultsBefore) faulty.add(lastTrip);
  });
  return { ...columns.grouped(trips.size), faulty };
}

function isOnDemand(row: StopTimeRow, stopId: string): boolean {
  if (row.text('start_pickup_drop_off_window') !== '') return true;
  return stopId === '' && (row.text('location_id') !== '' || row.text('location_group_id') !== '');
}

function time(row: StopTimeRow, column: 'arrival_time' | 'departure_time'): number {
  const text = row.text(column);
  if (text === '') return BLANK;
  const seconds = parseTimeFast(text);
  if (seconds < 0) row.fail(column, `${quoted(text)} is not a time (HH:MM:SS)`);
  return seconds;
}

const FIRST_CAPACITY = 65_536;

class Columns {
  #count = 0;
  #trip: Int32Array;
  #stop: Int32Array;
  #sequence: Int32Array;
  #arrivalS: Int32Array;
  #departureS: Int32Array;
  #feedDistance: Float64Array;
  #timepoint: Uint8Array;
  #line: Int32Array;

  constructor(capacity: number) {
    this.#trip = new Int32Array(capacity);
    this.#stop = new Int32Array(capacity);
    this.#sequence = new Int32Array(capacity);
    this.#arrivalS = new Int32Array(capacity);
    this.#departureS = new Int32Array(capacity);
    this.#feedDistance = new Float64Array(capacity);
    this.#timepoint = new Uint8Array(capacity);
    this.#line = new Int32Array(capacity);
  }

  push(
    trip: number,
    stop: number,
    sequence: number,
    arrivalS: number,
    departureS: number,
    feedDistance: number,
    timepoint: number,
    line: number,
  ): void {
    if (this.#count === this.#trip.length) this.#grow(this.#count * 2);
    const i = this.#count++;
    this.#trip[i] = trip;
    this.#stop[i] = stop;
    this.#sequence[i] = sequence;
    this.#arrivalS[i] = arrivalS;
    this.#departureS[i] = departureS;
    this.#feedDistance[i] = feedDistance;
    this.#timepoint[i] = timepoint;
    this.#line[i] = line;
  }

  #grow(capacity: number): void {
    this.#trip = grown(this.#trip, new Int32Array(capacity));
    this.#stop = grown(this.#stop, new Int32Array(capacity));
    this.#sequence = grown(this.#sequence, new Int32Array(capacity));
    this.#arrivalS = grown(this.#arrivalS, new Int32Array(capacity));
    this.#departureS = grown(this.#departureS, new Int32Array(capacity));
    this.#feedDistance = grown(this.#feedDistance, new Float64Array(capacity));
    this.#timepoint = grown(this.#timepoint, new Uint8Array(capacity));
    this.#line = grown(this.#line, new Int32Array(capacity));
  }

  /** Rows by trip (a counting sort, which keeps the file's order), each trip's by stop_sequence. */
  grouped(tripCount: number): Omit<StopTimeRows, 'faulty'> {
    const firstOf = new Int32Array(tripCount + 1);
    for (let i = 0; i < this.#count; i++) if (this.#trip[i]! >= 0) firstOf[this.#trip[i]! + 1]!++;
    for (let t = 0; t < tripCount; t++) firstOf[t + 1]! += firstOf[t]!;
    const next = firstOf.slice();
    const order = new Int32Array(firstOf[tripCount]!);
    for (let i = 0; i < this.#count; i++) if (this.#trip[i]! >= 0) order[next[this.#trip[i]!]!++] = i;
    const sequence = this.#sequence;
    for (let t = 0; t < tripCount; t++) {
      const rows = order.subarray(firstOf[t], firstOf[t + 1]);
      for (let k = 1; k < rows.length; k++) {
        if (sequence[rows[k]!]! >= sequence[rows[k - 1]!]!) continue;
        rows.sort((a, b) => sequence[a]! - sequence[b]! || a - b);
        break;
      }
    }
    return {
      stop: this.#stop,
      sequence,
      arrivalS: this.#arrivalS,
      departureS: this.#departureS,
      feedDistance: this.#feedDistance,
      timepoint: this.#timepoint,
      line: this.#line,
      order,
      firstOf,
    };
  }
}

function grown<A extends Int32Array | Float64Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
