/** What the time bar shows of the hours behind: vessels heard, alerts raised, feeds that were silent. */

import { computed, effect, signal } from "@preact/signals";
import { api, type Schemas, told, wordsOf } from "../api/client";
import { ask, place } from "../state/url";
import { heartbeat, onEvents, pictureMs } from "../state/watch";
import { stampOf } from "../words";
import { shownMs } from "./shown";
import { type SpanName, STEP_OF_S, spanMs, spanSaid, windowOf } from "./window";

type Timeline = Schemas["Timeline"];

const COUNTING_MS = 3000; // slots are still being counted: ask again soon
const FAILED_MS = 5000;
const FIRST_MS = 500; // the map and the alerts come first
const GATHER_MS = 1000; // at most one question a second, however fast a replay runs

export const span = computed<SpanName>(() => spanSaid(place.value.query.get("span")));
export const chooseSpan = (name: SpanName): void => ask({ span: name === "24h" ? null : name });

/** End of the window where it was moved away from now; null = it follows now. */
export const heldMs = signal<number | null>(null);

/** Now, in steps of a pixel or so: the bar is not drawn anew each second for nothing. */
const nowMs = computed(() => {
  const ms = pictureMs.value;
  if (ms === null) return null;
  const step = spanMs(span.value) / 1000;
  return Math.ceil(ms / step) * step;
});

/** Seconds are enough to decide which window is shown. */
const roughMs = computed(() => (shownMs.value === null ? null : Math.round(shownMs.value / 1000) * 1000));

export const bar = computed(() => {
  if (nowMs.value === null) return null;
  return windowOf(span.value, nowMs.value, roughMs.value, heldMs.value);
});

/** Keep the window where it is while a time in it is shown: it must not slide under the hand. */
effect(() => {
  const shown = bar.value;
  if (!shown || nowMs.value === null) return;
  const follows = shown.untilMs >= nowMs.value;
  heldMs.value =
    roughMs.value === null && follows ? null : shown.untilMs >= nowMs.value ? heldMs.peek() : shown.untilMs;
});

/** Move the window by half of it; it does not go beyond now. */
export function pan(direction: -1 | 1): void {
  const shown = bar.peek();
  const now = nowMs.peek();
  if (!shown || now === null) return;
  const end = shown.untilMs + (direction * spanMs(span.peek())) / 2;
  heldMs.value = end >= now ? null : end;
}

export const timeline = signal<Timeline | null>(null);
export const timelineTrouble = signal("");

let asking = false;
let retry: ReturnType<typeof setTimeout> | undefined;

interface Question {
  since: string;
  until: string;
  step_s: number;
}

/** One question at a time; when it is answered and the window has moved on, the next. */
async function load(query: Question): Promise<void> {
  clearTimeout(retry);
  if (asking) return;
  asking = true;
  let againMs = 0;
  try {
    const found = await told(api.GET("/api/v1/timeline", { params: { query } }));
    timeline.value = found;
    timelineTrouble.value = "";
    if (found.counting) againMs = COUNTING_MS;
  } catch (error) {
    timelineTrouble.value = wordsOf(error);
    againMs = FAILED_MS;
  }
  asking = false;
  const next = question();
  if (next && (next.since !== query.since || next.until !== query.until) && !againMs) againMs = GATHER_MS;
  if (againMs) retry = setTimeout(() => void (question() && load(question()!)), againMs);
}

/** By whole slots: asked again when the window has moved by one, something was raised, or a feed fell silent. */
const wanted = computed(() => {
  const shown = bar.value;
  if (!shown) return "";
  const slot = STEP_OF_S[span.value] * 1000;
  return `${Math.floor(shown.fromMs / slot) * slot},${Math.ceil(shown.untilMs / slot) * slot}`;
});
const health = computed(() => heartbeat.value?.feeds.map((feed) => `${feed.name} ${feed.healthy}`).join() ?? "");
const raised = signal(0);

function question(): Question | null {
  const [fromMs, untilMs] = wanted.peek().split(",").map(Number);
  if (!fromMs || !untilMs) return null;
  return { since: stampOf(fromMs), until: stampOf(untilMs), step_s: STEP_OF_S[span.peek()] };
}

/** Called once. */
export function keepTimeline(): void {
  effect(() => {
    void [wanted.value, health.value, raised.value];
    clearTimeout(retry);
    retry = setTimeout(() => void (question() && load(question()!)), timeline.peek() ? GATHER_MS : FIRST_MS);
  });
  const again = () => {
    raised.value++;
  };
  onEvents((event) => event.verb === "raised" && again(), again);
}
