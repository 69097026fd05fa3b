/** What there is room for: the queue makes way for what was opened where the screen is narrow. */

import { computed, effect, signal } from "@preact/signals";
import { view } from "../state/url";
import { shownMs } from "../time/shown";

const NARROW = matchMedia("(max-width: 1100px)"); // as in frame.css
const narrow = signal(NARROW.matches);
NARROW.addEventListener("change", (change) => {
  narrow.value = change.matches;
});

const ALONE = ["assets", "zones", "feeds", "search", "reports", "stories", "ledgers", "incidents", "brief"];
/** Tables and things side by side take more room: the queue makes way for them, too, unless the screen is very wide. */
const ROOMY = matchMedia("(min-width: 1700px)"); // as in frame.css
const roomy = signal(ROOMY.matches);
ROOMY.addEventListener("change", (change) => {
  roomy.value = change.matches;
});
export const isWide = computed(() => {
  const { name, id } = view.value;
  return (["ledgers", "stories"].includes(name) && id !== "") || name === "brief";
});
const makesWay = computed(() => narrow.value || (isWide.value && !roomy.value));

/** Something stands open beside the map. */
export const isOpened = computed(() => {
  const { name, id } = view.value;
  return ["alerts", "vessels"].includes(name) ? id !== "" : ALONE.includes(name);
});
/** The view for which the person asked to show or hide the queue; elsewhere the room decides. */
const asked = signal<{ shown: boolean; view: string } | null>(null);
const viewKey = computed(() => (makesWay.value ? `${view.value.name}/${view.value.id}` : "wide"));

export const queueShown = computed(() =>
  asked.value?.view === viewKey.value ? asked.value.shown : !makesWay.value || !isOpened.value,
);

export const showQueue = (shown: boolean): void => {
  asked.value = { shown, view: viewKey.value };
};

/** Put the focus into a part of the page: the first thing in it that takes it. */
export function skipTo(part: string): void {
  if (part === ".queue") showQueue(true);
  requestAnimationFrame(() => {
    const box = document.querySelector<HTMLElement>(part);
    const first = box?.querySelector<HTMLElement>("h2[tabindex], canvas, a[href], button, input, [tabindex]");
    (first ?? box)?.focus();
  });
}

/** Tell the style sheet. */
export function keepLayout(): void {
  effect(() => {
    const { dataset } = document.documentElement;
    dataset.queue = queueShown.value ? "shown" : "hidden";
    dataset.opened = String(isOpened.value);
    dataset.wide = String(isWide.value);
    dataset.shown = shownMs.value === null ? "now" : "earlier";
  });
}
