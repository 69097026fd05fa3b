/** The vessels on the map: live or replayed columns into marks, drawn when they change or have moved by half a pixel. */

import { effect } from "@preact/signals";
import type { Map as GlMap } from "maplibre-gl";
import { look, rgb } from "../../look/look";
import { isOldPicture, live, replayed, type VesselColumns } from "../../state/picture";
import { drawn } from "../../state/sighting";
import { isStale, speed } from "../../state/watch";
import type { Card } from "../card";
import { chosen } from "../chosen";
import { FleetLayer, type Rgb } from "./fleet_layer";
import { Marks } from "./marks";

const TOKENS = ["map-vessel", "map-moored", "map-halo", "caution", "warning", "alarm", "accent"];
/** Seconds that the picture is carried on without news; then it stands still. */
const CARRIED_S = 15;
const OLD_FADE = 0.4;
// 30 kn: few are faster, and they jump by a pixel then.
const BRISK_M_S = 15;
const BUSY_MS = 30; // until it is tried again to draw
const FASTEST_FRAME_MS = 100;
const SLOWEST_FRAME_MS = 1000;
const METRES_A_PIXEL = 78_271.5; // at the equator, zoom 0, tiles of 512 pixels

export class Fleet {
  readonly layer: FleetLayer;
  readonly #marks = new Marks();
  readonly #ends: (() => void)[];
  #colours: Rgb[] = [];
  #columns: VesselColumns | null = null;
  #writtenMs = 0;
  #timer = 0;
  #soon = 0;

  constructor(
    private readonly map: GlMap,
    private readonly card: Card,
  ) {
    this.layer = new FleetLayer(this.#marks, () => ({
      sinceS: this.sinceS(),
      fade: this.#isOld() ? OLD_FADE : 1,
      colours: this.#colours,
    }));
    this.#ends = [effect(() => this.#paint()), effect(() => this.#take()), effect(() => this.#age())];
    this.#tick();
  }

  /** The columns that are drawn: live, or those of the hour that is replayed. */
  get columns(): VesselColumns | null {
    return this.#columns;
  }

  /** Seconds of the picture since the time of the columns. */
  sinceS(): number {
    if (replayed.peek()) return 0;
    const seconds = Math.min((performance.now() - this.#writtenMs) / 1000, CARRIED_S);
    return Math.max(0, seconds * speed.peek());
  }

  close(): void {
    for (const end of this.#ends) end();
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
  }

  #isOld(): boolean {
    return !replayed.peek() && (isStale.peek() || isOldPicture.peek());
  }

  #paint(): void {
    look.value;
    this.#colours = TOKENS.map(rgb);
    this.map.triggerRepaint();
  }

  #take(): void {
    const shown = replayed.value ?? live.value;
    const { vessels } = chosen.value;
    if (!shown) return;
    if (this.#columns !== shown.columns || shown.columns.timeMs !== this.#timeMs) this.#writtenMs = performance.now();
    this.#timeMs = shown.columns.timeMs;
    this.#columns = shown.columns;
    this.#marks.write(shown.columns, vessels);
    this.layer.changed();
    this.#draw();
  }
  #timeMs = 0;

  /**
   * Draw now, so that an update is one piece of work; but never before the card has finished the last frame.
   */
  #draw(): void {
    clearTimeout(this.#soon);
    if (document.hidden) return;
    if (!this.map.getLayer(this.layer.id) || this.card.isBusy()) {
      this.#soon = window.setTimeout(() => this.#draw(), BUSY_MS);
      return;
    }
    const begunMs = performance.now();
    this.map.redraw();
    drawn(performance.now() - begunMs);
  }

  #age(): void {
    isStale.value;
    isOldPicture.value;
    this.map.triggerRepaint();
  }

  #tick(): void {
    if (!document.hidden && this.#columns?.count && !replayed.peek() && !this.card.isBusy()) this.#draw();
    const metres = (METRES_A_PIXEL / 2 ** this.map.getZoom()) * Math.cos((this.map.getCenter().lat * Math.PI) / 180);
    const ms = (500 * metres) / (BRISK_M_S * Math.max(0.01, speed.peek()));
    this.#timer = window.setTimeout(() => this.#tick(), Math.min(SLOWEST_FRAME_MS, Math.max(FASTEST_FRAME_MS, ms)));
  }
}
