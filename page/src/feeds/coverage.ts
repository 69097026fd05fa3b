/** Where the feeds hear: cells for the map, and which of them have fallen silent. */

import type { Schemas } from "../api/client";
import type { OverlayCell } from "../map/overlay";

export type Coverage = Schemas["CoverageCells"];
type Cell = Coverage["cells"][number];

export const HOURS = [1, 6, 24, 96] as const;
export type Hours = (typeof HOURS)[number];

const SLOT_S = 600; // the watch notes what it hears in slots of ten minutes
/** Heard in so much of the time before: traffic there is usual, and nothing of it now says something. */
const USUAL = 0.5;
/** Three slots, and the one that is not over yet. */
const SILENT_S = 4 * SLOT_S;
/** A cell with so many vessels in a slot is drawn with all its strength. */
const FULL = 30;

export interface Summary {
  heard: number;
  silent: number;
  /** Newest time of anything heard, ms; NaN = nothing. */
  lastMs: number;
}

/** Usually heard, but not lately: the receiver may be gone, or the sea empty. */
export function isSilent(cell: Cell, hours: number, nowMs: number): boolean {
  const agoS = (nowMs - Date.parse(cell.last)) / 1000;
  if (agoS < SILENT_S) return false;
  const slotsThen = Math.max(1, (3600 * hours - agoS) / SLOT_S);
  return slotsThen >= 3 && cell.slots / slotsThen >= USUAL;
}

/** Stronger where more vessels are heard, by their logarithm: one ship a slot is still seen. */
export const weightOf = (vessels: number): number =>
  Math.min(1, 0.25 + (0.75 * Math.log(Math.max(1, vessels))) / Math.log(FULL));

export const cellsOf = (coverage: Coverage, nowMs: number): OverlayCell[] =>
  coverage.cells.map((cell) => ({
    westDeg: cell.west_deg,
    southDeg: cell.south_deg,
    eastDeg: cell.west_deg + coverage.cell_lon_deg,
    northDeg: cell.south_deg + coverage.cell_lat_deg,
    weight: weightOf(cell.vessels),
    token: isSilent(cell, coverage.hours, nowMs) ? "warning" : "map-track",
  }));

export function summaryOf(coverage: Coverage, nowMs: number): Summary {
  return {
    heard: coverage.cells.length,
    silent: coverage.cells.filter((cell) => isSilent(cell, coverage.hours, nowMs)).length,
    lastMs: coverage.cells.reduce((last, cell) => Math.max(last, Date.parse(cell.last)), Number.NEGATIVE_INFINITY),
  };
}
