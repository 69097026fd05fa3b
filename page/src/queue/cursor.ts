/** The row on which the officer stands: keys act on it, and on no alert that is not to be seen. */

import { effect, signal } from "@preact/signals";
import type { Item } from "../api/client";
import { items } from "../state/alerts";
import { go, pathOf, view } from "../state/url";
import { rows, touch } from "./rows";
import { chooseTo, selected } from "./selection";

// Who leafs through the queue with an alert open beside it: only the one he stops at is opened.
const OPEN_AFTER_MS = 180;

export const cursor = signal<string | null>(null);
/** Counts how often the focus was asked onto the row of the cursor. */
export const focusAsked = signal(0);
/** The alert that this officer closed last, where it is still open beside the queue. */
export const justClosed = signal<string | null>(null);

let opening: ReturnType<typeof setTimeout> | undefined;

const openId = (): string | null => (view.peek().name === "alerts" && view.peek().id) || null;

export function openAlert(id: string): void {
  clearTimeout(opening);
  cursor.value = id;
  if (openId() !== id) go(pathOf("alerts", id));
}

/** One row on or back; an alert that is open follows. */
export function move(step: number, choosing = false): void {
  touch();
  const list = rows.peek();
  const at = cursor.peek() === null ? -1 : list.indexOf(cursor.peek()!);
  const to = at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(0, at + step), list.length - 1);
  const id = list[to];
  if (id === undefined) return;
  if (choosing) {
    if (!selected.peek().size && at >= 0) chooseTo(list, list[at]!);
    chooseTo(list, id);
  }
  stand(id);
}

/** Stand on a row, with the focus on it. */
export function stand(id: string): void {
  cursor.value = id;
  focusAsked.value += 1;
  clearTimeout(opening);
  if (openId()) opening = setTimeout(() => openAlert(id), OPEN_AFTER_MS);
}

/** The next alert after `id` in the queue that is not closed; from the top where there is none below. */
export function nextOpen(list: readonly string[], id: string): string | null {
  const at = list.indexOf(id);
  const order = [...list.slice(at + 1), ...list.slice(0, Math.max(0, at))];
  return order.find((other) => other !== id && isOpen(items.peek().get(other))) ?? null;
}

const isOpen = (item: Item | undefined): boolean => item !== undefined && item.work.state !== "closed";

/** What a key is about: those chosen, else the row stood on or the alert that is open. Never one that is not shown. */
export function target(): string[] {
  if (selected.peek().size) return [...selected.peek()];
  const id = cursor.peek();
  return id !== null && (rows.peek().includes(id) || openId() === id) ? [id] : [];
}

let listed: readonly string[] = [];
/** The row with the focus goes: the one that takes its place gets it. */
effect(() => {
  const at = listed.indexOf(cursor.peek() ?? "");
  listed = rows.value;
  const box = document.activeElement?.closest<HTMLElement>(".queue .rows");
  if (at < 0 || !box || listed.includes(cursor.peek()!)) return;
  const next = listed[Math.min(at, listed.length - 1)];
  next === undefined ? box.focus() : stand(next);
});

effect(() => {
  const { name, id } = view.value;
  if (name === "alerts" && id) cursor.value = id;
  else justClosed.value = null;
});
