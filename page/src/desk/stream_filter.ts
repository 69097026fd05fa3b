/** Which reports the stream shows; written in the URL, so that a view can be sent. Words of its own: the queue has others. */

import type { ReportQuery } from "./ask";
import { EVENT_TYPES, LEDGER_NAMES } from "./desk_words";

export const SPANS = ["1d", "7d", "30d", "365d"] as const;
export type SpanAsked = (typeof SPANS)[number];
/** The words of the address that belong to the stream. */
export const OWN_WORDS = ["ledger", "event", "about", "find", "since", "whole"] as const;

export interface StreamFilter {
  ledger: string;
  event: string;
  /** Id of an asset. */
  about: string;
  text: string;
  since: SpanAsked | "";
  /** Also what was found to be of no relevance. */
  whole: boolean;
}

const MOST = 100; // of what is typed
const DAY_MS = 86_400_000;

/** Read from the query of the URL; what makes no sense there is left out. */
export function filterOf(query: URLSearchParams): StreamFilter {
  const ledger = query.get("ledger") ?? "";
  const event = query.get("event") ?? "";
  return {
    ledger: LEDGER_NAMES.includes(ledger) ? ledger : "",
    event: EVENT_TYPES.includes(event) ? event : "",
    about: (query.get("about") ?? "").slice(0, 2 * MOST),
    text: (query.get("find") ?? "").slice(0, MOST),
    since: SPANS.find((span) => span === query.get("since")) ?? "",
    whole: query.get("whole") === "1",
  };
}

export const isAny = (filter: StreamFilter): boolean =>
  Boolean(filter.ledger || filter.event || filter.about || filter.text || filter.since || filter.whole);

/** How many choices are made, besides words that are typed. */
export const chosenIn = ({ ledger, event, since, whole }: StreamFilter): number =>
  [ledger, event, since, whole].filter(Boolean).length;

/** What the watch is asked. `nowMs`: time of the picture. */
export function askedOf(filter: StreamFilter, nowMs: number): ReportQuery {
  const asked: ReportQuery = {};
  if (filter.ledger) asked.ledger = filter.ledger as NonNullable<ReportQuery["ledger"]>;
  if (filter.event) asked.type = filter.event;
  if (filter.about) asked.asset = filter.about;
  if (filter.text.trim()) asked.q = filter.text.trim();
  if (filter.since) asked.since = sinceOf(filter.since, nowMs);
  if (!filter.whole) asked.relevant = true;
  return asked;
}

/** To the hour, so that a view that is drawn again asks for the same. */
export function sinceOf(span: SpanAsked, nowMs: number): string {
  const hourMs = Math.floor(nowMs / 3_600_000) * 3_600_000;
  return new Date(hourMs - Number.parseInt(span, 10) * DAY_MS).toISOString().replace(/\.\d+Z$/, "Z");
}
