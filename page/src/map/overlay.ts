/** What a page lays over the map while it is open: tracks, marks, cells. The map draws them, whoever laid them. */

import { signal } from "@preact/signals";

export interface OverlayLine {
  lonLatDeg: [number, number][];
  /** Token of the palette: "map-track", "alarm", ... */
  token: string;
  widthPx?: number;
  dashed?: boolean;
}

export interface OverlayMark {
  lonDeg: number;
  latDeg: number;
  label: string;
  token: string;
  shape: "ring" | "cross" | "dot" | "hexagon";
  /** Id of what a press opens. */
  incident?: string;
}

export interface OverlayCell {
  westDeg: number;
  southDeg: number;
  eastDeg: number;
  northDeg: number;
  /** 0 to 1: how strongly it is drawn. */
  weight: number;
  token: string;
}

export interface Overlay {
  lines?: OverlayLine[];
  marks?: OverlayMark[];
  cells?: OverlayCell[];
}

export const overlays = signal<ReadonlyMap<string, Overlay>>(new Map());

/** Lay something over the map under a name of your own; null takes it away. */
export function lay(name: string, overlay: Overlay | null): void {
  const next = new Map(overlays.peek());
  if (overlay) next.set(name, overlay);
  else next.delete(name);
  overlays.value = next;
}
