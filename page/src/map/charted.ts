/** Assets and zones of the watch, onto the map; with the level of the open alerts about each. */

import { signal } from "@preact/signals";
import type { Feature, Position } from "geojson";
import { api, told, wordsOf } from "../api/client";
import { shown, thenMs } from "../time/stood";
import { NUMBER_OF } from "../words";
import type { BoundsDeg } from "./camera";
import type { Chart } from "./chart";
import { chosen } from "./chosen";
import { finest } from "./finer";
import { collection, keyOf } from "./keyed";

export const assets = signal<readonly Feature[]>([]);
export const zones = signal<readonly Feature[]>([]);
/** Why the assets and zones are not all there; "" = they are. */
export const chartTrouble = signal("");

const MOST_PAGES = 50; // of up to 200,000 corners each
const AGAIN_MS = 5000;

type Page = { features: unknown[]; next: number | null };

async function all(page: (offset: number) => Promise<Page>): Promise<Feature[]> {
  const found: Feature[] = [];
  let offset: number | null = 0;
  for (let n = 0; offset !== null && n < MOST_PAGES; n++) {
    const { features, next }: Page = await page(offset);
    found.push(...(features as Feature[]));
    offset = next;
  }
  return found;
}

/** Load what is charted; again until it comes. Returns how to stop that. */
export function loadChart(): () => void {
  let timer = 0;
  const load = async (): Promise<void> => {
    try {
      const ask = { corners: 2000 };
      [assets.value, zones.value] = await Promise.all([
        all((offset) => told(api.GET("/api/v1/assets", { params: { query: { ...ask, offset } } }))),
        all((offset) => told(api.GET("/api/v1/zones", { params: { query: { ...ask, offset } } }))),
      ]);
      chartTrouble.value = "";
    } catch (error) {
      chartTrouble.value = `The assets could not be loaded. ${wordsOf(error)}`;
      timer = window.setTimeout(() => void load(), AGAIN_MS);
    }
  };
  void load();
  return () => clearTimeout(timer);
}

/** Show assets and zones, and keep what stands out among them up to date. */
export function showChart(chart: Chart): void {
  chart.follow(() => {
    chart.put("assets", collection(finest(assets.value)));
    if (!chart.isPlaced && assets.value.length) {
      chart.isPlaced = true;
      fitTo(chart, assets.value);
    }
  });
  chart.follow(() => chart.put("zones", collection(zones.value)));
  let before: [source: "assets" | "zones", id: string][] = [];
  chart.follow(() => {
    for (const [source, id] of before) chart.map.removeFeatureState({ source, id: keyOf(id) });
    before = [];
    const set = (source: "assets" | "zones", id: string, state: object): void => {
      chart.map.setFeatureState({ source, id: keyOf(id) }, state);
      before.push([source, id]);
    };
    for (const [id, level] of levels()) set("assets", id, { level });
    for (const id of chosen.value.assets) set("assets", id, { chosen: true });
    for (const id of chosen.value.zones) set("zones", id, { chosen: true });
  });
}

/** Highest level of the open alerts about each asset that are not silenced; at an earlier time, of those that stood then. */
function levels(): Map<string, number> {
  const found = new Map<string, number>();
  for (const { alert, work, silenced } of shown.value.values()) {
    if ((work.state === "closed" && thenMs.value === null) || silenced || alert.status === "withdrawn") continue;
    for (const { id } of alert.assets) found.set(id, Math.max(found.get(id) ?? 0, NUMBER_OF[alert.level]));
  }
  return found;
}

function fitTo(chart: Chart, features: readonly Feature[]): void {
  const bounds = boundsOfAll(features);
  if (bounds) chart.map.fitBounds(bounds, { padding: 48, maxZoom: 9, duration: 0 });
}

/** Bounds of features; null where there is no corner. */
export function boundsOfAll(features: readonly Feature[]): BoundsDeg | null {
  const bounds: BoundsDeg = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (at: unknown): void => {
    if (!Array.isArray(at)) return;
    if (typeof at[0] !== "number") for (const part of at) walk(part);
    else {
      const [lon, lat] = at as Position as [number, number];
      bounds[0] = Math.min(bounds[0], lon);
      bounds[1] = Math.min(bounds[1], lat);
      bounds[2] = Math.max(bounds[2], lon);
      bounds[3] = Math.max(bounds[3], lat);
    }
  };
  for (const { geometry } of features)
    for (const part of geometry.type === "GeometryCollection" ? geometry.geometries : [geometry])
      if (part.type !== "GeometryCollection") walk(part.coordinates);
  return Number.isFinite(bounds[0]) ? bounds : null;
}
