/** The rows of the queue: which alerts, in which order, and when the order may change. */

import { computed, effect, signal } from "@preact/signals";
import type { Item, Level } from "../api/client";
import { isWhole } from "../state/alerts";
import { isUnread } from "../state/reviewed";
import { place } from "../state/url";
import { tickMs } from "../state/watch";
import { me } from "../state/work";
import { shown, thenMs } from "../time/stood";
import { asked } from "./dialogs/asked";
import { type Filter, filterOf, fitsButLevel, fitsLevel, queryOf } from "./filter";
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
  // What was closed since was open then.
  const wholeTime = thenMs.value !== null && filter.value.state === "open";
  const asks: Filter = wholeTime ? { ...filter.value, state: "any" } : filter.value;
  return [...shown.value.values()].filter((item) => fitsButLevel(asks, item, officer));
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
  shownKey = `${filterKey.peek()} ${thenMs.peek()}`;
  if (!areSame(rows.peek(), wanted.peek())) rows.value = wanted.peek();
}

effect(() => {
  const isLeft = tickMs.value - touchedMs > STILL_MS && !asked.value && !selected.value.size;
  // The pages of the first load come below, and are not new; of closed ones the next page, too; at an earlier time nobody works.
  const still = isLeft || !isWhole.value || filter.value.state === "closed" || thenMs.value !== null;
  const isOther = shownKey !== `${filterKey.value} ${thenMs.value}`;
  if (wanted.value && (still || isOther || !rows.peek().length)) slotIn();
});
