/** Shapes of the chart as the map draws them, and the box around them. */

import type { Schemas } from "../api/client";
import type { BoundsDeg } from "../map/camera";

type Shape = Schemas["AssetFeature"]["geometry"] | Schemas["ZoneFeature"]["geometry"];
export type LonLat = [lonDeg: number, latDeg: number];

/** Lines of a shape; borders of an area. */
export function linesOf(shape: Shape): LonLat[][] {
  // Pairs, whatever the client makes of their type.
  if (shape.type === "MultiLineString") return shape.coordinates as LonLat[][];
  if (shape.type === "MultiPolygon") return shape.coordinates.flat() as LonLat[][];
  return shape.type === "GeometryCollection" ? shape.geometries.flatMap(linesOf) : [];
}

export function pointsOf(shape: Shape): LonLat[] {
  if (shape.type === "MultiPoint") return shape.coordinates as LonLat[];
  return shape.type === "GeometryCollection" ? shape.geometries.flatMap(pointsOf) : [];
}

/** The smallest box around corners, east of west also over the date line (then east is beyond 180). null = none. */
export function boundsOf(corners: readonly LonLat[]): BoundsDeg | null {
  const known = corners.filter(([lon, lat]) => Number.isFinite(lon) && Number.isFinite(lat));
  if (!known.length) return null;
  const lats = known.reduce(([low, high], [, lat]) => [Math.min(low, lat), Math.max(high, lat)] as const, [90, -90]);
  const lons = known.map(([lon]) => lon).sort((a, b) => a - b);
  // The widest stretch of longitude without a corner lies outside of the box.
  let [widest, west, east] = [lons[0]! + 360 - lons.at(-1)!, lons[0]!, lons.at(-1)!];
  for (let i = 1; i < lons.length; i++) {
    const gap = lons[i]! - lons[i - 1]!;
    if (gap > widest) [widest, west, east] = [gap, lons[i]!, lons[i - 1]! + 360];
  }
  return [west, lats[0]!, east, lats[1]!];
}

/** A box with some sea around it: a tenth of its size, and never less than a mile or so. */
export function widened([west, south, east, north]: BoundsDeg): BoundsDeg {
  const [x, y] = [Math.max(0.04, (east - west) / 10), Math.max(0.02, (north - south) / 10)];
  return [west - x, Math.max(-85, south - y), east + x, Math.min(85, north + y)];
}
