import { type FeedTrip, feedMessage, VEHICLE_POSITION, writeTrip } from './feed.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

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
  readonly trip: FeedTrip | null;
  readonly nextStop: string | null;
}

/** A FeedMessage of VehiclePosition entities. */
export function vehiclePositionsFeed(vehicles: readonly FeedVehicle[], now: number): Uint8Array {
  return feedMessage(
    vehicles.map((vehicle) => ({
      id: vehicle.id,
      field: VEHICLE_POSITION,
      write: (out) => writeVehicle(out, vehicle),
    })),
    now,
  );
}

function writeVehicle(out: ProtobufWriter, vehicle: FeedVehicle): void {
  const { trip, plate, bearingDeg, speedKmh, nextStop } = vehicle;
  if (trip) out.message(1, (descriptor) => writeTrip(descriptor, trip));
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
