import type { StoredMedia } from '../store/media-store.ts';

/** Published on `mediaSubject(district, vehicle)` once a medium is stored. */
export interface LiveMedia {
  readonly media: StoredMedia;
}
