import { computed } from "@preact/signals";
import type { Item, Level } from "../api/client";
import { items, loading } from "../state/alerts";
import { place } from "../state/url";
import { countOf, LEVELS, SHAPE } from "../words";

export interface Count {
  open: number;
  fresh: number;
}

/** How many alerts are open by level, and how many of them nobody has acknowledged. Silenced ones are not counted. */
export function countsOf(all: Iterable<Item>): Record<Level, Count> {
  const counts = { alarm: { open: 0, fresh: 0 }, warning: { open: 0, fresh: 0 }, caution: { open: 0, fresh: 0 } };
  for (const { alert, work, silenced } of all) {
    if (work.state === "closed" || silenced) continue;
    counts[alert.level].open += 1;
    if (work.state === "new") counts[alert.level].fresh += 1;
  }
  return counts;
}

export const counts = computed(() => countsOf(items.value.values()));

/** Links to the queue, filtered by level; filled while somebody has to look. */
export const Counts = () => (
  <nav class="counts" aria-label="Open alerts by level">
    {LEVELS.map((level) => {
      const { open, fresh } = counts.value[level];
      const chosen = place.value.query.get("level") === level;
      const known = loading.value === null;
      const words = known
        ? `${open} ${level}${open === 1 ? "" : "s"}, ${fresh} not acknowledged`
        : `? ${level}s: not loaded`;
      return (
        <a
          key={level}
          class={`button count ${level} ${fresh && known ? "fresh" : ""}`}
          href={hrefOfLevel(level, chosen)}
          aria-current={chosen ? "true" : undefined}
          aria-label={chosen ? `${words}. Show all levels` : words}
          title={words}
        >
          <span aria-hidden="true">{SHAPE[level]}</span> {known ? countOf(open) : "?"}
        </a>
      );
    })}
  </nav>
);

function hrefOfLevel(level: Level, chosen: boolean): string {
  const query = new URLSearchParams(place.value.query);
  if (chosen) query.delete("level");
  else query.set("level", level);
  const text = query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%2F/g, "/");
  return place.value.path + (text ? `?${text}` : "");
}
