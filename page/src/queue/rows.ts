/** The rows of the queue: which alerts, in which order, and when the order may change. */

import { computed, effect, signal } from "@preact/signals";
import type { Item, Level } from "../api/client";
import { items } from "../state/alerts";
import { isUnread } from "../state/reviewed";
import { place } from "../state/url";
import { tickMs } from "../state/watch";
import { me } from "../state/work";
import { asked } from "./dialogs/asked";
import { filterOf, fitsButLevel, fitsLevel, queryOf } from "./filter";
import { areSame, freshOf, lastClosedFirst, worstFirst } from "./order";
import { selected } from "./selection";

// So long nobody has touched the queue: rows may move.
const STILL_MS = 8000;

// The search page has a `q` of its own.
const asksHere = computed(() => {
  const query = new URLSearchParams(place.value.query);
  if (place.value.path.startsWith("/search")) query.delete("q");
  return query;
});
export const filter = computed(() => filterOf(asksHere.value));
export const filterKey = computed(() => JSON.stringify(queryOf(filter.value)));
export const isFiltered = computed(() => Object.values(queryOf(filter.value)).some((value) => value !== null));

const officer = { name: "", isUnread };
const fitting = computed<Item[]>(() => {
  officer.name = me.value;
  return [...items.value.values()].filter((item) => fitsButLevel(filter.value, item, officer));
});

/** How many there are of each level, whatever levels are asked for. */
export const counts = computed(() => {
  const found: Record<Level, number> = { alarm: 0, warning: 0, caution: 0 };
  for (const { alert } of fitting.value) found[alert.level] += 1;
  return found;
});

/** As the order would be now. */
const wanted = computed(() => {
  const order = filter.value.state === "closed" ? lastClosedFirst : worstFirst;
  const found = fitting.value.filter((item) => fitsLevel(filter.value, item));
  return found.sort(order).map(({ alert }) => alert.id);
});

/** As it is shown: it changes only when asked for, or when nobody has touched the queue for a while. */
export const rows = signal<readonly string[]>([]);
export const fresh = computed(() => freshOf(rows.value, wanted.value));

let touchedMs = 0;
let shownKey = "";

/** Somebody works in the queue: rows stay where they are. */
export const touch = (): void => {
  touchedMs = tickMs.peek();
};

/** Let the new ones in, and those go that are no longer asked for. */
export function slotIn(): void {
  shownKey = filterKey.peek();
  if (!areSame(rows.peek(), wanted.peek())) rows.value = wanted.peek();
}

effect(() => {
  const isLeft = tickMs.value - touchedMs > STILL_MS && !asked.value && !selected.value.size;
  const still = isLeft || filter.value.state === "closed"; // the next page comes below
  const isOther = filterKey.value !== shownKey;
  if (wanted.value && (still || isOther || !rows.peek().length)) slotIn();
});
