/** Alerts as they stood at an earlier time: pure but for the list that it reads. */

import type { Item, Level } from "../api/client";
import { items } from "../state/alerts";
import { NUMBER_OF } from "../words";

// An alert ends with the last place that showed the behaviour; the next place comes minutes later.
const LASTS_MS = 30 * 60_000;

/** The level that an alert had then; null = it was not raised yet, was withdrawn, or was over. */
export function levelThen({ alert }: Item, ms: number): Level | null {
  if (Date.parse(alert.raised) > ms) return null;
  if (alert.status !== "open" && Date.parse(alert.end) + LASTS_MS < ms) return null;
  const line = linesOf(alert.extra?.levels).findLast(({ at }) => Date.parse(at) <= ms);
  if (!line) return alert.status === "withdrawn" ? null : alert.level;
  return isLevel(line.level) ? line.level : null;
}

/** As what it was shown from when on: what our own judgement writes into its alerts (judgement/judge.py). */
function linesOf(said: unknown): { level: string; at: string }[] {
  if (!Array.isArray(said)) return [];
  return said.filter((line) => typeof line?.level === "string" && typeof line?.at === "string");
}

const isLevel = (word: string): word is Level => Object.hasOwn(NUMBER_OF, word);

/** The alert as it stood then, with the work of today; null = it was none then. */
export function asThen(item: Item, ms: number): Item | null {
  const level = levelThen(item, ms);
  if (!level) return null;
  const status = Date.parse(item.alert.end) < ms ? item.alert.status : "open";
  return { ...item, alert: { ...item.alert, level, status: status === "withdrawn" ? "open" : status } };
}

export function levelsOf(all: Iterable<Item>, ms: number): Map<number, number> {
  const levels = new Map<number, number>();
  for (const item of all) {
    const level = levelThen(item, ms);
    const { mmsi } = item.alert.vessel;
    if (level) levels.set(mmsi, Math.max(levels.get(mmsi) ?? 0, NUMBER_OF[level]));
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
