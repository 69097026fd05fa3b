/** Depths of the watch's raster (GET /api/v1/depth, docs/streams.md) as a picture under everything else in the sea. */

import { bytes } from "../api/client";
import { look, rgb } from "../look/look";
import type { BoundsDeg } from "./camera";
import { shownBounds } from "./camera";
import type { Chart } from "./chart";
import { BANDS_M, bandOf, type Grid, gridOf, UNKNOWN } from "./depth_grid";
import { depthBounds } from "./given";
import { hidden } from "./shown";

const WIDTH = 512; // points across: two pixels a point on a screen
const QUIET_MS = 400;
const LAYER = "depth";

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
    if (view && there && isShown && meets(view, there)) timer = window.setTimeout(() => void load(view), QUIET_MS);
  });
  chart.follow(() => {
    look.value;
    draw();
  });
}

/** Whether a view sees some of an area; both may go over the date line. */
function meets([west, south, east, north]: BoundsDeg, there: BoundsDeg): boolean {
  if (south >= there[3] || north <= there[1]) return false;
  const right = east < west ? east + 360 : east;
  return [-360, 0, 360].some((turn) => west + turn < there[2] && right + turn > there[0]);
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
