/** What to look at first, in a few steps. Begins by itself in a demonstration, once; else from the menu. */

import "./tour.css";
import { computed, effect, signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Item } from "../api/client";
import { items } from "../state/alerts";
import { keep, kept } from "../state/shelf";
import { go, pathOf, view } from "../state/url";
import { heartbeat, pictureMs, speed, status } from "../state/watch";
import { showQueue } from "./layout";
import { placeOf, type Step, stepsOf } from "./tour_steps";

const KEY = "anchorwatch-tour";
const LOOK_MS = 200; // how often it is looked where the pointed-at stands now

/** Name of the step that is shown; null = no tour. */
const at = signal<Step["name"] | null>(null);
/** The alert that the tour speaks of stays the same, whatever comes meanwhile. */
const about = signal<string | null>(null);

/** The first alert about the ship of the demonstration; else the worst that is there. */
const first = computed<Item | null>(() => {
  const open = [...items.value.values()].filter(({ work }) => work.state !== "closed");
  const ship = status.value?.demo?.ship_mmsi;
  const hers = ship ? open.filter(({ alert }) => alert.vessel.mmsi === ship) : open;
  return hers.reduce<Item | null>((a, b) => (a && a.alert.raised <= b.alert.raised ? a : b), null);
});

const steps = computed(() =>
  stepsOf({
    item: (about.value && items.value.get(about.value)) || null,
    demo: status.value?.demo ?? null,
    pictureMs: pictureMs.value,
    speed: speed.value,
  }),
);

/** Begin the tour from its first step. */
export function startTour(): void {
  about.value = first.peek()?.alert.id ?? null;
  at.value = steps.peek()[0]?.name ?? null;
}

function endTour(): void {
  at.value = null;
  keep(KEY, "done");
}

let begun = kept(KEY) === "done";
effect(() => {
  if (begun || !status.value?.demo || !heartbeat.value) return;
  begun = true;
  startTour();
});
/** It was waited for: here it is. */
effect(() => {
  if (at.value !== "wait" || !first.value || !status.value?.demo) return;
  startTour();
});
/** Acknowledged: on to the next. */
effect(() => {
  if (at.value !== "do" || !about.value) return;
  if (items.value.get(about.value)?.work.state === "acknowledged" && !wasSeen) at.value = "map";
});
/** Opened by hand instead of by the button: on to the next. */
effect(() => {
  if (at.value !== "alert" || !about.value || wasOpen) return;
  if (isOpen(about.value)) at.value = "why";
});
let wasSeen = false;
let wasOpen = false;

const isOpen = (id: string): boolean => view.value.name === "alerts" && view.value.id === id;

/** What must stand open for a step to point at it. */
function prepare(name: Step["name"]): void {
  const id = about.peek();
  wasOpen = name === "alert" && id !== null && view.peek().name === "alerts" && view.peek().id === id;
  if (name === "alert") showQueue(true);
  wasSeen = Boolean(id && items.peek().get(id)?.work.state !== "new");
  if ((name === "why" || name === "do") && id && view.peek().id !== id) go(pathOf("alerts", id));
}

function move(by: 1 | -1): void {
  const all = steps.peek();
  const next = all[all.findIndex(({ name }) => name === at.peek()) + by];
  if (!next) endTour();
  else at.value = next.name;
}

export const Tour = () => {
  const n = steps.value.findIndex(({ name }) => name === at.value);
  const step = steps.value[n];
  if (!step) return null;
  return <Card key={step.name} step={step} n={n} of={steps.value.length} />;
};

const Card = ({ step, n, of }: { step: Step; n: number; of: number }) => {
  const card = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const target = useTarget(step.at);
  useEffect(() => {
    prepare(step.name);
    head.current?.focus();
  }, [step.name]);
  const [spot, setSpot] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    const { offsetWidth: width, offsetHeight: height } = card.current!;
    const next = placeOf(target, { width, height }, { width: innerWidth, height: innerHeight });
    if (next.left !== spot.left || next.top !== spot.top) setSpot(next);
  });
  const last = n === of - 1;
  return (
    <>
      <div
        class="tour-ring"
        style={inPx({ ...target, width: target.right - target.left, height: target.bottom - target.top })}
      />
      <div
        class="tour"
        ref={card}
        role="dialog"
        aria-labelledby="tour-title"
        aria-describedby="tour-text"
        style={inPx(spot)}
        onKeyDown={keyed}
      >
        <h2 id="tour-title" ref={head} tabIndex={-1}>
          <bdi>{step.title}</bdi> <small class="quiet">{`${n + 1} of ${of}`}</small>
        </h2>
        <div id="tour-text">
          {step.text.map((text) => (
            <p key={text}>
              <bdi>{text}</bdi>
            </p>
          ))}
        </div>
        <div class="tour-buttons">
          <button type="button" onClick={endTour}>
            {last ? "Close" : "Skip the tour"}
          </button>
          {n > 0 && (
            <button type="button" onClick={() => move(-1)}>
              Back
            </button>
          )}
          <button type="button" class="first" onClick={() => move(1)}>
            {last ? "Done" : step.name === "wait" ? "Meanwhile: the map" : step.name === "alert" ? "Open it" : "Next"}
          </button>
        </div>
      </div>
    </>
  );
};

/** Styles as Preact takes them; right and bottom would be measured from the other side. */
function inPx(box: Record<string, number>): Record<string, string> {
  const all = Object.entries(box).filter(([name]) => name !== "right" && name !== "bottom");
  return Object.fromEntries(all.map(([name, px]) => [name, `${px}px`]));
}

function keyed(key: KeyboardEvent): void {
  if (key.key === "Escape") endTour();
  else if (key.key === "ArrowRight") move(1);
  else if (key.key === "ArrowLeft") move(-1);
  else return;
  key.preventDefault();
  key.stopPropagation();
}

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where the first of these selectors is on the screen, as it moves. */
function useTarget(selectors: readonly string[]): Box {
  const [box, setBox] = useState<Box>(() => boxOf(selectors));
  useEffect(() => {
    let shown: Element | null = null;
    const look = () => {
      const first = document.querySelector(selectors[0] ?? "");
      if (first && first !== shown) first.scrollIntoView({ block: "nearest" });
      shown = first;
      const now = boxOf(selectors);
      setBox((old) => (same(old, now) ? old : now));
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [selectors.join()]);
  return box;
}

function boxOf(selectors: readonly string[]): Box {
  for (const selector of selectors) {
    const rect = document.querySelector(selector)?.getBoundingClientRect();
    if (rect?.width && rect.top < innerHeight && rect.bottom > 0)
      return {
        left: Math.max(2, rect.left),
        top: Math.max(2, rect.top),
        right: Math.min(innerWidth - 2, rect.right),
        bottom: Math.min(innerHeight - 2, rect.bottom),
      };
  }
  return { left: innerWidth / 2, top: innerHeight / 3, right: innerWidth / 2, bottom: innerHeight / 3 };
}

const same = (a: Box, b: Box): boolean =>
  a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
