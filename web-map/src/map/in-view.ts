import type { InView } from './keyboard.ts';

let drawn: readonly InView[] = [];

/** The buses that the map drew by themselves the last time. */
export const busesInView = (): readonly InView[] => drawn;

export function noteDrawn(features: GeoJSON.FeatureCollection<GeoJSON.Point, { id: string }>): void {
  drawn = features.features.map(({ properties, geometry }) => ({
    vehicle: properties.id,
    at: [geometry.coordinates[0]!, geometry.coordinates[1]!],
  }));
}
