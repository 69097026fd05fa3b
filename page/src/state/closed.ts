/** Closed alerts, a page at a time: there may be years of them. */

import { effect, signal } from "@preact/signals";
import { api, told, wordsOf } from "../api/client";
import { type Filter, queryOf } from "../queue/filter";
import { put } from "./alerts";

const PAGE = 100;
const MOST = 9000; // below what the page keeps of closed ones (state/alerts.ts)

export interface ClosedPages {
  key: string;
  /** `after` of the next page; null = that was all. */
  next: string | null;
  count: number;
  busy: boolean;
  said: string;
}

const NONE: ClosedPages = { key: "", next: "", count: 0, busy: false, said: "" };
export const closed = signal<ClosedPages>(NONE);

/** Load the next page of closed alerts; nothing where there is none, or one is on its way. */
export async function more(filter: Filter): Promise<void> {
  const key = JSON.stringify(queryOf(filter));
  const known = closed.peek().key === key ? closed.peek() : { ...NONE, key };
  if (known.busy || known.next === null) return;
  if (known.count >= MOST) {
    closed.value = { ...known, next: null, said: `Only the last ${known.count} are shown. Narrow the filter.` };
    return;
  }
  closed.value = { ...known, busy: true, said: "Loading ..." };
  try {
    const page = await told(api.GET("/api/v1/alerts", { params: { query: asked(filter, known.next) } }));
    if (closed.peek().key !== key) return;
    put(page.alerts.toReversed()); // the newest is forgotten last
    const count = known.count + page.alerts.length;
    closed.value = { key, next: page.next, count, busy: false, said: "" };
  } catch (error) {
    if (closed.peek().key === key) closed.value = { ...known, said: `${wordsOf(error)} Scroll to ask again.` };
  }
}

function asked(filter: Filter, after: string) {
  return {
    state: ["closed" as const],
    order: "changed" as const,
    limit: PAGE,
    ...(after ? { after } : {}),
    ...(filter.levels.length ? { level: [...filter.levels] } : {}),
    ...(filter.kind ? { kind: [filter.kind] } : {}),
    ...(filter.mmsi === null ? {} : { mmsi: filter.mmsi }),
    ...(filter.asset ? { asset: filter.asset } : {}),
    ...(filter.text ? { q: filter.text } : {}),
  };
}

/** Begin with the first page whenever closed ones are asked for. */
export function followClosed(filter: { value: Filter }): () => void {
  return effect(() => {
    const asking = filter.value;
    if (asking.state === "closed") void more(asking);
    else closed.value = NONE;
  });
}
