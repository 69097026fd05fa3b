/**
 * How the layers of a vector chart are drawn, by their names: the classes of S-57 (IHO, as ENC converters write them), of
 * Protomaps and of OpenMapTiles. What is not known is drawn as thin lines: an officer's own data must be seen.
 */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import { colour } from "../look/look";
import { type How, howOf } from "./vector_names";

const HIGHEST = 400; // layers of one chart; a hostile archive may name thousands

/** Land first, then water, lines, marks, words: whatever the order in the archive. */
const ORDER: How[] = [
  "water",
  "depth",
  "land",
  "area",
  "contour",
  "coast",
  "line",
  "cable",
  "mark",
  "danger",
  "sounding",
  "place",
];

export function vectorLayers(source: string, names: readonly string[]): LayerSpecification[] {
  const known = names.slice(0, HIGHEST).map((name) => ({ name, how: howOf(name) }));
  return ORDER.flatMap((how) => known.filter((k) => k.how === how).map(({ name }) => layerOf(source, name, how)));
}

function layerOf(source: string, name: string, how: How): LayerSpecification {
  const base = { id: `${source}:${name}`, source, "source-layer": name };
  if (how === "land" || how === "water" || how === "depth")
    return { ...base, type: "fill", filter: IS_AREA, paint: { "fill-color": fillOf(how) } };
  if (how === "mark")
    return { ...base, type: "circle", minzoom: 9, paint: { "circle-radius": 2.5, "circle-color": colour("map-text") } };
  if (how === "danger" || how === "sounding" || how === "place") return wordsOf(base, how);
  return { ...base, type: "line", paint: lineOf(how) };
}

const IS_AREA: ExpressionSpecification = [
  "any",
  ["==", ["geometry-type"], "Polygon"],
  ["==", ["geometry-type"], "MultiPolygon"],
];

function fillOf(how: How): string | ExpressionSpecification {
  if (how === "land") return colour("map-land");
  if (how === "water") return colour("map-water");
  // DRVAL1 is the shallow limit of a depth area, in metres: shallow water is what a keel and an anchor reach.
  const depth: ExpressionSpecification = ["to-number", ["coalesce", ["get", "DRVAL1"], ["get", "drval1"], 0]];
  return [
    "step",
    depth,
    colour("map-shoal"),
    5,
    colour("map-shallow"),
    20,
    colour("map-water"),
    50,
    colour("map-deep"),
  ];
}

function lineOf(how: How): Extract<LayerSpecification, { type: "line" }>["paint"] & object {
  const token = how === "cable" ? "map-telecom" : how === "area" ? "map-zone" : "map-coast";
  const dash = how === "area" || how === "cable" ? { "line-dasharray": [4, 3] } : {};
  return { "line-color": colour(token), "line-width": how === "coast" ? 1 : 0.7, "line-opacity": 0.8, ...dash };
}

function wordsOf(base: { id: string; source: string; "source-layer": string }, how: How): LayerSpecification {
  const said: Record<string, ExpressionSpecification | string> = {
    danger: "+",
    sounding: ["to-string", ["coalesce", ["get", "DEPTH"], ["get", "depth"], ["get", "VALSOU"], ["get", "valsou"], ""]],
    place: ["to-string", ["coalesce", ["get", "name:en"], ["get", "name"], ["get", "OBJNAM"], ["get", "objnam"], ""]],
  };
  const size = how === "danger" ? 14 : 11;
  return {
    ...base,
    type: "symbol",
    ...(how === "place" ? {} : { minzoom: 9 }),
    layout: { "text-field": said[how]!, "text-font": ["sans-serif"], "text-size": size },
    paint: {
      "text-color": colour("map-text"),
      "text-halo-color": colour("map-halo"),
      "text-halo-width": 1,
      "text-opacity": 0.8,
    },
  };
}
