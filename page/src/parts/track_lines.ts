/** A track as lines for the map: bold where it matters, dashed where nothing was heard. */

import type { BoundsDeg } from "../map/camera";
import type { OverlayLine } from "../map/overlay";
import type { Span } from "./scales";

export type LonLat = [number, number];

export interface TrackPlaces {
  timesMs: readonly number[];
  lonLatDeg: readonly LonLat[];
  gaps: readonly Span[];
}

/** `bold`: the part that matters; null = all of it. */
export function linesOf({ timesMs, lonLatDeg, gaps }: TrackPlaces, bold: Span | null): OverlayLine[] {
  const lines: OverlayLine[] = [];
  let before = "";
  for (let i = 1; i < timesMs.length; i++) {
    const [from, to] = [lonLatDeg[i - 1], lonLatDeg[i]];
    if (!from || !to) continue;
    const step = { fromMs: timesMs[i - 1] ?? 0, untilMs: timesMs[i] ?? 0 };
    const kind = gaps.some((gap) => touch(gap, step)) ? "silent" : !bold || touch(bold, step) ? "bold" : "thin";
    if (kind !== before) lines.push(lineOf(kind, from));
    before = kind;
    lines.at(-1)?.lonLatDeg.push(to);
  }
  return lines;
}

const touch = (a: Span, b: Span): boolean => a.fromMs < b.untilMs && a.untilMs > b.fromMs;

function lineOf(kind: string, first: LonLat): OverlayLine {
  const line = { lonLatDeg: [first], token: "map-track" };
  if (kind === "silent") return { ...line, widthPx: 1.5, dashed: true };
  return { ...line, widthPx: kind === "bold" ? 4 : 1.5 };
}

const MARGIN_DEG = 0.03; // 2 nm: a vessel that lies still is not looked at from the masthead

/** What the map must show for all places to be seen; null of none. East may lie beyond 180 where they cross it. */
export function boundsOf(places: readonly LonLat[]): BoundsDeg | null {
  const [first] = places;
  if (!first) return null;
  let [west, south, east, north] = [first[0], first[1], first[0], first[1]];
  for (const [lon, lat] of places) {
    const near = lon + (lon - first[0] > 180 ? -360 : lon - first[0] < -180 ? 360 : 0);
    west = Math.min(west, near);
    east = Math.max(east, near);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return [west - MARGIN_DEG, Math.max(-89, south - MARGIN_DEG), east + MARGIN_DEG, Math.min(89, north + MARGIN_DEG)];
}
