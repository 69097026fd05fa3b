/** The map itself: opened once, in an element of the page; it follows the signals of the page and writes the address. */

import { landUrl } from "virtual:land";
import { effect, type Signal, signal } from "@preact/signals";
import type { GeoJSON } from "geojson";
import {
  type ExpressionSpecification,
  type GeoJSONSource,
  Map as GlMap,
  type LngLatBounds,
  prewarm,
  setWorkerUrl,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import { look } from "../look/look";
import { lookAt, timings } from "../state/sighting";
import { ask, place } from "../state/url";
import { cameraOf, FURTHEST, textOf } from "./address";
import { type BoundsDeg, type Camera, shownBounds, wanted } from "./camera";
import { Card } from "./card";
import { assets } from "./charted";
import { Fleet } from "./fleet/fleet";
import { layers, type SourceName, style } from "./paint";
import { hidden, isKindShown } from "./shown";

setWorkerUrl(workerUrl);
prewarm(); // the worker is read while the map waits for the card

type PaintName = Parameters<GlMap["setPaintProperty"]>[1];

/** Where the map looks when nothing says where: the Baltic and the North Sea. */
const HOME: Camera = { lonDeg: 15, latDeg: 59, zoom: 4.2 };
const QUIET_MS = 250; // after the last step of a move: the address and the view of the stream follow
const REFINE_MS = 1000; // after the first picture, which is on rough land
const TILE_STEP = 1; // this map counts zoom by tiles of 512 pixels, the stream by 256

export class Chart {
  readonly map: GlMap;
  readonly fleet: Fleet;
  /** Counts the moves, for what must follow the map (scale, names). */
  readonly moved: Signal<number> = signal(0);
  readonly #ends: (() => void)[] = [];
  readonly #card: Card;
  #quiet = 0;
  #refine = 0;
  #written = "";

  constructor(container: HTMLElement) {
    const camera = cameraOf(place.peek().query.get("map")) ?? HOME;
    this.isPlaced = place.peek().query.has("map") || wanted.peek() !== null;
    this.map = new GlMap({
      container,
      style: style(),
      center: [camera.lonDeg, camera.latDeg],
      zoom: camera.zoom,
      minZoom: FURTHEST,
      maxPitch: 0,
      dragRotate: false,
      pitchWithRotate: false,
      attributionControl: false,
      locale: { "Map.Title": "Sea chart. Arrow keys move it, plus and minus zoom. The lists hold all that is on it." },
      fadeDuration: 0,
      validateStyle: false,
      refreshExpiredTiles: false,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.#card = new Card(this.map);
    this.fleet = new Fleet(this.map, this.#card);
    this.map.on("error", ({ error }) => console.warn("map:", error.message));
    this.map.once("style.load", () => this.#begin());
    window.anchorwatch = { map: this.map, timings };
  }

  /** The address says where to look, or a page: then the assets must not move the map. */
  isPlaced = false;

  put(name: SourceName, data: GeoJSON | string): void {
    this.map.getSource<GeoJSONSource>(name)?.setData(data);
  }

  /** Do again whenever a signal changes that it reads, until the map is gone. */
  follow(run: () => void): void {
    this.#ends.push(effect(run));
  }

  close(): void {
    for (const end of this.#ends) end();
    clearTimeout(this.#quiet);
    clearTimeout(this.#refine);
    this.fleet.close();
    this.#card.close();
    this.map.remove();
    shownBounds.value = null;
  }

  #begin(): void {
    this.map.addLayer(this.fleet.layer, "dots");
    this.map.once("idle", () => {
      this.#refine = window.setTimeout(() => this.put("land", new URL(landUrl, location.origin).href), REFINE_MS);
    });
    this.map.on("move", () => this.#settleSoon());
    this.map.on("movestart", ({ originalEvent }) => {
      if (originalEvent) this.isPlaced = true;
    });
    this.map.on("resize", () => this.#settleSoon());
    this.#settle();
    this.follow(() => this.#repaint());
    this.follow(() => this.#hide());
    this.follow(() => this.#obey());
    this.follow(() => this.#readAddress());
  }

  #repaint(): void {
    look.value;
    for (const layer of layers())
      for (const [name, value] of Object.entries(layer.paint ?? {}))
        this.map.setPaintProperty(layer.id, name as PaintName, value);
  }

  #hide(): void {
    const without = hidden.value;
    const kinds = [...new Set(assets.value.map(({ properties }) => String(properties?.kind)))];
    const shown: ExpressionSpecification = [
      "in",
      ["get", "kind"],
      ["literal", kinds.filter((k) => isKindShown(k, without))],
    ];
    for (const layer of layers()) {
      if (!("source" in layer)) continue;
      if (layer.source === "assets")
        this.map.setFilter(
          layer.id,
          "filter" in layer ? ["all", layer.filter as ExpressionSpecification, shown] : shown,
        );
      if (layer.source === "zones")
        this.map.setLayoutProperty(layer.id, "visibility", without.has("zones") ? "none" : "visible");
    }
  }

  #obey(): void {
    const asked = wanted.value;
    if (!asked) return;
    this.isPlaced = true;
    if (asked.camera) this.#fly(asked.camera);
    else if (asked.fit) this.#fit(asked.fit);
    queueMicrotask(() => {
      if (wanted.peek() === asked) wanted.value = null;
    });
  }

  #fly({ lonDeg, latDeg, zoom }: Camera): void {
    if (![lonDeg, latDeg, zoom].every(Number.isFinite)) return;
    this.map.easeTo({ center: [lonDeg, latDeg], zoom, duration: 400 });
  }

  #fit([west, south, east, north]: BoundsDeg): void {
    if (![west, south, east, north].every(Number.isFinite)) return;
    const over = east < west ? east + 360 : east; // across the date line
    this.map.fitBounds([west, south, over, north], { padding: 48, maxZoom: 12, duration: 400 });
  }

  /** Going back in the history of the browser, or a link, moves the map. */
  #readAddress(): void {
    const text = place.value.query.get("map");
    const camera = cameraOf(text);
    if (!camera || text === this.#written) return;
    this.#written = text ?? "";
    this.map.jumpTo({ center: [camera.lonDeg, camera.latDeg], zoom: camera.zoom });
  }

  #settleSoon(): void {
    clearTimeout(this.#quiet);
    this.#quiet = window.setTimeout(() => this.#settle(), QUIET_MS);
  }

  #settle(): void {
    const bounds = boundsOf(this.map.getBounds());
    shownBounds.value = bounds;
    lookAt(bounds, Math.min(24, this.map.getZoom() + TILE_STEP));
    const { lng, lat } = this.map.getCenter();
    this.#written = textOf({ lonDeg: lng, latDeg: lat, zoom: this.map.getZoom() });
    if (place.peek().query.get("map") !== this.#written) ask({ map: this.#written });
    this.moved.value++;
  }
}

/** Bounds that the API takes: within the world, west greater than east across the date line. */
export function boundsOf(bounds: LngLatBounds): BoundsDeg {
  const [west, east] = [bounds.getWest(), bounds.getEast()];
  const [south, north] = [Math.max(-90, bounds.getSouth()), Math.min(90, bounds.getNorth())];
  if (east - west >= 360) return [-180, south, 180, north];
  const within = (lon: number): number => ((((lon + 180) % 360) + 360) % 360) - 180;
  return [within(west), south, within(east), north];
}

declare global {
  interface Window {
    anchorwatch: { map: GlMap; timings: typeof timings };
  }
}
