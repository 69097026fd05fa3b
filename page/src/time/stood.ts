/** The alerts as they are, or as they stood at the earlier time that is shown. */

import { computed } from "@preact/signals";
import type { Item } from "../api/client";
import { items } from "../state/alerts";
import { asThen } from "./levels";
import { shownMs } from "./shown";

/** To the minute: a replay runs through many in a second. null = now. */
export const thenMs = computed(() => (shownMs.value === null ? null : Math.floor(shownMs.value / 60_000) * 60_000));

/** The alerts by id: as they are, or while an earlier time is shown, those that stood then. */
export const shown = computed<ReadonlyMap<string, Item>>(() => {
  const ms = thenMs.value;
  if (ms === null) return items.value;
  const stood = [...items.value.values()].map((item) => asThen(item, ms)).filter((item) => item !== null);
  return new Map(stood.map((item) => [item.alert.id, item]));
});
