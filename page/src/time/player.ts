/** Shows the hour again: asks for its places, plays them, and gives the map its columns. */

import { effect, signal, untracked } from "@preact/signals";
import { api, bytes, told, wordsOf } from "../api/client";
import { type BoundsDeg, shownBounds } from "../map/camera";
import { items, put } from "../state/alerts";
import { replayed } from "../state/picture";
import { pictureMs } from "../state/watch";
import { stampOf } from "../words";
import { placesOf } from "./awrp";
import { Hour } from "./hour";
import { levelsAt } from "./levels";
import { backToNow, playing, shownMs, showTime } from "./shown";

const HOUR_MS = 3_600_000;
const OVER_MS = 300_000; // asked beyond the hour: between its last place and the next one she is not to stand still
const STANDS_MS = 12 * HOUR_MS; // few alerts stand for longer; those that are open are known anyway
const KEPT = 3;
const FRAME_MS = 33;
const AGAIN_MS = 2000;
const FULL_EVERY_S = 30;
const NEAR_EVERY_S = 10;
const NEAR_DEG = 1.5; // a view this narrow shows single ships: more places of fewer
const ROOM = 0.5; // asked around the view, in its own size: small moves of the map need no new question

interface Chunk {
  startMs: number;
  bounds: BoundsDeg | null;
  hour: Hour;
  /** It ends at what was now then. */
  cut: boolean;
  askedMs: number;
}

/** "" = the places are there; words = they are loaded, or why not. */
export const replayWords = signal("");

let chunks: Chunk[] = [];
let asking: number | null = null;
let version = 0;
let frameMs = 0;

/** Called once. */
export function keepReplay(): void {
  effect(() => {
    const ms = shownMs.value;
    void [shownBounds.value, items.value];
    untracked(() => (ms === null ? live() : draw(ms)));
  });
  effect(() => {
    if (playing.value) requestAnimationFrame(begin);
  });
}

function live(): void {
  replayed.value = null;
  replayWords.value = "";
  chunks = [];
}

function begin(nowMs: number): void {
  frameMs = nowMs;
  requestAnimationFrame(frame);
}

function frame(nowMs: number): void {
  const speed = playing.peek();
  const ms = shownMs.peek();
  if (!speed || ms === null) return;
  if (nowMs - frameMs >= FRAME_MS) {
    // A frame that took long, or a tab put away: time does not leap on.
    if (chunkOf(ms)) step(ms + Math.min(250, nowMs - frameMs) * speed);
    frameMs = nowMs;
  }
  requestAnimationFrame(frame);
}

function step(ms: number): void {
  const now = pictureMs.peek();
  if (now !== null && ms >= now) backToNow();
  else showTime(ms);
}

function draw(ms: number): void {
  const chunk = chunkOf(ms);
  if (!chunk || !fits(chunk) || (chunk.cut && ms > chunk.hour.places.untilMs)) void load(startOf(ms));
  else if (playing.peek() && ms - chunk.startMs > HOUR_MS / 2 && !has(chunk.startMs + HOUR_MS)) {
    if (chunk.startMs + HOUR_MS < (pictureMs.peek() ?? 0)) void load(chunk.startMs + HOUR_MS);
  }
  if (chunk) {
    replayed.value = { columns: chunk.hour.show(ms, levelsAt(ms)), version: ++version };
    if (asking === null) replayWords.value = "";
  } else {
    replayed.value = { columns: NOTHING.show(ms, new Map()), version: ++version };
  }
}

const NOTHING = new Hour(placesOf(empty()));

function empty(): ArrayBuffer {
  const head = new DataView(new ArrayBuffer(40));
  head.setUint32(0, 0x50525741, true);
  head.setUint8(4, 1);
  head.setUint16(6, 40, true);
  return head.buffer;
}

const startOf = (ms: number): number => Math.floor(ms / HOUR_MS) * HOUR_MS;
const chunkOf = (ms: number): Chunk | undefined => chunks.find((chunk) => chunk.startMs === startOf(ms));
const has = (startMs: number): boolean => chunks.some((chunk) => chunk.startMs === startMs);

/** Whether what was asked covers the view. */
function fits({ bounds }: Chunk): boolean {
  const view = shownBounds.peek();
  if (!view || !bounds) return !bounds;
  return view[0] >= bounds[0] && view[1] >= bounds[1] && view[2] <= bounds[2] && view[3] <= bounds[3];
}

async function load(startMs: number): Promise<void> {
  if (asking !== null) return;
  asking = startMs;
  if (!has(startMs)) replayWords.value = "Loading where the vessels were ...";
  const bounds = around(shownBounds.peek());
  const untilMs = Math.min(startMs + HOUR_MS + OVER_MS, pictureMs.peek() ?? Number.POSITIVE_INFINITY);
  try {
    const [body] = await Promise.all([bytes(addressOf(startMs, untilMs, bounds)), loadAlerts(startMs, untilMs)]);
    const cut = untilMs < startMs + HOUR_MS;
    const fresh = { startMs, bounds, hour: new Hour(placesOf(body)), cut, askedMs: performance.now() };
    chunks = [fresh, ...chunks.filter((chunk) => chunk.startMs !== startMs)].slice(0, KEPT);
    asking = null;
    replayWords.value = "";
  } catch (error) {
    replayWords.value = `${wordsOf(error)}. It is tried again.`.replace("..", ".");
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    asking = null;
  }
  const ms = shownMs.peek();
  if (ms !== null) draw(ms);
}

function addressOf(startMs: number, untilMs: number, bounds: BoundsDeg | null): string {
  const everyS = bounds && bounds[2] - bounds[0] < NEAR_DEG * 2 ? NEAR_EVERY_S : FULL_EVERY_S;
  const query = new URLSearchParams({ since: stampOf(startMs), until: stampOf(untilMs), every_s: String(everyS) });
  if (bounds) query.set("bbox", bounds.map((deg) => deg.toFixed(4)).join());
  return `/api/v1/replay?${query}`;
}

/** The view and room around it; null = everything, where that is most of the earth. */
function around(view: BoundsDeg | null): BoundsDeg | null {
  if (!view) return null;
  const [west, south, east, north] = view;
  const wide = (east - west) * ROOM;
  const high = (north - south) * ROOM;
  if (east - west + 2 * wide >= 180 || west - wide < -180 || east + wide > 180) return null;
  return [west - wide, Math.max(-90, south - high), east + wide, Math.min(90, north + high)];
}

/** Alerts of that time that the page does not know: also closed ones. */
async function loadAlerts(startMs: number, untilMs: number): Promise<void> {
  const query = { since: stampOf(startMs - STANDS_MS), until: stampOf(untilMs), limit: 500 };
  put((await told(api.GET("/api/v1/alerts", { params: { query } }))).alerts);
}
