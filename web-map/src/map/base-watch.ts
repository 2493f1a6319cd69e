import type { ErrorEvent, Map as MapLibreMap, MapSourceDataEvent } from 'maplibre-gl';
import { isOfBaseMap } from './base-map.ts';

/** Missing tiles come as nothing at all, without an error: so long after the first was asked for, nothing is missing. */
const PATIENCE_MS = 12_000;

/** Resolves when the style is in force; rejects where it cannot be. */
export function styleInForce(map: MapLibreMap): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => () => {
      map.off('style.load', loaded);
      map.off('error', failed);
      settle();
    };
    const loaded = end(resolve);
    const failed = (event: ErrorEvent) => end(() => reject(event.error))();
    map.on('style.load', loaded);
    map.on('error', failed);
  });
}

/** Calls back, once, if the base map's data do not come: what has come before counts for it. Returns what ends it. */
export function watchBaseMap(map: MapLibreMap, onBroken: (why: unknown) => void): () => void {
  let patience: ReturnType<typeof setTimeout> | undefined;
  const ofBase = (event: object): event is { sourceId: string } =>
    'sourceId' in event && typeof event.sourceId === 'string' && isOfBaseMap(event.sourceId);
  const asked = (event: MapSourceDataEvent) => {
    if (!ofBase(event) || !event.tile) return;
    const source = event.sourceId;
    const judge = () => {
      if (map.isSourceLoaded(source)) broken(new Error('the base map has no tile here'));
      else patience = setTimeout(judge, PATIENCE_MS);
    };
    patience ??= setTimeout(judge, PATIENCE_MS);
  };
  const came = (event: MapSourceDataEvent) => {
    if (ofBase(event) && event.tile) end();
  };
  const failed = (event: ErrorEvent) => {
    if (ofBase(event)) broken(event.error);
  };
  const broken = (why: unknown) => {
    end();
    onBroken(why);
  };
  const end = () => {
    clearTimeout(patience);
    map.off('sourcedataloading', asked);
    map.off('sourcedata', came);
    map.off('error', failed);
  };
  map.on('sourcedataloading', asked);
  map.on('sourcedata', came);
  map.on('error', failed);
  return end;
}
