/**
 * How the layers of a vector chart are drawn, by their names: the classes of S-57 (IHO, as ENC converters write them), of
 * Protomaps and of OpenMapTiles. What is not known is drawn as thin lines: an officer's own data must be seen.
 */

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import { colour } from "../look/look";

type How =
  | "land"
  | "water"
  | "depth"
  | "contour"
  | "coast"
  | "sounding"
  | "mark"
  | "danger"
  | "area"
  | "line"
  | "place"
  | "cable"
  | "none";

const HOW: Record<string, How> = {
  // S-57
  lndare: "land", buisgl: "none", lndrgn: "place", seaare: "place", depare: "depth", drgare: "depth", depcnt: "contour",
  coalne: "coast", slcons: "coast", soundg: "sounding", lights: "mark", boylat: "mark", boycar: "mark", boyspp: "mark",
  boyisd: "mark", boysaw: "mark", bcnlat: "mark", bcncar: "mark", bcnspp: "mark", bcnisd: "mark", bcnsaw: "mark",
  ofsplf: "mark", landmk: "mark", wrecks: "danger", obstrn: "danger", uwtroc: "danger", achare: "area", resare: "area",
  tsslpt: "area", tsezne: "area", fairwy: "area", ctnare: "area", cblare: "area", pipare: "area", mipare: "area",
  dmpgrd: "area", prcare: "area", achbrt: "area", cblsub: "cable", cblohd: "cable", pipsol: "cable", tssbnd: "line",
  tselne: "line", navlne: "line", rectrc: "line", m_covr: "none", m_qual: "none", m_nsys: "none", m_npub: "none",
  // Protomaps
  earth: "land", water: "water", natural: "none", landuse: "none", landcover: "none", buildings: "none", roads: "line",
  transit: "none", pois: "none", places: "place", boundaries: "line", physical_point: "place", physical_line: "none",
  // OpenMapTiles
  ocean: "water", waterway: "coast", park: "none", building: "none", transportation: "line", place: "place",
  transportation_name: "none", boundary: "line", water_name: "place", aeroway: "none", housenumber: "none", poi: "none",
  aerodrome_label: "none", mountain_peak: "none", globallandcover: "none",
}; // biome-ignore format: a table

const HIGHEST = 400; // layers of one chart; a hostile archive may name thousands

export const howOf = (layer: string): How => HOW[layer.toLowerCase()] ?? "line";

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
