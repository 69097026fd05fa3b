/** What an empty installation says: what to connect. Later it is there as /welcome. */

import "../parts/page.css";
import "../welcome/welcome.css";
import { computed, effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { go, view } from "../state/url";
import { heartbeat, status } from "../state/watch";
import { Offers } from "../welcome/offers";
import { Receivers } from "../welcome/receivers";

/** Nothing is connected and nothing is replayed. null = not known yet. */
const isEmpty = computed<boolean | null>(() => {
  const beat = heartbeat.value;
  return beat && !beat.replay_of && beat.caught_up ? beat.feeds.length === 0 : null;
});
/** It opened by itself: it stays while feeds are switched on, until it is left. */
const opened = signal<"not yet" | "open" | "left">("not yet");
const isShown = computed(() => view.value.name === "welcome" || (opened.value === "open" && view.value.name === ""));

effect(() => {
  if (isEmpty.value && view.value.name === "" && opened.peek() === "not yet") opened.value = "open";
});

export const Welcome = () => (isShown.value ? <Opened /> : null);

const Opened = () => {
  const own = useRef<HTMLElement>(null);
  useEffect(() => covering(own.current), []);
  const feeds = heartbeat.value?.feeds ?? [];
  return (
    <main class="welcome" ref={own} aria-labelledby="welcome-title">
      <div class="welcome-body">
        <header>
          <h2 id="welcome-title" tabIndex={-1}>
            {isEmpty.value ? "Nothing is connected yet" : "What to connect"}
          </h2>
          <button type="button" class={feeds.length ? "first" : ""} onClick={leave}>
            {feeds.length || heartbeat.value?.replay_of ? "To the map" : "To the empty map"}
          </button>
        </header>
        <p>{lead(feeds.length)}</p>
        <Offers />
        <Receivers />
      </div>
    </main>
  );
};

function lead(count: number): string {
  if (heartbeat.value?.replay_of)
    return "This is a replay: it takes no feeds. Start a watch without one to connect them.";
  const many = status.value?.vessels ?? 0;
  if (!count)
    return "This watch guards what is on its chart, but it hears no vessel. Until a feed is connected no alert can be raised: an empty map is not a calm sea.";
  return `${count === 1 ? "One feed is" : `${count} feeds are`} connected, ${many} vessels are known.`;
}

function leave(): void {
  opened.value = "left";
  go("/");
}

/** What lies under it takes no keys, and screen readers pass it by. Returns how to give them back. */
function covering(own: HTMLElement | null): () => void {
  const under = [...(own?.parentElement?.children ?? [])].filter(
    (part): part is HTMLElement =>
      part instanceof HTMLElement && part !== own && part.matches(".queue, .map, .time, .panel"),
  );
  for (const part of under) part.inert = true;
  own?.querySelector<HTMLElement>("h2")?.focus();
  return () => {
    for (const part of under) part.inert = false;
  };
}
