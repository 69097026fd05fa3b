/** What an officer has looked at: by alert the revision, kept on this machine for each person. */

import { effect, signal } from "@preact/signals";
import type { Item } from "../api/client";
import { onNews } from "./alerts";
import { keep, kept } from "./shelf";
import { me } from "./work";

const MOST = 10_000; // some 300 kB; the oldest are forgotten
const SAVE_MS = 300;

type Reviewed = ReadonlyMap<string, number>;
export const reviewed = signal<Reviewed>(new Map());

let saving: ReturnType<typeof setTimeout> | undefined;

export const isUnread = ({ alert }: Item): boolean => reviewed.value.get(alert.id) !== alert.revision;
/** Looked at once, but it has changed since. */
export const hasChanged = (item: Item): boolean => isUnread(item) && reviewed.value.has(item.alert.id);

/** Mark alerts as looked at, or as not. */
export function review(items: readonly Item[], asRead = true): void {
  const next = new Map(reviewed.peek());
  for (const { alert } of items) {
    next.delete(alert.id);
    if (asRead) next.set(alert.id, alert.revision);
  }
  for (const id of [...next.keys()].slice(0, Math.max(0, next.size - MOST))) next.delete(id);
  reviewed.value = next;
  clearTimeout(saving);
  saving = setTimeout(save, SAVE_MS);
}

/** All of them read: make them unread. Else make them read. */
export function turn(items: readonly Item[]): void {
  review(items, items.some(isUnread));
}

const nameOf = (person: string): string => `anchorwatch-reviewed/${encodeURIComponent(person)}`;

function save(): void {
  saving = undefined;
  keep(nameOf(me.peek()), JSON.stringify([...reviewed.peek()]));
}

/** Read what was kept; anything else than pairs of an id and a number is left out. */
export function readReviewed(text: string | null): Reviewed {
  try {
    const pairs = JSON.parse(text ?? "[]") as unknown[];
    return new Map(pairs.filter((p): p is [string, number] => Array.isArray(p) && typeof p[1] === "number"));
  } catch {
    return new Map();
  }
}

effect(() => {
  if (me.value) reviewed.value = readReviewed(kept(nameOf(me.value)));
});
addEventListener("storage", ({ key, newValue }) => {
  if (key === nameOf(me.peek())) reviewed.value = readReviewed(newValue);
});
addEventListener("pagehide", () => {
  if (saving !== undefined) save();
});
// Who acts has looked.
onNews((news) => {
  const own = news.filter(({ event }) => event.actor === me.peek()).map(({ item }) => item);
  if (own.length) review(own);
});
