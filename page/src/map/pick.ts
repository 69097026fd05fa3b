/** What lies under a finger or a pointer: vessels first, then assets. A finger in a glove covers 44 pixels. */

import type { VesselColumns } from "../state/picture";
import { OLD_S, placeNow } from "./fleet/reckon";

export const REACH_PX = 22;
/** So near that no other vessel was meant. */
const ON_IT_PX = 12;
export const MOST_SHOWN = 12;

export interface Near {
  row: number;
  px: number;
}

/** Pixels of the map for a place. */
export type ToPixel = (lonDeg: number, latDeg: number) => { x: number; y: number };

/** Rows of the vessels within reach of a point, nearest first. */
export function vesselsNear(
  c: VesselColumns,
  sinceS: number,
  toPixel: ToPixel,
  x: number,
  y: number,
  reachPx = REACH_PX,
): Near[] {
  const found: Near[] = [];
  for (let row = 0; row < c.count; row++) {
    const [lon, lat] = placeNow(c, row, sinceS);
    const at = toPixel(lon, lat);
    const px = Math.hypot(at.x - x, at.y - y);
    if (px <= reachPx) found.push({ row, px });
  }
  return found.sort((a, b) => a.px - b.px);
}

/** The one vessel that was meant; null where that cannot be said. */
export function meant(near: readonly Near[]): Near | null {
  const [first, second] = near;
  if (!first) return null;
  if (!second) return first;
  return first.px <= ON_IT_PX && second.px > first.px + ON_IT_PX ? first : null;
}

/** Alerts first, then the nearest. */
export const byWeight = (c: VesselColumns) => (a: Near, b: Near) => c.level[b.row]! - c.level[a.row]! || a.px - b.px;

export const isOld = (ageS: number): boolean => ageS > OLD_S;

/** A quick projection for many places: north up, no tilt. */
export function projection(
  centre: { lng: number; lat: number },
  zoom: number,
  widthPx: number,
  heightPx: number,
): ToPixel {
  const world = 512 * 2 ** zoom;
  const y0 = mercator(centre.lat);
  return (lonDeg, latDeg) => {
    const east = ((((lonDeg - centre.lng + 180) % 360) + 360) % 360) - 180;
    return { x: widthPx / 2 + (east / 360) * world, y: heightPx / 2 + (mercator(latDeg) - y0) * world };
  };
}

function mercator(latDeg: number): number {
  const sine = Math.sin((Math.min(85, Math.max(-85, latDeg)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}
