/** The user's own charts (PMTiles), under the zones and assets. */

import { addProtocol, type LayerSpecification } from "maplibre-gl";
import { look } from "../look/look";
import type { Chart } from "./chart";
import { type TileSet, tileSets } from "./given";
import { hidden } from "./shown";
import { vectorLayers } from "./vector_paint";

const BEFORE = "zones-area";

export function showTiles(chart: Chart): void {
  chart.follow(() => {
    const sets = tileSets.value;
    if (sets.length) void import("pmtiles").then(({ Protocol }) => begin(chart, sets, new Protocol()));
  });
}

function begin(chart: Chart, sets: readonly TileSet[], protocol: { tile: Parameters<typeof addProtocol>[1] }): void {
  addProtocol("pmtiles", protocol.tile);
  for (const set of sets) {
    if (chart.map.getSource(sourceOf(set))) continue;
    const type = set.format === "mvt" ? "vector" : "raster";
    const size = type === "raster" ? { tileSize: 256 } : {};
    chart.map.addSource(sourceOf(set), { type, url: `pmtiles://${location.origin}${set.url}`, ...size });
    for (const layer of layersOf(set)) chart.map.addLayer(layer, BEFORE);
  }
  chart.follow(() => {
    look.value;
    const without = hidden.value;
    for (const set of sets)
      for (const layer of layersOf(set)) {
        chart.map.setLayoutProperty(layer.id, "visibility", without.has(`tiles:${set.name}`) ? "none" : "visible");
        for (const [name, value] of Object.entries(layer.paint ?? {}))
          chart.map.setPaintProperty(layer.id, name as Parameters<typeof chart.map.setPaintProperty>[1], value);
      }
  });
}

const sourceOf = (set: TileSet): string => `tiles:${set.name}`;

function layersOf(set: TileSet): LayerSpecification[] {
  const source = sourceOf(set);
  if (set.format === "mvt") return vectorLayers(source, set.layers);
  // Pictures have colours of their own: at night they would blind, at dusk they would outshine the alerts.
  const bright = { day: 1, dusk: 0.5, night: 0.12 }[look.value];
  const paint = { "raster-brightness-max": bright, "raster-saturation": look.value === "night" ? -1 : -0.2 };
  return [{ id: source, type: "raster", source, paint }];
}
