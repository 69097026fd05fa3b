/** Depths of the watch's raster (GET /api/v1/depth, docs/streams.md) as a picture under everything else in the sea. */

import { bytes } from "../api/client";
import { look, rgb } from "../look/look";
import type { BoundsDeg } from "./camera";
import { shownBounds } from "./camera";
import type { Chart } from "./chart";
import { depthBounds } from "./given";
import { hidden } from "./shown";

const UNKNOWN = 65_535;
const HEADER_BYTES = 48;
const WIDTH = 512; // points across: two pixels a point on a screen
const QUIET_MS = 400;
const LAYER = "depth";

export interface Grid {
  bounds: BoundsDeg;
  width: number;
  height: number;
  decimetres: Uint16Array;
}

/** Understand a grid; null for bytes that are none. */
export function gridOf(body: ArrayBuffer): Grid | null {
  if (body.byteLength < HEADER_BYTES) return null;
  const head = new DataView(body);
  const size = head.getUint16(6, true);
  const [width, height] = [head.getUint32(8, true), head.getUint32(12, true)];
  // "AWDG", form 1
  if (head.getUint32(0) !== 0x41574447 || head.getUint8(4) !== 1 || body.byteLength !== size + 2 * width * height)
    return null;
  const bounds = [16, 24, 32, 40].map((at) => head.getFloat64(at, true)) as BoundsDeg;
  return { bounds, width, height, decimetres: new Uint16Array(body.slice(size)) };
}

/** Limits of the bands, metres: as charts have them, with what a dragged anchor reaches (some 100 m of chain) among them. */
const BANDS_M = [2, 5, 10, 20, 30, 50, 75, 100, 150, 200];

/** 0 for the shallowest band, 1 for the deepest. */
export const bandOf = (depthM: number): number => {
  const at = BANDS_M.findIndex((limit) => depthM < limit);
  return (at < 0 ? BANDS_M.length : at) / BANDS_M.length;
};

export function showDepth(chart: Chart): void {
  let asked = new AbortController();
  let timer = 0;
  let grid: Grid | null = null;
  const draw = (): void => {
    if (grid) put(chart, grid);
  };
  const load = async (view: BoundsDeg): Promise<void> => {
    asked.abort();
    asked = new AbortController();
    const box = view.map((value) => value.toFixed(4)).join(",");
    const body = await bytes(`/api/v1/depth?bbox=${box}&width=${WIDTH}`, asked.signal).catch(() => null);
    grid = body ? gridOf(body) : grid; // none in this box: what was drawn elsewhere stays there
    draw();
  };
  chart.follow(() => {
    const [view, there, isShown] = [shownBounds.value, depthBounds.value, !hidden.value.has("depth")];
    if (chart.map.getLayer(LAYER)) chart.map.setLayoutProperty(LAYER, "visibility", isShown ? "visible" : "none");
    clearTimeout(timer);
    if (view && there && isShown) timer = window.setTimeout(() => void load(view), QUIET_MS);
  });
  chart.follow(() => {
    look.value;
    draw();
  });
}

function put({ map }: Chart, grid: Grid): void {
  const [west, south, east, north] = grid.bounds;
  if (map.getLayer(LAYER)) map.removeLayer(LAYER);
  if (map.getSource(LAYER)) map.removeSource(LAYER);
  map.addSource(LAYER, {
    type: "canvas",
    canvas: painted(grid),
    animate: false,
    coordinates: [
      [west, north],
      [east, north],
      [east, south],
      [west, south],
    ],
  });
  map.addLayer({ id: LAYER, type: "raster", source: LAYER, paint: { "raster-fade-duration": 0 } }, "land");
}

function painted({ width, height, decimetres }: Grid): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d")!;
  const picture = context.createImageData(width, height);
  const [shoal, deep] = [rgb("map-shoal"), rgb("map-deep")];
  const words = new Uint32Array(picture.data.buffer);
  const colours = Array.from({ length: BANDS_M.length + 1 }, (_, band) => {
    const share = band / BANDS_M.length;
    const [r, g, b] = shoal.map((from, k) => Math.round(from + (deep[k]! - from) * share)) as [number, number, number];
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
  for (let k = 0; k < words.length; k++)
    if (decimetres[k] !== UNKNOWN) words[k] = colours[Math.round(bandOf(decimetres[k]! / 10) * BANDS_M.length)]!;
  context.putImageData(picture, 0, 0);
  return canvas;
}
