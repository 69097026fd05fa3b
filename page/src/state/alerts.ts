/** The alerts that this page knows, kept up to date by the stream. */

import { signal } from "@preact/signals";
import type { ToldEvent } from "../api/alert_stream";
import { api, type Item, told, wordsOf } from "../api/client";
import { onEvents } from "./watch";

const FIRST_PAGE = 100; // a screenful and more, soon
const PAGE = 500;
const MOST_OPEN = 20_000; // some 80 MB; nobody works through more
const MOST_CLOSED = 10_000; // closed ones kept besides: those that were looked at last
const AGAIN_MS = 3000;
const GATHER_MS = 40; // what the stream says at once is shown at once

/** By id: all open alerts, and those closed that were looked at or closed since the page was opened. */
export const items = signal<ReadonlyMap<string, Item>>(new Map());
/** null = loaded; words = why not. */
export const loading = signal<string | null>("Loading the alerts ...");
/** true: there are more open alerts than the page holds. */
export const isPartial = signal(false);
/** false: the first pages are here, the rest is on its way. */
export const isWhole = signal(false);

/** Something that was just said about an alert; `before` is null where it was not known. */
export interface News {
  event: ToldEvent;
  item: Item;
  before: Item | null;
}
/** The last word of each alert that was heard while this page is open, newest last; bounded. */
export const lastWords = signal<ReadonlyMap<string, News>>(new Map());

type Heard = (news: readonly News[]) => void;
const hearers: Heard[] = [];
/** Be told of what is new about alerts, some at a time. */
export const onNews = (heard: Heard): void => void hearers.push(heard);

let gathered: ToldEvent[] = [];
let isGathering = false;
let loadingSince: Map<string, Item> | null = null;
let round = 0;
/** Counts the stores that this page has seen: another one makes everything that was loaded void. */
export const stores = signal(0);

export function hear(event: ToldEvent): void {
  gathered.push(event);
  if (isGathering) return;
  isGathering = true;
  setTimeout(takeIn, GATHER_MS);
}

function takeIn(): void {
  const events = gathered;
  gathered = [];
  isGathering = false;
  const latest = new Map<string, Item>();
  const news: News[] = [];
  for (const event of events) {
    const { alert_id: id, alert, work, silenced, seq } = event;
    if (!id || !alert || !work) continue;
    const before = latest.get(id) ?? items.peek().get(id) ?? null;
    const item = { alert, work, silenced, seq };
    if (!before || before.seq <= seq) latest.set(id, item);
    news.push({ event, item, before });
  }
  if (!news.length) return;
  put([...latest.values()]);
  lastWords.value = newest(lastWords.peek(), news);
  for (const heard of hearers) heard(news);
}

/** Take in alerts as the API gave them; what is older than what is known changes nothing. */
export function put(fresh: readonly Item[]): void {
  const next = new Map(items.peek());
  for (const item of fresh) {
    const known = next.get(item.alert.id);
    if (known && known.seq > item.seq) continue;
    if (item.work.state === "closed") next.delete(item.alert.id); // the last looked at is the last forgotten
    next.set(item.alert.id, item);
    loadingSince?.set(item.alert.id, item);
  }
  items.value = withoutOldClosed(next);
}

export async function loadOpen(): Promise<void> {
  round += 1;
  const mine = round;
  loadingSince = new Map(stores.peek() ? [] : items.peek());
  stores.value += 1;
  try {
    const found = new Map<string, Item>();
    let after: string | undefined;
    do {
      const limit = after ? PAGE : FIRST_PAGE;
      const query = { state: ["open" as const], order: "level" as const, limit, ...(after ? { after } : {}) };
      const page = await told(api.GET("/api/v1/alerts", { params: { query } }));
      if (mine !== round) return;
      for (const item of page.alerts) found.set(item.alert.id, item);
      after = page.next ?? undefined;
      show(found, after ? [...items.peek().values()] : []);
      loading.value = null;
    } while (after && found.size < MOST_OPEN);
    isPartial.value = Boolean(after);
    isWhole.value = true;
    loadingSince = null;
  } catch (error) {
    if (mine !== round) return;
    loading.value = wordsOf(error);
    setTimeout(() => mine === round && void loadOpen(), AGAIN_MS);
  }
}

/** Show what was loaded, with what was heard meanwhile, and until all is loaded what was there before. */
function show(found: ReadonlyMap<string, Item>, rest: readonly Item[]): void {
  const next = new Map(found);
  for (const item of [...rest, ...(loadingSince?.values() ?? [])]) {
    const known = next.get(item.alert.id);
    if (!known || known.seq < item.seq) next.set(item.alert.id, item);
  }
  items.value = next;
}

function withoutOldClosed(all: Map<string, Item>): Map<string, Item> {
  const closed = [...all.values()].filter((item) => item.work.state === "closed");
  for (const item of closed.slice(0, Math.max(0, closed.length - MOST_CLOSED))) all.delete(item.alert.id);
  return all;
}

const MOST_WORDS = 500;

function newest(known: ReadonlyMap<string, News>, news: readonly News[]): ReadonlyMap<string, News> {
  const next = new Map(known);
  for (const one of news) {
    next.delete(one.item.alert.id);
    next.set(one.item.alert.id, one);
  }
  for (const id of [...next.keys()].slice(0, Math.max(0, next.size - MOST_WORDS))) next.delete(id);
  return next;
}

onEvents(hear, () => void loadOpen());
