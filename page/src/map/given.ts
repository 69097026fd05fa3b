/** What the watch was given beside assets and zones: charts of the user, depths. */

import { computed, signal } from "@preact/signals";
import { api, type Schemas, told } from "../api/client";
import type { BoundsDeg } from "./camera";

export type TileSet = Schemas["TileSet"];

export const tileSets = signal<readonly TileSet[]>([]);
/** Where there are depths; null = nowhere. */
export const depthBounds = signal<BoundsDeg | null>(null);
/** Who made the user's charts. */
export const credits = computed(() => [...new Set(tileSets.value.map((set) => set.attribution).filter(Boolean))]);

const AGAIN_MS = 10_000;

/** Load the list; again until it comes. Returns how to stop that. */
export function loadGiven(): () => void {
  let timer = 0;
  const load = async (): Promise<void> => {
    try {
      const { tiles, depth } = await told(api.GET("/api/v1/tiles"));
      tileSets.value = tiles;
      depthBounds.value = depth as BoundsDeg | null;
    } catch {
      timer = window.setTimeout(() => void load(), AGAIN_MS); // the assets say that the watch cannot be reached
    }
  };
  void load();
  return () => clearTimeout(timer);
}
