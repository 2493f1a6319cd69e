import type { AlertView, MediaView } from '../../../services/api/contract.ts';

/** Whose media are shown: those of one alert, or of one bus. */
export type MediaScope =
  | { readonly kind: 'alert'; readonly alert: Pick<AlertView, 'id' | 'vehicle' | 'start' | 'end'> }
  | { readonly kind: 'bus'; readonly vehicle: string };

const MINUTE_MS = 60_000;
/** As the service finds the photos of an alert that lasts. */
const OPEN_ALERT_MS = 3_600_000;

/** Does a medium that came live belong here? The service says of which alert it is; else vehicle and time do. */
export function belongs(scope: MediaScope, media: MediaView): boolean {
  if (scope.kind === 'bus') return media.vehicle === scope.vehicle;
  const { id, vehicle, start, end } = scope.alert;
  if (media.alert !== null) return media.alert === id;
  const from = Date.parse(start);
  const to = end === null ? from + OPEN_ALERT_MS : Date.parse(end);
  const time = Date.parse(media.time);
  return media.vehicle === vehicle && time >= from - MINUTE_MS && time <= to + MINUTE_MS;
}

/** What was asked for and what came since, each once, newest first. One that has come replaces its announcement. */
export function withMedia(known: readonly MediaView[], come: readonly MediaView[]): MediaView[] {
  const byId = new Map<string, MediaView>();
  for (const media of [...known, ...come]) byId.set(media.id, media);
  const all = [...byId.values()];
  const has = (announced: MediaView): boolean =>
    all.some(
      (media) =>
        media.stored &&
        media.vehicle === announced.vehicle &&
        media.terminalMediaId === announced.terminalMediaId,
    );
  return all
    .filter((media) => media.stored || media.terminalMediaId === null || !has(media))
    .sort((a, b) => Date.parse(b.time) - Date.parse(a.time) || (a.id < b.id ? -1 : 1));
}

export const contentUrl = (media: MediaView): string => `/api/v1/media/${media.id}/content`;

/** `1.2 MB` */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
