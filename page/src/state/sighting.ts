/** Keeps the live picture of what the map shows: the stream of vessels into columns, and how long that takes. */

import { effect } from "@preact/signals";
import { type Sight, VesselStream } from "../api/vessel_stream";
import { Afloat } from "./afloat";
import { inView, live, names, toldMs, vesselsLost } from "./picture";
import { tickMs } from "./watch";

const EVERY_S = 1;
const EVERY_HIDDEN_S = 30; // nobody looks: enough to keep the connection and the titles alive
const MOST_NAMES = 5000; // kept; the oldest are asked for again when they are wanted
const LEAP_MS = 10_000; // timers stood still for so long: the tab slept
const KEPT = 600; // timings

/** Main-thread milliseconds of the last updates: from the bytes to the drawn map. For tests and measurements. */
export interface Timing {
  decodeMs: number;
  mergeMs: number;
  /** To write the columns as the graphics card reads them. */
  markMs: number;
  /** Of the first frame with them. */
  drawMs: number;
  wholeMs: number;
  vessels: number;
}
export const timings: Timing[] = [];

/** The map has drawn: of the newest update, the first time after it. */
export function drawn(ms: number): void {
  const last = timings.at(-1);
  if (!last || isDrawn) return;
  isDrawn = true;
  last.drawMs = ms;
  last.wholeMs += ms;
}
let isDrawn = true;

const afloat = new Afloat();
const asked = new Set<number>();
let sight: Omit<Sight, "every_s"> | null = null;
let version = 0;

export const rowOf = (mmsi: number): number | undefined => afloat.rowOf(mmsi);

const stream = new VesselStream({
  message(message, startedMs) {
    const decodedMs = performance.now();
    afloat.take(message);
    const mergedMs = performance.now();
    toldMs.value = tickMs.peek();
    vesselsLost.value = "";
    inView.value = message.inView;
    const timing = { decodeMs: decodedMs - startedMs, mergeMs: mergedMs - decodedMs, markMs: 0, drawMs: 0 };
    timings.push({ ...timing, wholeMs: mergedMs - startedMs, vessels: afloat.columns.count });
    isDrawn = false;
    live.value = { columns: afloat.columns, version: ++version }; // the map takes them in here
    const last = timings.at(-1)!;
    last.markMs = performance.now() - mergedMs - last.drawMs;
    last.wholeMs += last.markMs;
    if (timings.length > KEPT) timings.shift();
  },
  names(said) {
    const next = new Map(names.peek());
    for (const [mmsi, name] of Object.entries(said)) {
      asked.delete(Number(mmsi));
      next.delete(Number(mmsi));
      next.set(Number(mmsi), name);
    }
    for (const mmsi of next.keys()) {
      if (next.size <= MOST_NAMES) break;
      next.delete(mmsi);
    }
    names.value = next;
  },
  lost(why) {
    asked.clear();
    vesselsLost.value = why || "the stream of vessels was cut";
  },
});

/** Follow this part of the sea from now on. */
export function lookAt(view: Sight["view"], zoom: number): void {
  sight = { view, zoom };
  look();
}

function look(): void {
  if (sight) stream.look({ ...sight, every_s: document.hidden ? EVERY_HIDDEN_S : EVERY_S });
}

/** Ask what vessels call themselves; the answer comes into `names`. */
export function askNames(mmsis: Iterable<number>): void {
  const wanted = [...mmsis].filter((mmsi) => !names.peek().has(mmsi) && !asked.has(mmsi));
  if (wanted.length && stream.askNames(wanted)) for (const mmsi of wanted) asked.add(mmsi);
}

document.addEventListener("visibilitychange", look);
addEventListener("online", () => stream.connect());

let tickedMs = Date.now();
effect(() => {
  tickMs.value;
  const now = Date.now();
  if (now - tickedMs > LEAP_MS && sight && !document.hidden) stream.connect();
  tickedMs = now;
});
