/** Pointer and finger on the map: what they point at, and what they choose. */

import { signal } from "@preact/signals";
import type { MapMouseEvent, PointLike } from "maplibre-gl";
import { names } from "../state/picture";
import { askNames } from "../state/sighting";
import { go, pathOf } from "../state/url";
import type { Chart } from "./chart";
import { byWeight, MOST_SHOWN, meant, type Near, projection, REACH_PX, vesselsNear } from "./pick";

export interface Thing {
  kind: "vessels" | "assets" | "incidents";
  id: string;
  name: string;
  level: number;
  silenced: boolean;
  /** Of a vessel. */
  sogKn: number;
  ageS: number;
}

export interface Pointed {
  xPx: number;
  yPx: number;
  things: Thing[];
  /** There are more than are listed. */
  more: number;
}

/** What the pointer is over; null = nothing. */
export const hovered = signal<Pointed | null>(null);
/** What was touched where that could be several; null = nothing is to be chosen. */
export const choice = signal<Pointed | null>(null);

const HOVER_PX = 10;
const ASSET_PX = 14;
const ASSET_LAYERS = ["assets-line", "assets-dash", "assets-point"];

export function followPointer(chart: Chart): void {
  let frame = 0;
  const { map } = chart;
  map.on("mousemove", (move) => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => hover(chart, move));
  });
  const leave = (): void => {
    cancelAnimationFrame(frame);
    hovered.value = null;
  };
  map.on("mouseout", leave);
  map.on("movestart", () => {
    leave();
    choice.value = null;
  });
  map.on("click", (click) => touch(chart, click));
}

function hover(chart: Chart, { point }: MapMouseEvent): void {
  const near = vesselsAt(chart, point.x, point.y, HOVER_PX).slice(0, 1);
  const things = near.length ? near.map((n) => vesselOf(chart, n)) : assetsAt(chart, point.x, point.y, 5).slice(0, 1);
  chart.map.getCanvasContainer().style.cursor = things.length ? "pointer" : "";
  hovered.value = things.length ? { xPx: point.x, yPx: point.y, things, more: 0 } : null;
}

function touch(chart: Chart, { point }: MapMouseEvent): void {
  const columns = chart.fleet.columns;
  const near = vesselsAt(chart, point.x, point.y, REACH_PX);
  const one = meant(near);
  if (one || !columns) {
    if (one) open(vesselOf(chart, one));
    return;
  }
  const vessels = near.sort(byWeight(columns)).map((n) => vesselOf(chart, n));
  const told = incidentsAt(chart, point.x, point.y, ASSET_PX);
  const all = [...vessels, ...told, ...assetsAt(chart, point.x, point.y, near.length ? REACH_PX : ASSET_PX)];
  if (all.length === 1) open(all[0]!);
  else {
    const more = Math.max(0, all.length - MOST_SHOWN);
    choice.value = all.length ? { xPx: point.x, yPx: point.y, things: all.slice(0, MOST_SHOWN), more } : null;
  }
}

export function open({ kind, id }: Thing): void {
  choice.value = hovered.value = null;
  go(pathOf(kind, id));
}

function vesselsAt({ map, fleet }: Chart, x: number, y: number, reachPx: number): Near[] {
  if (!fleet.columns) return [];
  const { clientWidth, clientHeight } = map.getCanvas();
  const toPixel = projection(map.getCenter(), map.getZoom(), clientWidth, clientHeight);
  return vesselsNear(fleet.columns, fleet.sinceS(), toPixel, x, y, reachPx);
}

function vesselOf({ fleet }: Chart, { row }: Near): Thing {
  const c = fleet.columns!;
  const mmsi = c.mmsi[row]!;
  askNames([mmsi]);
  return {
    kind: "vessels",
    id: String(mmsi),
    name: names.peek().get(mmsi) ?? "",
    level: c.level[row]!,
    silenced: c.silenced[row] === 1,
    sogKn: c.sogKn[row]!,
    ageS: c.ageS[row]! + fleet.sinceS(),
  };
}

function assetsAt({ map }: Chart, x: number, y: number, reachPx: number): Thing[] {
  const box: [PointLike, PointLike] = [
    [x - reachPx, y - reachPx],
    [x + reachPx, y + reachPx],
  ];
  const found = new Map<string, Thing>();
  for (const { properties, state } of map.queryRenderedFeatures(box, { layers: ASSET_LAYERS })) {
    const [id, name] = [String(properties.id ?? ""), String(properties.name ?? "")];
    const level = Number(state.level ?? 0);
    if (id) found.set(id, { kind: "assets", id, name, level, ...STILL });
  }
  return [...found.values()];
}

const STILL = { silenced: false, sogKn: Number.NaN, ageS: Number.NaN };

/** Marks of incidents, by what they open. */
function incidentsAt({ map }: Chart, x: number, y: number, reachPx: number): Thing[] {
  const box: [PointLike, PointLike] = [
    [x - reachPx, y - reachPx],
    [x + reachPx, y + reachPx],
  ];
  return map.queryRenderedFeatures(box, { layers: ["hexagons"] }).flatMap(({ properties }) => {
    const id = String(properties.incident ?? "");
    return id ? [{ kind: "incidents" as const, id, name: `incident: ${properties.label}`, level: 0, ...STILL }] : [];
  });
}
