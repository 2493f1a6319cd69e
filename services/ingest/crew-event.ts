import type { CrewEvent } from '../../geo/vehicle-event.ts';

/** What somebody says of a vehicle, on its way to the process that judges it. Checked where it came in. */
export interface CrewEventRequest {
  readonly vehicle: string;
  readonly event: CrewEvent;
  /** When it happened by the clock of who says so, milliseconds since the epoch. */
  readonly at: number;
  /** Where the phone was, WGS-84 degrees; null where it did not say. */
  readonly place: { readonly lat: number; readonly lon: number } | null;
}

/** `stored`: committed now, or already there from an earlier try. Otherwise nothing of it is kept. */
export type CrewEventAnswer =
  | { readonly ok: true; readonly stored: 'now' | 'before' }
  /** `moved`: the vehicle is changing hands, so ask again; `busy`: too much at once; `unavailable`: no database. */
  | { readonly ok: false; readonly error: 'moved' | 'busy' | 'unavailable' | 'bad_request' };
