/** Alerts as they stood at an earlier time: pure but for the list that it reads. */

import type { Item } from "../api/client";
import { items } from "../state/alerts";

const NUMBER = { caution: 1, warning: 2, alarm: 3 } as const;
// An alert ends with the last place that showed the behaviour; the next place comes minutes later.
const LASTS_MS = 30 * 60_000;

/** Whether an alert was raised by then and was not over yet. */
export function stoodAt({ alert }: Item, ms: number): boolean {
  if (alert.status === "withdrawn" || Date.parse(alert.raised) > ms) return false;
  return alert.status === "open" || Date.parse(alert.end) + LASTS_MS >= ms;
}

export function levelsOf(all: Iterable<Item>, ms: number): Map<number, number> {
  const levels = new Map<number, number>();
  for (const item of all) {
    if (!stoodAt(item, ms)) continue;
    const { mmsi } = item.alert.vessel;
    levels.set(mmsi, Math.max(levels.get(mmsi) ?? 0, NUMBER[item.alert.level]));
  }
  return levels;
}

let last: { minute: number; of: unknown; levels: Map<number, number> } | null = null;

/** Worst level of each vessel at a moment; counted anew each minute of it. */
export function levelsAt(ms: number): ReadonlyMap<number, number> {
  const minute = Math.floor(ms / 60_000);
  const of = items.peek();
  if (last?.minute !== minute || last.of !== of) last = { minute, of, levels: levelsOf(of.values(), ms) };
  return last.levels;
}
