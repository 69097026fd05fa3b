/** The timeline's slots as shapes and as words: pure. */

import type { Level, Schemas } from "../api/client";
import { countOf, LEVELS } from "../words";
import { type Window, xOf } from "./window";

export type Slot = Schemas["TimelineSlot"];

/** One path of all bars: one element, however many slots. Heights by the most that was ever in view of the bar. */
export function barsOf(slots: readonly Slot[], stepS: number, window: Window, widthPx: number, highPx: number): string {
  const most = slots.reduce((m, slot) => Math.max(m, slot.vessels ?? 0), 1);
  let d = "";
  for (const { time, vessels } of slots) {
    if (!vessels) continue;
    const ms = Date.parse(time);
    const left = Math.max(0, xOf(ms, window, widthPx));
    const right = Math.min(widthPx, xOf(ms + stepS * 1000, window, widthPx) - 0.5);
    if (right <= left) continue;
    const high = Math.max(1, (vessels / most) * highPx);
    d += `M${left.toFixed(1)} ${highPx}v${(-high).toFixed(1)}H${right.toFixed(1)}V${highPx}z`;
  }
  return d;
}

const SIZE = 7;

/** Marks of the alerts raised of a level: a square, a triangle or a dot, one for each slot that had some. */
export function marksOf(slots: readonly Slot[], level: Level, stepS: number, window: Window, widthPx: number): string {
  const y = LEVELS.indexOf(level) * (SIZE + 2) + 1;
  let d = "";
  for (const { time, raised } of slots) {
    if (!raised[level]) continue;
    const x = xOf(Date.parse(time) + stepS * 500, window, widthPx);
    if (x >= 0 && x <= widthPx) d += markOf(level, x, y);
  }
  return d;
}

function markOf(level: Level, x: number, y: number): string {
  const half = SIZE / 2;
  const left = (x - half).toFixed(1);
  if (level === "alarm") return `M${left} ${y}h${SIZE}v${SIZE}h-${SIZE}z`;
  if (level === "warning") return `M${x.toFixed(1)} ${y}l${half} ${SIZE}h-${SIZE}z`;
  return `M${left} ${y + half}a${half} ${half} 0 1 0 ${SIZE} 0a${half} ${half} 0 1 0 -${SIZE} 0z`;
}

/** Stretches in which a feed was silent, as [from, to] in pixels. */
export function silencesOf(slots: readonly Slot[], stepS: number, window: Window, widthPx: number): [number, number][] {
  const found: { fromMs: number; untilMs: number }[] = [];
  for (const { time, silent } of slots) {
    if (!silent.length) continue;
    const ms = Date.parse(time);
    const last = found.at(-1);
    if (last && last.untilMs >= ms) last.untilMs = ms + stepS * 1000;
    else found.push({ fromMs: ms, untilMs: ms + stepS * 1000 });
  }
  return found
    .map(({ fromMs, untilMs }): [number, number] => [
      Math.max(0, xOf(fromMs, window, widthPx)),
      Math.min(widthPx, xOf(untilMs, window, widthPx)),
    ])
    .filter(([from, to]) => to > from);
}

/** What a slot says, line by line. */
export function slotWords(slots: readonly Slot[], ms: number, stepS: number): string[] {
  const slot = slots.find(({ time }) => Date.parse(time) <= ms && ms < Date.parse(time) + stepS * 1000);
  if (!slot) return [];
  const lines = [slot.vessels === null ? "vessels not counted yet" : `${countOf(Math.round(slot.vessels))} vessels`];
  for (const level of LEVELS) {
    const n = slot.raised[level];
    if (n) lines.push(`${n} ${level}${n === 1 ? "" : "s"} raised`);
  }
  if (slot.silent.length) lines.push(`silent: ${slot.silent.slice(0, 4).join(", ")}`);
  return lines;
}
