import type { AddLayerObject, GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';

/** One kind of thing on the map: a source of its own and the layers that draw it. */
export interface SceneLayer {
  readonly layerIds: readonly string[];
  /** Resolves when the map has taken the data in. */
  setData(data: GeoJSON.FeatureCollection): Promise<void>;
  setShown(shown: boolean): void;
}

/** A layer without its source, which is the scene layer's own. */
export type LayerOfScene = AddLayerObject & { source?: never };

export const NOTHING: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

export function addSceneLayer(
  map: MapLibreMap,
  name: string,
  layers: readonly Record<string, unknown>[],
  data: GeoJSON.FeatureCollection = NOTHING,
): SceneLayer {
  map.addSource(name, { type: 'geojson', data });
  for (const layer of layers) map.addLayer({ ...layer, source: name } as unknown as AddLayerObject);
  const layerIds = layers.map((layer) => String(layer.id));
  return {
    layerIds,
    async setData(next) {
      await map.getSource<GeoJSONSource>(name)?.setData(next);
    },
    setShown(shown) {
      for (const id of layerIds) map.setLayoutProperty(id, 'visibility', shown ? 'visible' : 'none');
    },
  };
}
