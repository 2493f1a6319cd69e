import { ProtobufWriter } from './protobuf-writer.ts';

/** One vehicle of the feed. */
export interface FeedVehicle {
  readonly id: string;
  readonly plate: string | null;
  readonly lat: number;
  readonly lon: number;
  readonly bearingDeg: number | null;
  readonly speedKmh: number | null;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly trip: { readonly id: string; readonly route: string; readonly serviceDate: string } | null;
  readonly nextStop: string | null;
}

/**
 * A FeedMessage of VehiclePosition entities, GTFS-realtime 2.0 (gtfs.org, reference of 2.0; the numbers are the field
 * numbers of gtfs-realtime.proto).
 */
export function vehiclePositionsFeed(vehicles: readonly FeedVehicle[], now: number): Uint8Array {
  const feed = new ProtobufWriter();
  feed.message(1, (header) => {
    header
      .text(1, '2.0')
      .uint(2, 0)
      .uint(3, Math.floor(now / 1000));
  });
  for (const vehicle of vehicles) {
    feed.message(2, (entity) => {
      entity.text(1, vehicle.id).message(4, (position) => writeVehicle(position, vehicle));
    });
  }
  return feed.finish();
}

function writeVehicle(out: ProtobufWriter, vehicle: FeedVehicle): void {
  const { trip, plate, bearingDeg, speedKmh, nextStop } = vehicle;
  if (trip) {
    out.message(1, (descriptor) => {
      descriptor.text(1, trip.id).text(3, trip.serviceDate).text(5, trip.route);
    });
  }
  out.message(2, (position) => {
    position.float(1, vehicle.lat).float(2, vehicle.lon);
    if (bearingDeg !== null) position.float(3, bearingDeg);
    // Metres a second there.
    if (speedKmh !== null) position.float(5, speedKmh / 3.6);
  });
  // IN_TRANSIT_TO; without a stop the status would say nothing.
  if (nextStop !== null) out.uint(4, 2);
  out.uint(5, Math.floor(vehicle.time / 1000));
  if (nextStop !== null) out.text(7, nextStop);
  out.message(8, (descriptor) => {
    descriptor.text(1, vehicle.id);
    if (plate !== null) descriptor.text(3, plate);
  });
}
