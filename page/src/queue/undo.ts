/** One step back to the filter before; with none, to no filter. */

import { effect } from "@preact/signals";
import { ask } from "../state/url";
import { type Filter, NO_FILTER, queryOf } from "./filter";
import { filter, filterKey, isFiltered } from "./rows";

const MOST = 50;
const before: Filter[] = [];
let last: Filter | null = null;
let undoing = false;

effect(() => {
  void filterKey.value;
  const now = filter.peek();
  const isTyped = last !== null && queryOf(last).q !== queryOf(now).q; // letters of a search are one step
  if (last && !undoing && !isTyped) before.push(last);
  if (before.length > MOST) before.shift();
  last = now;
});

export function undoFilter(): void {
  const known = before.pop();
  undoing = true;
  if (known) ask(queryOf(known), "push");
  else if (isFiltered.peek()) ask(queryOf(NO_FILTER), "push");
  undoing = false;
}
