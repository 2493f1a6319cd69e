import { ProtobufWriter } from './protobuf-writer.ts';

/** One entity of a feed; `write` fills the field of its kind. */
export interface FeedEntity {
  readonly id: string;
  readonly field: typeof TRIP_UPDATE | typeof VEHICLE_POSITION | typeof ALERT;
  write(out: ProtobufWriter): void;
}

/** Field numbers of `FeedEntity`. */
export const TRIP_UPDATE = 3;
export const VEHICLE_POSITION = 4;
export const ALERT = 5;

/** `ScheduleRelationship` of a trip. */
export const CANCELED = 3;

/** A run as every feed names it (`TripDescriptor`). */
export interface FeedTrip {
  readonly id: string;
  readonly route: string;
  readonly serviceDate: string;
}

/** A whole FeedMessage, GTFS-realtime 2.0 (gtfs.org; the numbers are the field numbers of gtfs-realtime.proto). */
export function feedMessage(entities: Iterable<FeedEntity>, now: number): Uint8Array {
  const feed = new ProtobufWriter();
  feed.message(1, (header) => {
    header
      .text(1, '2.0')
      .uint(2, 0)
      .uint(3, Math.floor(now / 1000));
  });
  for (const { id, field, write } of entities)
    feed.message(2, (entity) => void entity.text(1, id).message(field, write));
  return feed.finish();
}

export function writeTrip(out: ProtobufWriter, trip: FeedTrip, canceled = false): void {
  out.text(1, trip.id).text(3, trip.serviceDate);
  if (canceled) out.uint(4, CANCELED);
  out.text(5, trip.route);
}
