/** Where the map looks: kept in the URL as map=zoom/lat/lon, so that a view can be sent. */

import { signal } from "@preact/signals";

export interface Camera {
  lonDeg: number;
  latDeg: number;
  zoom: number;
}

export type BoundsDeg = [west: number, south: number, east: number, north: number];

/** Where pages ask the map to go; the map takes it and sets it back to null. */
export const wanted = signal<{ camera?: Camera; fit?: BoundsDeg } | null>(null);
/** The bounds that the map shows now; null before it is there. */
export const shownBounds = signal<BoundsDeg | null>(null);

export const flyTo = (lonDeg: number, latDeg: number, zoom = 10): void => {
  wanted.value = { camera: { lonDeg, latDeg, zoom } };
};

export const fit = (bounds: BoundsDeg): void => {
  wanted.value = { fit: bounds };
};
