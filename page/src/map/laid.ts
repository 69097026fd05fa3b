/** What pages lay over the map (overlay.ts), as sources of the map. */

import type { Feature, FeatureCollection, Geometry } from "geojson";
import { colour, look } from "../look/look";
import type { Chart } from "./chart";
import { overlays } from "./overlay";

const feature = (geometry: Geometry, properties: object): Feature => ({
  type: "Feature",
  geometry,
  properties: { ...properties },
});
const collection = (features: Feature[]): FeatureCollection => ({ type: "FeatureCollection", features });

export function showOverlays(chart: Chart): void {
  chart.follow(() => {
    look.value; // the colours are in the features
    const all = [...overlays.value.values()];
    chart.put(
      "lines",
      collection(
        all
          .flatMap(({ lines }) => lines ?? [])
          .map((line) =>
            feature(
              { type: "LineString", coordinates: line.lonLatDeg },
              { colour: colour(line.token), width: line.widthPx ?? 2.5, dashed: line.dashed ?? false },
            ),
          ),
      ),
    );
    chart.put(
      "dots",
      collection(
        all
          .flatMap(({ marks }) => marks ?? [])
          .map((mark) =>
            feature(
              { type: "Point", coordinates: [mark.lonDeg, mark.latDeg] },
              { colour: colour(mark.token), label: mark.label.slice(0, 80), shape: mark.shape },
            ),
          ),
      ),
    );
    chart.put(
      "cells",
      collection(
        all
          .flatMap(({ cells }) => cells ?? [])
          .map((cell) => {
            const { westDeg: w, southDeg: s, eastDeg: e, northDeg: n } = cell;
            const ring = [
              [w, s],
              [e, s],
              [e, n],
              [w, n],
              [w, s],
            ];
            return feature(
              { type: "Polygon", coordinates: [ring] },
              { colour: colour(cell.token), weight: cell.weight },
            );
          }),
      ),
    );
  });
}
