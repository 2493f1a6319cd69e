import { ALERT, type FeedTrip, feedMessage, writeTrip } from './feed.ts';
import type { ProtobufWriter } from './protobuf-writer.ts';

/** `Alert.Cause` and `Alert.Effect`, as far as they are used. */
export const CAUSE = { other: 2, weather: 8 } as const;
export const EFFECT = { noService: 1, significantDelays: 3, detour: 4 } as const;

/** What travellers and staff systems are told of, in both languages. */
export interface FeedAlert {
  readonly id: string;
  /** Milliseconds since the epoch; null: open. */
  readonly from: number | null;
  readonly to: number | null;
  readonly about: readonly (
    | { readonly trip: FeedTrip }
    | { readonly route: string }
    | { readonly agency: string }
  )[];
  readonly cause: (typeof CAUSE)[keyof typeof CAUSE];
  readonly effect: (typeof EFFECT)[keyof typeof EFFECT];
  readonly text: { readonly zh: string; readonly en: string };
}

/** A FeedMessage of Alert entities. */
export function serviceAlertsFeed(alerts: readonly FeedAlert[], now: number): Uint8Array {
  return feedMessage(
    alerts.map((alert) => ({ id: alert.id, field: ALERT, write: (out) => writeAlert(out, alert) })),
    now,
  );
}

function writeAlert(out: ProtobufWriter, { from, to, about, cause, effect, text }: FeedAlert): void {
  if (from !== null || to !== null) {
    out.message(1, (period) => {
      if (from !== null) period.uint(1, Math.floor(from / 1000));
      if (to !== null) period.uint(2, Math.floor(to / 1000));
    });
  }
  for (const one of about) {
    out.message(5, (entity) => {
      if ('trip' in one) entity.message(4, (descriptor) => writeTrip(descriptor, one.trip));
      else if ('route' in one) entity.text(2, one.route);
      else entity.text(1, one.agency);
    });
  }
  out.uint(6, cause).uint(7, effect);
  out.message(10, (header) => {
    for (const language of ['zh', 'en'] as const)
      header.message(1, (translation) => void translation.text(1, text[language]).text(2, language));
  });
}
