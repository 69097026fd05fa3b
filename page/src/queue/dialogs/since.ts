/** What became different about an alert while a dialog about it was open. */

import type { Item } from "../../api/client";
import { standOf } from "../names";

/** In words what an officer would want to know before he goes on; empty = nothing. */
export function changesOf(before: Item, now: Item, by = ""): string[] {
  const found: string[] = [];
  if (now.alert.level !== before.alert.level) found.push(`it was ${before.alert.level} and is ${now.alert.level}`);
  if (now.alert.status !== before.alert.status) found.push(`it is ${now.alert.status}`);
  const named = (item: Item): string => item.alert.assets.map(({ id }) => id).join();
  if (named(now) !== named(before)) found.push("it names other assets");
  if (standOf(now) !== standOf(before)) found.push(`its state is ${standOf(now)}`);
  if (now.work.notes > before.work.notes) found.push("there is a new note");
  if (now.work.radio > before.work.radio) found.push("there is a new radio entry");
  return found.length && by && by !== "watch" ? [`${by} acted`, ...found] : found;
}
