/** The land as GeoJSON, from the steps of whole numbers that page/land.ts packed. */

import type { Feature, FeatureCollection, MultiLineString, Polygon, Position } from "geojson";

export interface Land {
  areas: FeatureCollection<Polygon>;
  coast: Feature<MultiLineString>;
}

export function unpacked(text: string): Land {
  const { grid, rings } = JSON.parse(text) as { grid: number; rings: number[][][] };
  const polygons = rings.map((polygon) => polygon.map((steps) => placesOf(steps, grid)));
  const features = polygons.map(
    (coordinates): Feature<Polygon> => ({
      type: "Feature",
      properties: null,
      geometry: { type: "Polygon", coordinates },
    }),
  );
  const lines = polygons.flat().flatMap(coastOf);
  return {
    areas: { type: "FeatureCollection", features },
    coast: { type: "Feature", properties: null, geometry: { type: "MultiLineString", coordinates: lines } },
  };
}

function placesOf(steps: number[], grid: number): Position[] {
  const places: Position[] = [];
  let [x, y] = [0, 0];
  for (let k = 0; k < steps.length; k += 2) {
    x += steps[k]!;
    y += steps[k + 1]!;
    places.push([x / grid, y / grid]);
  }
  places.push(places[0]!);
  return places;
}

// Where page/land.ts cut the land there is no coast.
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
