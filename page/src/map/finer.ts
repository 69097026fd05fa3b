/** Close up, the lines in view get the corners that were left out of the picture of all. */

import { signal } from "@preact/signals";
import type { Feature } from "geojson";
import { api, told } from "../api/client";
import { type BoundsDeg, shownBounds } from "./camera";
import type { Chart } from "./chart";
import { assets, boundsOfAll } from "./charted";

const CLOSE_ZOOM = 10; // from here on a step of 2,000 corners may be seen
const STEPS = [20_000, 200_000]; // corners asked for; the second is all that the watch gives
const KEPT = 12; // features of up to 5 MB
const AGAIN_MS = 10_000;
const WORLD_M = 40_075_017;
const TILE_PX = 512;

/** By id, the last that was looked at last. */
const finer = signal<ReadonlyMap<string, Feature>>(new Map());

/** Each asset as fine as it is known. */
export const finest = (all: readonly Feature[]): readonly Feature[] =>
  finer.value.size ? all.map((asset) => finer.value.get(String(asset.id)) ?? asset) : all;

/** Metres to a pixel of the map. */
export const pixelM = (zoom: number, latDeg: number): number =>
  (WORLD_M * Math.cos((latDeg * Math.PI) / 180)) / (TILE_PX * 2 ** zoom);

/** Off by more than a pixel, as it is drawn. */
export const isCoarse = ({ properties }: Feature, metres: number): boolean => Number(properties?.simplified_m) > metres;

export function overlaps([w, s, e, n]: BoundsDeg, [west, south, east, north]: BoundsDeg): boolean {
  const isAcross = west > east; // the view lies over the date line
  const isBeside = isAcross ? w <= east || e >= west : w <= east && e >= west;
  return isBeside && s <= north && n >= south;
}

const boxes = new WeakMap<Feature, BoundsDeg | null>();
function boxOf(feature: Feature): BoundsDeg | null {
  if (!boxes.has(feature)) boxes.set(feature, boundsOfAll([feature]));
  return boxes.get(feature) ?? null;
}

const asked = new Map<string, { step: number; triedMs: number }>();
let isAsking = false;

export function refine(chart: Chart): void {
  chart.follow(() => {
    void [chart.moved.value, assets.value];
    void ask(chart);
  });
}

/** One question at a time, as long as something in view is coarse. */
async function ask(chart: Chart): Promise<void> {
  const next = isAsking ? null : coarseInView(chart);
  if (!next) return;
  const id = String(next.id);
  const step = asked.get(id)?.step ?? 0;
  isAsking = true;
  asked.set(id, { step, triedMs: performance.now() });
  try {
    const params = { path: { asset_id: id }, query: { corners: STEPS[step] ?? 0 } };
    keep(id, (await told(api.GET("/api/v1/assets/{asset_id}", { params }))) as unknown as Feature);
    asked.set(id, { step: step + 1, triedMs: 0 });
  } catch {
    // The coarse line stays; it is asked again at the next move after a while.
  }
  isAsking = false;
  void ask(chart);
}

function coarseInView(chart: Chart): Feature | null {
  const view = shownBounds.peek();
  const zoom = chart.map.getZoom();
  if (!view || zoom < CLOSE_ZOOM) return null;
  const metres = pixelM(zoom, chart.map.getCenter().lat);
  const isDue = (id: string): boolean => {
    const before = asked.get(id);
    return !before || (before.step < STEPS.length && performance.now() - before.triedMs > AGAIN_MS);
  };
  const now = assets.peek().map((asset) => finer.peek().get(String(asset.id)) ?? asset);
  return (
    now.find((asset) => {
      const box = isCoarse(asset, metres) && isDue(String(asset.id)) ? boxOf(asset) : null;
      return box !== null && overlaps(box, view);
    }) ?? null
  );
}

function keep(id: string, feature: Feature): void {
  const next = new Map(finer.peek());
  next.delete(id);
  next.set(id, feature);
  for (const old of [...next.keys()].slice(0, Math.max(0, next.size - KEPT))) {
    next.delete(old);
    asked.set(old, { step: 0, triedMs: performance.now() }); // not at once again, where more are in view than are kept
  }
  finer.value = next;
}
