/** The land as GeoJSON: areas, and coasts as lines of their own. Run while the page is built (page/land.ts). */

import type { Feature, FeatureCollection, Position } from "geojson";

// Where page/land.ts cuts the land there is no coast.
const CUTS: [axis: 0 | 1, at: number][] = [
  [0, -180],
  [0, -12],
  [0, 33],
  [0, 180],
  [1, -85],
  [1, 47.5],
  [1, 72],
  [1, 84],
];

/** Rings of polygons, outer ones first, without the corner that closes them; `grid` steps a degree. */
export function asGeoJson(polygons: Position[][][], grid: number): FeatureCollection {
  const rounded = polygons.map((rings) => rings.map((ring) => onGrid(ring, grid)));
  const features = rounded.map((coordinates) => feature({ type: "Polygon", coordinates }));
  const coasts = rounded.flat().flatMap(coastOf);
  const lines = coasts.map((coordinates) => feature({ type: "LineString", coordinates }));
  return { type: "FeatureCollection", features: [...features, ...lines] };
}

const feature = (geometry: Feature["geometry"]): Feature => ({ type: "Feature", properties: null, geometry });

function onGrid(ring: Position[], grid: number): Position[] {
  const places = ring.map(([lon, lat]) => [Math.round(lon! * grid) / grid, Math.round(lat! * grid) / grid]);
  return [...places, places[0]!];
}

function coastOf(ring: Position[]): Position[][] {
  const lines: Position[][] = [];
  let line: Position[] = [];
  for (const [k, place] of ring.entries()) {
    const before = ring[k - 1];
    if (before && CUTS.some(([axis, at]) => before[axis] === at && place[axis] === at)) {
      if (line.length > 1) lines.push(line);
      line = [];
    }
    line.push(place);
  }
  if (line.length > 1) lines.push(line);
  return lines;
}
