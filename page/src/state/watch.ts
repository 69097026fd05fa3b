/** How the watch is, and whether this page still hears it. What is here must never look calmer than it is. */

import { computed, effect, signal } from "@preact/signals";
import { AlertStream, type Heartbeat, type ToldEvent } from "../api/alert_stream";
import { api, type Schemas, told } from "../api/client";
import { ClockCheck, type Leap, SteadyClock, speedOf } from "./steady_clock";

export type Contact = "connecting" | "live" | "lost";

const STALE_S = 15; // three heartbeats that did not come: docs/streams.md
const BLINK_S = 2.5; // a connection back within this shows no banner: nothing on the page can be older than that
const SLEPT_MS = 150_000; // browsers let timers of a hidden tab run once a minute; this is more
const ALONE_S = 7; // how far the time of the picture is counted on by itself: to the next heartbeat
const BEATS_KEPT = 4;
const STANDS_S = 9; // three heartbeats of one and the same time: what judges and sails on has stopped

const clock = new SteadyClock();
const clockCheck = new ClockCheck();

export const contact = signal<Contact>("connecting");
export const lostWhy = signal("");
/** When the connection was lost; null = it stands, or never stood. */
export const lostMs = signal<number | null>(null);
export const heartbeat = signal<Heartbeat | null>(null);
export const status = signal<Schemas["Status"] | null>(null);
/** A steady clock, each second: ages and staleness are counted from it. It is this machine's, but never goes back. */
export const tickMs = signal(clock.readMs());
/** When the watch was last heard, by the same clock. */
export const heardMs = signal(0);
/** Contact is lost, but questions are answered. */
export const answers = signal(false);
const beatMs = signal(0); // when the last heartbeat came; events in between say nothing of the time
/** The page stood still: the machine slept, or the browser put the tab away. null = it did not, or it was read. */
export const slept = signal<Leap | null>(null);
/** The watch was started anew, maybe with another store, while the page was open. null = it was not, or it was read. */
export const restartedMs = signal<number | null>(null);
/** This machine's clock less that of the watch, seconds; 0 = near enough, or a replay. */
export const clockOffS = signal(0);

type Heard = (event: ToldEvent) => void;
type Anew = () => void;
const hearers: Heard[] = [];
const starters: Anew[] = [];

/** Be told of every event of the history of alerts, and when everything must be loaded anew. */
export function onEvents(event: Heard, anew: Anew): void {
  hearers.push(event);
  starters.push(anew);
}

/** Data seconds a second: 1 live; of a replay as it was seen to run, null until that is known. */
export const replaySpeed = signal<number | null>(null);
export const speed = computed(() => (heartbeat.value?.replay_of ? (replaySpeed.value ?? 0) : 1));

/** Time of the picture now, ms since 1970: that of the last heartbeat, gone on since. null = not known. */
export const pictureMs = computed<number | null>(() => {
  const beat = heartbeat.value;
  if (!beat) return null;
  const sinceMs = isStale.value ? 0 : Math.min(Math.max(0, tickMs.value - beatMs.value), ALONE_S * 1000);
  return Date.parse(beat.time) + sinceMs * speed.value;
});

/** Seconds since anything was heard of the watch. */
export const unheardS = computed(() => (heardMs.value ? Math.max(0, tickMs.value - heardMs.value) / 1000 : 0));

const movedMs = signal(0); // when a heartbeat last brought another time
/** Seconds for which a live watch has told the same time of its picture: it hangs; 0 = it moves. */
export const standsS = computed(() => {
  const beat = heartbeat.value;
  const forS = (beatMs.value - movedMs.value) / 1000;
  return beat && !beat.replay_of && beat.caught_up && forS > STANDS_S ? forS : 0;
});

/** Nothing that is shown can be taken for how it is now. */
export const isStale = computed(() => {
  if (contact.value === "connecting" || !heartbeat.value || standsS.value) return true;
  const lostS = lostMs.value === null ? 0 : (tickMs.value - lostMs.value) / 1000;
  return lostS > BLINK_S || unheardS.value > STALE_S;
});

export type WatchState = "connecting" | "old" | "catching up" | "replay" | "live";

/** The one word for how the watch is. */
export const watchState = computed<WatchState>(() => {
  const beat = heartbeat.value;
  if (!beat) return contact.value === "lost" ? "old" : "connecting";
  if (isStale.value) return "old";
  if (!beat.caught_up) return "catching up";
  return beat.replay_of ? "replay" : "live";
});

const beats: { timeMs: number; heardMs: number; offMs: number }[] = [];
let leap: (Leap & { offMs: number | null }) | null = null;
let mustLoad = false;

const stream = new AlertStream({
  hello(_hello, fresh) {
    contact.value = "live";
    answers.value = false;
    lostWhy.value = "";
    lostMs.value = null;
    heardMs.value = clock.readMs();
    if (fresh || mustLoad) loadAnew();
    void refresh();
  },
  event(event) {
    heardMs.value = clock.readMs();
    for (const heard of hearers) heard(event);
  },
  heartbeat: hearBeat,
  lost(why) {
    lostWhy.value = why;
    if (contact.value === "lost") return;
    contact.value = "lost";
    lostMs.value = clock.readMs();
    void refresh(); // a session that is over closes the stream, too: the answer leads to the login
  },
});

function loadAnew(): void {
  mustLoad = false;
  beats.length = 0;
  for (const anew of starters) anew();
}

function hearBeat(beat: Heartbeat): void {
  const nowMs = clock.readMs();
  const timeMs = Date.parse(beat.time);
  wakeUp(beat, timeMs);
  if (beat.time !== heartbeat.peek()?.time || !movedMs.peek()) movedMs.value = nowMs;
  const isTold = !beat.replay_of && beat.caught_up && movedMs.peek() === nowMs; // else it is no time of a clock
  if (isTold) clockOffS.value = clockCheck.heard((Date.now() - timeMs) / 1000);
  else if (beat.replay_of || !beat.caught_up) clockOffS.value = 0;
  beats.push({ timeMs, heardMs: nowMs, offMs: Date.now() - timeMs });
  if (beats.length > BEATS_KEPT) beats.shift();
  if (beat.replay_of) replaySpeed.value = speedOf(beats) ?? replaySpeed.peek();
  heartbeat.value = beat;
  beatMs.value = nowMs;
  heardMs.value = nowMs;
  tickMs.value = nowMs;
  contact.value = "live";
}

/** The first heartbeat after a leap of the clock says whether the page slept or the clock was only set. */
function wakeUp(beat: Heartbeat, timeMs: number): void {
  if (!leap) return;
  const offMs = Date.now() - timeMs;
  const wasSet = !beat.replay_of && leap.offMs !== null && offMs - leap.offMs > (leap.toMs - leap.fromMs) / 2;
  if (!wasSet) slept.value = { fromMs: leap.fromMs, toMs: leap.toMs };
  leap = null;
}

async function refresh(): Promise<void> {
  const before = status.peek();
  const now = await told(api.GET("/api/v1/status")).catch(() => null);
  answers.value = now !== null && contact.peek() === "lost";
  if (!now) return;
  status.value = now;
  if (answers.peek() && isStale.peek()) loadAnew(); // no stream: each half minute is better than nothing
  if (!before || before.started === now.started) return;
  // Its numbers of events may be those of another store: what was loaded from the one before is worth nothing.
  restartedMs.value = clock.readMs();
  loadAnew();
}

function tick(): void {
  const beforeMs = tickMs.peek();
  const nowMs = clock.readMs();
  tickMs.value = nowMs;
  // Timers of a hidden tab run once a minute and messages still come: only where none came did the page stand still.
  if (nowMs - Math.max(beforeMs, heardMs.peek()) < SLEPT_MS) return;
  leap ??= { fromMs: Math.max(beforeMs, heardMs.peek()), toMs: nowMs, offMs: beats.at(-1)?.offMs ?? null };
  mustLoad = true;
  stream.connect();
}

/** Begin to listen; called once. */
export function keepListening(): void {
  stream.connect();
  setInterval(tick, 1000);
  setInterval(() => void refresh(), 30_000);
  for (const name of ["online", "pageshow", "resume"]) addEventListener(name, () => again());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") tick();
  });
  effect(() => {
    const { dataset } = document.documentElement;
    dataset.contact = isStale.value ? "stale" : "live";
    if (heartbeat.value) dataset.heard = "";
  });
}

/** Connect now where the connection is gone or doubtful, instead of at the next turn. */
export function again(): void {
  if (contact.peek() === "lost" || unheardS.peek() > STALE_S) stream.connect();
}
