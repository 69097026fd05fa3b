/** The still parts of the map as layers of MapLibre, in the colours of the palette. */

import { roughUrl } from "virtual:land";
import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { colour } from "../look/look";

const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };
export const SOURCES = ["land", "zones", "assets", "cells", "lines", "dots", "names"] as const;
export type SourceName = (typeof SOURCES)[number];

const FONT = ["sans-serif"]; // drawn by the browser itself: no files of glyphs
export const LEVEL_TOKENS = ["map-vessel", "caution", "warning", "alarm"] as const;

/** The whole style; the vessels are a layer of their own before "marks". */
export function style(): StyleSpecification {
  const sources = Object.fromEntries(
    SOURCES.map((name) => [name, { type: "geojson" as const, data: EMPTY, ...OPTIONS[name] }]),
  );
  return { version: 8, sources, layers: layers() };
}

// Steps off a line that are allowed in its tiles, in pixels of 1/8; land and cables to a quarter of a pixel.
const OPTIONS: Partial<Record<SourceName, object>> = {
  land: { data: new URL(roughUrl, location.origin).href, maxzoom: 9, tolerance: 0.25, buffer: 32 },
  assets: { maxzoom: 14, promoteId: "key" },
  zones: { maxzoom: 14, promoteId: "key" },
};

const KIND_TOKENS: Record<string, string> = {
  power_cable: "map-power",
  telecom_cable: "map-telecom",
  pipeline: "map-pipeline",
};

const kindColour = (): ExpressionSpecification =>
  [
    "match",
    ["get", "kind"],
    ...Object.entries(KIND_TOKENS).flatMap(([kind, token]) => [kind, colour(token)]),
    colour("map-point"),
  ] as unknown as ExpressionSpecification;

const levelColour = (): ExpressionSpecification => [
  "match",
  ["coalesce", ["feature-state", "level"], 0],
  1,
  colour("caution"),
  2,
  colour("warning"),
  3,
  colour("alarm"),
  colour("accent"),
];

const isOut: ExpressionSpecification = [
  "any",
  [">", ["coalesce", ["feature-state", "level"], 0], 0],
  ["boolean", ["feature-state", "chosen"], false],
];

const width = (at4: number, at12: number): ExpressionSpecification => [
  "interpolate",
  ["linear"],
  ["zoom"],
  4,
  at4,
  12,
  at12,
];

const text = (size: number) => ({ "text-font": FONT, "text-size": size, "text-max-width": 12 });
const ink = () => ({ "text-color": colour("map-text"), "text-halo-color": colour("map-halo"), "text-halo-width": 1.4 });
const ofToken = (): ExpressionSpecification => ["to-color", ["get", "colour"]];

// The library keeps texts along lines as names of fields: with a space no text is one that every object has.
const ALONG: ExpressionSpecification = ["concat", ["get", "name"], " "];

/** All layers, bottom first. */
export function layers(): LayerSpecification[] {
  return [...ground(), ...zones(), ...assets(), ...laid(), ...words()];
}

function ground(): LayerSpecification[] {
  return [
    { id: "water", type: "background", paint: { "background-color": colour("map-water") } },
    {
      id: "land",
      type: "fill",
      source: "land",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour("map-land"), "fill-antialias": false },
    },
    {
      id: "coast",
      type: "line",
      source: "land",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": colour("map-coast"), "line-width": width(0.5, 1.2) },
    },
  ];
}

function zones(): LayerSpecification[] {
  const zone = colour("map-zone");
  const chosen: ExpressionSpecification = ["boolean", ["feature-state", "chosen"], false];
  return [
    {
      id: "zones-area",
      type: "fill",
      source: "zones",
      paint: { "fill-color": zone, "fill-opacity": ["case", chosen, 0.22, 0.07] },
    },
    {
      id: "zones-edge",
      type: "line",
      source: "zones",
      paint: { "line-color": zone, "line-width": ["case", chosen, 2.5, 1], "line-dasharray": [6, 2] },
    },
  ];
}

function assets(): LayerSpecification[] {
  const line = { "line-color": kindColour(), "line-width": width(1.2, 2.6) };
  const schematic: ExpressionSpecification = ["==", ["get", "geometry_quality"], "schematic"];
  const round = { "line-join": "round", "line-cap": "round" } as const;
  const halo = {
    "line-color": levelColour(),
    "line-width": width(7, 12),
    "line-opacity": ["case", isOut, 0.35, 0] as ExpressionSpecification,
  };
  return [
    { id: "assets-out", type: "line", source: "assets", layout: round, paint: halo },
    { id: "assets-line", type: "line", source: "assets", filter: ["!", schematic], layout: round, paint: line },
    {
      id: "assets-dash",
      type: "line",
      source: "assets",
      filter: schematic,
      paint: { ...line, "line-dasharray": [4, 2.5] },
    },
    {
      id: "assets-point",
      type: "circle",
      source: "assets",
      filter: ["any", ["==", ["geometry-type"], "Point"], ["==", ["geometry-type"], "MultiPoint"]],
      paint: {
        "circle-radius": width(3, 7),
        "circle-color": kindColour(),
        "circle-stroke-color": ["case", isOut, levelColour(), colour("map-halo")],
        "circle-stroke-width": ["case", isOut, 4, 1.5],
      },
    },
  ];
}

function laid(): LayerSpecification[] {
  const line = { "line-color": ofToken(), "line-width": ["get", "width"] as ExpressionSpecification };
  return [
    {
      id: "cells",
      type: "fill",
      source: "cells",
      paint: { "fill-color": ofToken(), "fill-opacity": ["*", 0.6, ["get", "weight"]] },
    },
    { id: "lines", type: "line", source: "lines", filter: ["!", ["get", "dashed"]], paint: line },
    {
      id: "lines-dash",
      type: "line",
      source: "lines",
      filter: ["get", "dashed"],
      paint: { ...line, "line-dasharray": [3, 2] },
    },
  ];
}

function words(): LayerSpecification[] {
  const isRing: ExpressionSpecification = ["==", ["get", "shape"], "ring"];
  return [
    {
      id: "dots",
      type: "circle",
      source: "dots",
      filter: ["!", ["in", ["get", "shape"], ["literal", ["cross", "hexagon"]]]],
      paint: {
        "circle-radius": ["case", isRing, 9, 4.5],
        "circle-color": ofToken(),
        "circle-opacity": ["case", isRing, 0, 1],
        "circle-stroke-color": ["case", isRing, ofToken(), colour("map-halo")],
        "circle-stroke-width": ["case", isRing, 2.5, 1.2],
      },
    },
    {
      id: "crosses",
      type: "symbol",
      source: "dots",
      filter: ["==", ["get", "shape"], "cross"],
      layout: { ...text(20), "text-field": "✕", "text-allow-overlap": true },
      paint: { ...ink(), "text-color": ofToken() },
    },
    {
      id: "hexagons",
      type: "symbol",
      source: "dots",
      filter: ["==", ["get", "shape"], "hexagon"],
      layout: { ...text(20), "text-field": "⬡", "text-allow-overlap": true },
      paint: { ...ink(), "text-color": ofToken() },
    },
    {
      id: "dots-text",
      type: "symbol",
      source: "dots",
      layout: { ...text(12), "text-field": ["get", "label"], "text-anchor": "left", "text-offset": [1, 0] },
      paint: ink(),
    },
    {
      id: "assets-name",
      type: "symbol",
      source: "assets",
      minzoom: 5.5,
      layout: { ...text(12), "text-field": ALONG, "symbol-placement": "line", "symbol-spacing": 420 },
      paint: ink(),
    },
    {
      id: "assets-point-name",
      type: "symbol",
      source: "assets",
      minzoom: 7,
      filter: ["any", ["==", ["geometry-type"], "Point"], ["==", ["geometry-type"], "MultiPoint"]],
      layout: { ...text(12), "text-field": ["get", "name"], "text-anchor": "top", "text-offset": [0, 0.8] },
      paint: ink(),
    },
    {
      id: "zones-name",
      type: "symbol",
      source: "zones",
      minzoom: 8,
      layout: { ...text(11), "text-field": ["get", "name"] },
      paint: { ...ink(), "text-color": colour("map-zone") },
    },
    {
      id: "names",
      type: "symbol",
      source: "names",
      layout: {
        ...text(12),
        "text-field": ["get", "name"],
        "text-variable-anchor": ["left", "right", "bottom", "top"],
        "text-radial-offset": 1.5,
        "text-justify": "auto",
        "symbol-sort-key": ["-", 0, ["get", "level"]],
      },
      paint: { ...ink(), "text-color": ["case", [">", ["get", "level"], 0], ofToken(), colour("map-text")] },
    },
  ];
}
