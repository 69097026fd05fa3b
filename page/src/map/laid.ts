/** What pages lay over the map (overlay.ts), as sources of the map. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Feature, FeatureCollection, Geometry } from "geojson";
import { colour, look } from "../look/look";
import type { Chart } from "./chart";
import { type Overlay, type OverlayCell, type OverlayLine, type OverlayMark, overlays } from "./overlay";

const feature = (geometry: Geometry, properties: object): Feature => ({
  type: "Feature",
  geometry,
  properties: { ...properties },
});

/** Each kind goes to the map when it changes itself: a mark that follows the pointer does not draw the tracks anew. */
export function showOverlays(chart: Chart): void {
  const lines = ofKind("lines");
  const marks = ofKind("marks");
  const cells = ofKind("cells");
  chart.follow(() => chart.put("lines", collection(lines.value, lineOf)));
  chart.follow(() => chart.put("dots", collection(marks.value, dotOf)));
  chart.follow(() => chart.put("cells", collection(cells.value, cellOf)));
}

/** What all pages lay of a kind; the same array as before where none of it has changed. */
function ofKind<K extends keyof Overlay>(kind: K): ReadonlySignal<readonly NonNullable<Overlay[K]>[]> {
  let last: NonNullable<Overlay[K]>[] = [];
  return computed(() => {
    const found = [...overlays.value.values()].flatMap(({ [kind]: some }) => (some?.length ? [some] : []));
    if (found.length !== last.length || found.some((some, i) => some !== last[i])) last = found;
    return last;
  });
}

function collection<T>(some: readonly (readonly T[])[], draw: (one: T) => Feature): FeatureCollection {
  void look.value; // the colours are in the features
  return { type: "FeatureCollection", features: some.flatMap((all) => all.map(draw)) };
}

const lineOf = (line: OverlayLine): Feature =>
  feature(
    { type: "LineString", coordinates: line.lonLatDeg },
    { colour: colour(line.token), width: line.widthPx ?? 2.5, dashed: line.dashed ?? false },
  );

const dotOf = (mark: OverlayMark): Feature =>
  feature(
    { type: "Point", coordinates: [mark.lonDeg, mark.latDeg] },
    { colour: colour(mark.token), label: mark.label.slice(0, 80), shape: mark.shape, incident: mark.incident ?? "" },
  );

function cellOf({ westDeg: w, southDeg: s, eastDeg: e, northDeg: n, token, weight }: OverlayCell): Feature {
  const ring = [
    [w, s],
    [e, s],
    [e, n],
    [w, n],
    [w, s],
  ];
  return feature({ type: "Polygon", coordinates: [ring] }, { colour: colour(token), weight });
}
