/** In which order alerts stand, and how new ones come in without moving a row away under the finger. */

import type { Item } from "../api/client";
import { NUMBER_OF } from "../words";

/** The worst first, of these the newest; ids decide between equals, so that the order is always the same. */
export function worstFirst(a: Item, b: Item): number {
  return (
    NUMBER_OF[b.alert.level] - NUMBER_OF[a.alert.level] ||
    descending(Date.parse(a.alert.raised), Date.parse(b.alert.raised)) ||
    (a.alert.id < b.alert.id ? -1 : 1)
  );
}

/** Closed ones: the last that was closed first. */
export function lastClosedFirst(a: Item, b: Item): number {
  const at = ({ work }: Item): number => (work.changed ? Date.parse(work.changed) : 0);
  return descending(at(a), at(b)) || b.seq - a.seq;
}

const descending = (a: number, b: number): number => (a === b ? 0 : b - a);

/** Ids that are wanted and not shown yet, in their order. */
export function freshOf(shown: readonly string[], wanted: readonly string[]): string[] {
  const there = new Set(shown);
  return wanted.filter((id) => !there.has(id));
}

export const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, at) => id === b[at]);

/** Where the list must be scrolled to so that the row of `id` stays where it is on the screen. */
export function anchored(
  id: string | null,
  before: readonly string[],
  after: readonly string[],
  scrollPx: number,
  rowPx: number,
): number {
  const from = id === null ? -1 : before.indexOf(id);
  const to = id === null ? -1 : after.indexOf(id);
  return from < 0 || to < 0 ? scrollPx : Math.max(0, scrollPx + (to - from) * rowPx);
}

/** First and last row (not included) to draw, with some above and below. */
export function windowOf(
  scrollPx: number,
  heightPx: number,
  rowPx: number,
  count: number,
  spare = 6,
): [number, number] {
  const first = Math.max(0, Math.floor(scrollPx / rowPx) - spare);
  return [Math.min(first, count), Math.min(count, Math.ceil((scrollPx + heightPx) / rowPx) + spare)];
}
