/** The vessels that the map shows, as columns: live ones, or those of a replayed hour. */

import { computed, signal } from "@preact/signals";
import { tickMs } from "./watch";

/** Arrays of at least `count` values; NaN = not said. Read only outside of their source. */
export interface VesselColumns {
  count: number;
  /** Time of the picture, ms since 1970: dead reckoning goes on from here. */
  timeMs: number;
  mmsi: Uint32Array;
  lonDeg: Float64Array;
  latDeg: Float64Array;
  /** Seconds from the vessel's own report to `timeMs`. */
  ageS: Float32Array;
  sogKn: Float32Array;
  cogDeg: Float32Array;
  headingDeg: Float32Array;
  shipClass: Uint8Array;
  navStatus: Uint8Array;
  /** 0 none, 1 caution, 2 warning, 3 alarm. */
  level: Uint8Array;
  silenced: Uint8Array;
  lengthM: Float32Array;
  assetM: Float32Array;
}

/** The live picture; the arrays change in place, the number counts the changes. */
export const live = signal<{ columns: VesselColumns; version: number } | null>(null);
/** While an earlier time is shown: its vessels, instead of the live ones. null = live. */
export const replayed = signal<{ columns: VesselColumns; version: number } | null>(null);
/** Vessels there are in the view, also those that are not drawn. */
export const inView = signal(0);

/** When vessels were last told of, by this machine's clock; 0 = never. */
export const toldMs = signal(0);
/** Why no vessels come; "" = they come. */
export const vesselsLost = signal("");
/** The vessels on the map are not those of now: nothing came for 15 s, or the stream has broken. */
export const isOldPicture = computed(() => toldMs.value > 0 && tickMs.value - toldMs.value > 15_000);
/** Names that vessels gave themselves, of those that were asked for. */
export const names = signal<ReadonlyMap<number, string>>(new Map());
