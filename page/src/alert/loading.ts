/** One alert: from those the page knows, else asked for; and what changed of it since it was opened. */

import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, type Item, Trouble, told } from "../api/client";
import { type Asked, useAsked } from "../parts/asked";
import { items, put } from "../state/alerts";

export interface Opened {
  item: Item | null;
  /** The watch has no alert of this id. */
  missing: boolean;
  asked: Asked<Item | null>;
  /** As it was when this page was opened, or when the person said that they had read the change. */
  read: Item | null;
  readNow(): void;
}

export function useAlert(id: string): Opened {
  const known = useComputed(() => items.value.get(id) ?? null);
  const last = useRef<Item | null>(null);
  const item = known.value ?? last.current;
  last.current = item;
  const gone = known.value === null;
  // Asked for where the page does not know it: closed, old, or dropped when everything was loaded anew.
  const asked = useAsked((stop) => fetched(id, stop), gone ? id : "");
  const [read, setRead] = useState<Item | null>(null);
  useEffect(() => {
    if (item && !read) setRead(item);
  }, [item, read]);
  return {
    item,
    missing: gone && !item && asked.atMs > 0 && asked.data === null,
    asked,
    read,
    readNow: () => setRead(last.current),
  };
}

/** null = there is none. */
async function fetched(id: string, stop: AbortSignal): Promise<Item | null> {
  if (items.peek().has(id)) return null;
  try {
    const item = await told(api.GET("/api/v1/alerts/{alert_id}", { params: { path: { alert_id: id } }, signal: stop }));
    const newer = items.peek().get(id);
    if (!newer || newer.seq < item.seq) put([item]);
    return item;
  } catch (error) {
    // 422: no alert can have such an id.
    if (error instanceof Trouble && (error.status === 404 || error.status === 422)) return null;
    throw error;
  }
}
