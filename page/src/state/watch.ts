/** How the watch is, and whether this page still hears it. What is here must never look calmer than it is. */

import { computed, effect, signal } from "@preact/signals";
import { AlertStream, type Heartbeat, type ToldEvent } from "../api/alert_stream";
import { api, type Schemas, told } from "../api/client";

export type Contact = "connecting" | "live" | "lost";

export const contact = signal<Contact>("connecting");
export const lostWhy = signal("");
export const heartbeat = signal<Heartbeat | null>(null);
export const status = signal<Schemas["Status"] | null>(null);
/** This machine's clock, each second: ages and staleness are counted from it. */
export const tickMs = signal(Date.now());
/** When the last heartbeat came, by this machine's clock. */
export const heardMs = signal(0);

type Heard = (event: ToldEvent) => void;
type Anew = () => void;
const hearers: Heard[] = [];
const starters: Anew[] = [];

/** Be told of every event of the history of alerts, and when everything must be loaded anew. */
export function onEvents(event: Heard, anew: Anew): void {
  hearers.push(event);
  starters.push(anew);
}

/** Time of the picture now, ms since 1970: that of the last heartbeat, gone on since. null = not known. */
export const pictureMs = computed<number | null>(() => {
  const beat = heartbeat.value;
  if (!beat) return null;
  const since = Math.min(Math.max(0, tickMs.value - heardMs.value), 15_000);
  return Date.parse(beat.time) + since * speed.value;
});

/** Data seconds a second: 1 live; of a replay as it was seen to run. */
export const speed = signal(1);

/** Seconds since anything was heard of the watch; beyond 15 the picture is old. */
export const unheardS = computed(() => (heardMs.value ? (tickMs.value - heardMs.value) / 1000 : 0));
export const isStale = computed(() => contact.value !== "live" || unheardS.value > 15);

const stream = new AlertStream({
  hello(_hello, fresh) {
    contact.value = "live";
    lostWhy.value = "";
    heardMs.value = Date.now();
    if (fresh) for (const anew of starters) anew();
    void refresh();
  },
  event(event) {
    heardMs.value = Date.now();
    for (const heard of hearers) heard(event);
  },
  heartbeat(beat) {
    learnSpeed(beat);
    heartbeat.value = beat;
    heardMs.value = Date.now();
    contact.value = "live";
  },
  lost(why) {
    contact.value = "lost";
    lostWhy.value = why;
  },
});

function learnSpeed(beat: Heartbeat): void {
  const before = heartbeat.peek();
  const wallMs = Date.now() - heardMs.peek();
  if (!beat.replay_of || !before || wallMs < 1000) {
    speed.value = beat.replay_of ? speed.peek() : 1;
    return;
  }
  speed.value = Math.max(0, (Date.parse(beat.time) - Date.parse(before.time)) / wallMs);
}

async function refresh(): Promise<void> {
  status.value = await told(api.GET("/api/v1/status")).catch(() => status.peek());
}

/** Begin to listen; called once. */
export function keepListening(): void {
  stream.connect();
  setInterval(() => {
    const now = Date.now();
    // A tab that slept, or a machine: timers stood still, the sockets are dead without knowing it.
    if (now - tickMs.peek() > 10_000) stream.connect();
    tickMs.value = now;
  }, 1000);
  setInterval(() => void refresh(), 30_000);
  addEventListener("online", () => stream.connect());
  effect(() => {
    document.documentElement.dataset.contact = isStale.value ? "stale" : "live";
  });
}
