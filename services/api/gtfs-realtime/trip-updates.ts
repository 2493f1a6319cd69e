import { type FeedEntity, type FeedTrip, feedMessage, TRIP_UPDATE, writeTrip } from './feed.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/** A run under way and what is expected of it. Milliseconds since the epoch. */
export interface FeedTripUpdate {
  readonly trip: FeedTrip;
  readonly vehicle: { readonly id: string; readonly plate: string | null };
  /** Time of the position that it rests on. */
  readonly time: number;
  readonly stops: readonly {
    readonly id: string;
    readonly sequence: number;
    readonly arrival: number;
    readonly planned: number;
    /** Half the width of the range, seconds. */
    readonly uncertaintyS: number;
  }[];
}

/** A FeedMessage of TripUpdate entities: of runs under way their arrivals, of cancelled ones that they are. */
export function tripUpdatesFeed(
  updates: readonly FeedTripUpdate[],
  cancelled: readonly FeedTrip[],
  now: number,
): Uint8Array {
  const entities: FeedEntity[] = updates.map((update) => ({
    id: idOf(update.trip),
    field: TRIP_UPDATE,
    write: (out) => writeUpdate(out, update),
  }));
  for (const trip of cancelled) {
    entities.push({
      id: idOf(trip),
      field: TRIP_UPDATE,
      write: (out) => void out.message(1, (descriptor) => writeTrip(descriptor, trip, true)),
    });
  }
  return feedMessage(entities, now);
}

const idOf = ({ id, serviceDate }: FeedTrip): string => `${id} ${serviceDate}`;

function writeUpdate(out: ProtobufWriter, { trip, vehicle, time, stops }: FeedTripUpdate): void {
  out.message(1, (descriptor) => writeTrip(descriptor, trip));
  for (const { id, sequence, arrival, planned, uncertaintyS } of stops) {
    out.message(2, (update) => {
      update.uint(1, sequence);
      update.message(2, (event) => {
        event
          .int(1, Math.round((arrival - planned) / 1000))
          .uint(2, Math.round(arrival / 1000))
          .uint(3, Math.max(0, Math.round(uncertaintyS)));
      });
      update.text(4, id);
    });
  }
  out.message(3, (descriptor) => {
    descriptor.text(1, vehicle.id);
    if (vehicle.plate !== null) descriptor.text(3, vehicle.plate);
  });
  out.uint(4, Math.floor(time / 1000));
}
