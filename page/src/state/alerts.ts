/** The alerts that this page knows, kept up to date by the stream. */

import { signal } from "@preact/signals";
import type { ToldEvent } from "../api/alert_stream";
import { api, type Item, told, wordsOf } from "../api/client";
import { onEvents } from "./watch";

const PAGE = 500;

/** By id: all open alerts, and those closed that were looked at or closed since the page was opened. */
export const items = signal<ReadonlyMap<string, Item>>(new Map());
/** null = loaded; words = why not. */
export const loading = signal<string | null>("Loading the alerts ...");

export function hear(event: ToldEvent): void {
  const { alert_id: id, alert, work, silenced, seq } = event;
  if (!id || !alert || !work) return;
  const known = items.peek().get(id);
  if (known && known.seq >= seq) return;
  put([{ alert, work, silenced, seq }]);
}

/** Take in alerts as the API gave them. */
export function put(fresh: Item[]): void {
  const next = new Map(items.peek());
  for (const item of fresh) next.set(item.alert.id, item);
  items.value = next;
}

export async function loadOpen(): Promise<void> {
  try {
    let after: string | undefined;
    const found: Item[] = [];
    do {
      const query = { state: ["open" as const], limit: PAGE, ...(after ? { after } : {}) };
      const page = await told(api.GET("/api/v1/alerts", { params: { query } }));
      found.push(...page.alerts);
      after = page.next ?? undefined;
    } while (after && found.length < 20 * PAGE);
    items.value = new Map(found.map((item) => [item.alert.id, item]));
    loading.value = null;
  } catch (error) {
    loading.value = wordsOf(error);
  }
}

onEvents(hear, () => void loadOpen());
