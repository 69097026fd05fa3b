/** Assets and zones as the map library takes them. */

import type { Feature, FeatureCollection } from "geojson";

/** What the library knows a feature by: it keeps these as names of fields, and an id may be `__proto__`. */
export const keyOf = (id: unknown): string => `=${id}`;

export const collection = (features: readonly Feature[]): FeatureCollection => ({
  type: "FeatureCollection",
  features: features.map((f) => ({ ...f, properties: { ...f.properties, key: keyOf(f.properties?.id) } })),
});
