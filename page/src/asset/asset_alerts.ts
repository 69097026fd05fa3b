/** The alerts that name an asset, worst first, and how many of each level there are. */

import type { Item, Level } from "../api/client";
import { LEVELS } from "../words";

export interface Load {
  counts: Record<Level, number>;
  total: number;
  worst: Level | null;
}

const rank = (level: Level): number => LEVELS.indexOf(level);

/** Open alerts that name an asset: the worst, then the newest first. */
export function openOf(items: Iterable<Item>, assetId: string): Item[] {
  const found = [...items].filter(
    (item) => item.work.state !== "closed" && item.alert.assets.some((asset) => asset.id === assetId),
  );
  return found.sort((a, b) => rank(a.alert.level) - rank(b.alert.level) || (a.alert.raised < b.alert.raised ? 1 : -1));
}

/** What lies open on each asset, by its id; assets without open alerts are not in it. */
export function loads(items: Iterable<Item>): Map<string, Load> {
  const found = new Map<string, Load>();
  for (const { alert, work } of items) {
    if (work.state === "closed") continue;
    for (const id of new Set(alert.assets.map((asset) => asset.id))) {
      const load = found.get(id) ?? { counts: { alarm: 0, warning: 0, caution: 0 }, total: 0, worst: null };
      load.counts[alert.level] += 1;
      load.total += 1;
      if (!load.worst || rank(alert.level) < rank(load.worst)) load.worst = alert.level;
      found.set(id, load);
    }
  }
  return found;
}

/** Order of the list: worst level, then how many, then by name. */
export function worstFirst(a: Named, b: Named): number {
  const level = (load: Load | undefined): number => (load?.worst ? rank(load.worst) : LEVELS.length);
  return (
    level(a.load) - level(b.load) || (b.load?.total ?? 0) - (a.load?.total ?? 0) || a.name.localeCompare(b.name, "en")
  );
}

interface Named {
  name: string;
  load: Load | undefined;
}
